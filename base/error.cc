// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/types/optional.h"

namespace sluice {
namespace {

constexpr char kReasonKey[] = "sluice/reason";
constexpr char kFieldKey[] = "sluice/field";
constexpr char kResourceTypeKey[] = "sluice/resource-type";
constexpr char kResourceNameKey[] = "sluice/resource-name";

std::string Payload(const absl::Status& status, const char* key) {
  const absl::optional<absl::Cord> payload = status.GetPayload(key);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view reason,
                       absl::string_view message) {
  absl::Status status(code, message);
  status.SetPayload(kReasonKey, absl::Cord(reason));
  return status;
}

std::string ErrorReason(const absl::Status& status) {
  return Payload(status, kReasonKey);
}

absl::Status WithField(absl::Status status, absl::string_view field_path) {
  status.SetPayload(kFieldKey, absl::Cord(field_path));
  return status;
}

std::string ErrorField(const absl::Status& status) {
  return Payload(status, kFieldKey);
}

absl::Status WithResource(absl::Status status, absl::string_view type,
                          absl::string_view name) {
  status.SetPayload(kResourceTypeKey, absl::Cord(type));
  status.SetPayload(kResourceNameKey, absl::Cord(name));
  return status;
}

ErrorResource ResourceOf(const absl::Status& status) {
  return {Payload(status, kResourceTypeKey), Payload(status, kResourceNameKey)};
}

absl::Status InvalidArgument(absl::string_view reason,
                             absl::string_view field_path,
                             absl::string_view message) {
  return WithField(
      MakeError(absl::StatusCode::kInvalidArgument, reason, message),
      field_path);
}

}  // namespace sluice
