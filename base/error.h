// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BASE_ERROR_H_
#define SLUICE_BASE_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sluice {

// An error as the wire contract describes it: a canonical code, a reason in
// UPPER_SNAKE that programs may switch on, and a sentence for people. The
// reason and its companions travel as payloads of an absl::Status, so that the
// layers below the wire need neither gRPC nor protobuf.
absl::Status MakeError(absl::StatusCode code, absl::string_view reason,
                       absl::string_view message);

// The reason given to MakeError; empty when there is none.
std::string ErrorReason(const absl::Status& status);

// Names the request field that is wrong, as a path: `messages[3].delay`.
absl::Status WithField(absl::Status status, absl::string_view field_path);
std::string ErrorField(const absl::Status& status);

// Names the thing that was not found: type `topic` and its name, or `channel`
// and `topic/channel`.
absl::Status WithResource(absl::Status status, absl::string_view type,
                          absl::string_view name);
struct ErrorResource {
  std::string type;
  std::string name;
};
ErrorResource ResourceOf(const absl::Status& status);

// INVALID_ARGUMENT with a reason and the field it is about.
absl::Status InvalidArgument(absl::string_view reason,
                             absl::string_view field_path,
                             absl::string_view message);

}  // namespace sluice

#endif  // SLUICE_BASE_ERROR_H_
