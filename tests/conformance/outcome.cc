// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/outcome.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace sluice {
namespace {

void ReadDetail(const google::protobuf::Any& detail, Outcome* outcome) {
  google::rpc::ErrorInfo error;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  google::rpc::ResourceInfo resource;
  if (detail.UnpackTo(&error)) {
    outcome->reason = error.reason();
    outcome->domain = error.domain();
  } else if (detail.UnpackTo(&bad_request)) {
    for (const auto& violation : bad_request.field_violations()) {
      outcome->fields.push_back(violation.field());
    }
  } else if (detail.UnpackTo(&retry)) {
    outcome->retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                           absl::Nanoseconds(retry.retry_delay().nanos());
  } else if (detail.UnpackTo(&resource)) {
    outcome->resource_type = resource.resource_type();
    outcome->resource_name = resource.resource_name();
  }
}

testing::AssertionResult Differs(const Outcome& outcome,
                                 const std::string& expected) {
  return testing::AssertionFailure()
         << "expected " << expected << ", got " << outcome;
}

bool Matches(const Outcome& outcome, absl::StatusCode code,
             const std::string& reason) {
  return outcome.code == code && outcome.reason == reason &&
         outcome.domain == "sluice" && !outcome.message.empty();
}

testing::AssertionResult IsNotFound(const Outcome& outcome,
                                    const std::string& reason,
                                    const std::string& type,
                                    const std::string& name) {
  if (Matches(outcome, absl::StatusCode::kNotFound, reason) &&
      outcome.resource_type == type && outcome.resource_name == name) {
    return testing::AssertionSuccess();
  }
  return Differs(outcome, absl::StrCat("NOT_FOUND ", reason, " for ", type,
                                       " '", name, "'"));
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  out << absl::StatusCodeToString(outcome.code) << " '" << outcome.message
      << "' reason=" << outcome.reason << " domain=" << outcome.domain
      << " fields=[" << absl::StrJoin(outcome.fields, ", ") << "]";
  if (outcome.retry_delay.has_value()) {
    out << " retry=" << absl::FormatDuration(*outcome.retry_delay);
  }
  return out << " resource=" << outcome.resource_type << "/"
             << outcome.resource_name;
}

Outcome OutcomeOf(const google::rpc::Status& status) {
  Outcome outcome;
  outcome.code = static_cast<absl::StatusCode>(status.code());
  outcome.message = status.message();
  for (const auto& detail : status.details()) ReadDetail(detail, &outcome);
  return outcome;
}

Outcome OutcomeOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!status.error_details().empty()) {
    EXPECT_TRUE(details.ParseFromString(status.error_details()));
    EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
  }
  Outcome outcome = OutcomeOf(details);
  outcome.code = static_cast<absl::StatusCode>(status.error_code());
  outcome.message = status.error_message();
  return outcome;
}

testing::AssertionResult IsOk(const Outcome& outcome) {
  if (outcome.ok()) return testing::AssertionSuccess();
  return Differs(outcome, "OK");
}

testing::AssertionResult IsInvalid(const Outcome& outcome,
                                   const std::string& reason,
                                   const std::string& field) {
  if (Matches(outcome, absl::StatusCode::kInvalidArgument, reason) &&
      outcome.fields.size() == 1 &&
      (outcome.fields[0] == field ||
       absl::EndsWith(outcome.fields[0], absl::StrCat(".", field)))) {
    return testing::AssertionSuccess();
  }
  return Differs(outcome, absl::StrCat("INVALID_ARGUMENT ", reason, " about '",
                                       field, "'"));
}

testing::AssertionResult IsTopicNotFound(const Outcome& outcome,
                                         const std::string& topic) {
  return IsNotFound(outcome, "TOPIC_NOT_FOUND", "topic", topic);
}

testing::AssertionResult IsChannelNotFound(const Outcome& outcome,
                                           const std::string& topic,
                                           const std::string& channel) {
  return IsNotFound(outcome, "CHANNEL_NOT_FOUND", "channel",
                    absl::StrCat(topic, "/", channel));
}

testing::AssertionResult IsRetryable(const Outcome& outcome,
                                     absl::StatusCode code,
                                     const std::string& reason) {
  if (Matches(outcome, code, reason) &&
      outcome.retry_delay.value_or(absl::ZeroDuration()) >
          absl::ZeroDuration()) {
    return testing::AssertionSuccess();
  }
  return Differs(outcome, absl::StrCat(absl::StatusCodeToString(code), " ",
                                       reason, " with a time to wait"));
}

testing::AssertionResult IsError(const Outcome& outcome, absl::StatusCode code,
                                 const std::string& reason) {
  if (Matches(outcome, code, reason)) return testing::AssertionSuccess();
  return Differs(outcome,
                 absl::StrCat(absl::StatusCodeToString(code), " ", reason));
}

testing::AssertionResult IsUnimplemented(const Outcome& outcome,
                                         const std::string& name) {
  if (outcome.code == absl::StatusCode::kUnimplemented &&
      absl::StrContains(outcome.message, name)) {
    return testing::AssertionSuccess();
  }
  return Differs(outcome, absl::StrCat("UNIMPLEMENTED naming '", name, "'"));
}

}  // namespace sluice
