// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CONFORMANCE_OUTCOME_H_
#define SLUICE_TESTS_CONFORMANCE_OUTCOME_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"

namespace google {
namespace rpc {
class Status;
}  // namespace rpc
}  // namespace google
namespace grpc {
class Status;
}  // namespace grpc

namespace sluice {

// How a call ended, or what a publish stream answered for one request: the
// code, and what the google.rpc.Status beside it says.
struct Outcome {
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string message;
  std::string reason;                          // of the ErrorInfo
  std::string domain;                          // of the ErrorInfo
  std::vector<std::string> fields;             // of the BadRequest
  absl::optional<absl::Duration> retry_delay;  // of the RetryInfo
  std::string resource_type;                   // of the ResourceInfo
  std::string resource_name;                   // of the ResourceInfo

  bool ok() const { return code == absl::StatusCode::kOk; }
};

std::ostream& operator<<(std::ostream& out, const Outcome& outcome);

Outcome OutcomeOf(const google::rpc::Status& status);
// Also checks that the code in the details is the code of the call.
Outcome OutcomeOf(const grpc::Status& status);

// What the contract says about errors of each kind, for EXPECT_TRUE. Each
// checks the code, the reason, the domain, and the detail its code demands.
testing::AssertionResult IsOk(const Outcome& outcome);
// `field` is the path in the request; a stream's command may stand before it
// (`open.topic`).
testing::AssertionResult IsInvalid(const Outcome& outcome,
                                   const std::string& reason,
                                   const std::string& field);
testing::AssertionResult IsTopicNotFound(const Outcome& outcome,
                                         const std::string& topic);
// A channel's resource name is `topic/channel`.
testing::AssertionResult IsChannelNotFound(const Outcome& outcome,
                                           const std::string& topic,
                                           const std::string& channel);
// RESOURCE_EXHAUSTED or UNAVAILABLE: with a time to wait.
testing::AssertionResult IsRetryable(const Outcome& outcome,
                                     absl::StatusCode code,
                                     const std::string& reason);
// ALREADY_EXISTS and others without a detail of their own.
testing::AssertionResult IsError(const Outcome& outcome, absl::StatusCode code,
                                 const std::string& reason);
// UNIMPLEMENTED, with a message that names the field or method.
testing::AssertionResult IsUnimplemented(const Outcome& outcome,
                                         const std::string& name);

}  // namespace sluice

#endif  // SLUICE_TESTS_CONFORMANCE_OUTCOME_H_
