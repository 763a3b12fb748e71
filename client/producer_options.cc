// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/producer_options.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace sluice {
namespace {

absl::Status Refuse(const char* option, const char* rule) {
  return InvalidArgument("INVALID_OPTION", option,
                         absl::StrCat(option, " must be ", rule));
}

}  // namespace

absl::Status ValidateProducerOptions(const ProducerOptions& options) {
  constexpr uint32_t kMaxCopies = 8;
  if (options.copies < 1 || options.copies > kMaxCopies) {
    return Refuse("copies", "from 1 to 8");
  }
  if (options.required_copies > options.copies) {
    return Refuse("required_copies", "at most copies");
  }
  if (options.publish_timeout <= absl::ZeroDuration()) {
    return Refuse("publish_timeout", "above 0 s");
  }
  if (options.answer_timeout <= absl::ZeroDuration()) {
    return Refuse("answer_timeout", "above 0 s");
  }
  if (options.same_node_patience < absl::ZeroDuration()) {
    return Refuse("same_node_patience", "0 s or more");
  }
  if (options.linger < absl::ZeroDuration()) {
    return Refuse("linger", "0 s or more");
  }
  if (options.max_batch_messages < 1) {
    return Refuse("max_batch_messages", "1 or more");
  }
  if (options.max_batch_bytes < 1) {
    return Refuse("max_batch_bytes", "1 or more");
  }
  if (options.max_in_flight_messages < 1) {
    return Refuse("max_in_flight_messages", "1 or more");
  }
  if (options.max_in_flight_bytes < 1) {
    return Refuse("max_in_flight_bytes", "1 or more");
  }
  return absl::OkStatus();
}

}  // namespace sluice
