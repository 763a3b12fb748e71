// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/consumer_options.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"

namespace sluice {
namespace {

constexpr int kMaxWorkers = 1000;

absl::Status Refuse(const char* option, const char* rule) {
  return InvalidArgument("INVALID_OPTION", option,
                         absl::StrCat(option, " must be ", rule));
}

absl::Status ValidateTimes(const ConsumerOptions& options) {
  const absl::Duration zero = absl::ZeroDuration();
  if (options.message_timeout != zero &&
      options.message_timeout < kMinMessageTimeout) {
    return Refuse("message_timeout", "0 s or at least 1 s");
  }
  if (options.default_requeue_delay < zero) {
    return Refuse("default_requeue_delay", "0 s or more");
  }
  if (options.max_requeue_delay < zero) {
    return Refuse("max_requeue_delay", "0 s or more");
  }
  if (options.max_backoff > zero && options.backoff_base <= zero) {
    return Refuse("backoff_base", "above 0 s where max_backoff is");
  }
  if (options.idle_after <= zero) return Refuse("idle_after", "above 0 s");
  if (options.dedup_window > 0 && options.dedup_window_duration <= zero) {
    return Refuse("dedup_window_duration", "above 0 s");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateConsumerOptions(const ConsumerOptions& options) {
  SLUICE_RETURN_IF_ERROR(ValidateName("topic", options.topic));
  SLUICE_RETURN_IF_ERROR(ValidateName("channel", options.channel));
  SLUICE_RETURN_IF_ERROR(ValidateTimes(options));
  if (options.sample_percent > 100) {
    return Refuse("sample_percent", "from 0 to 100");
  }
  if (options.workers < 1 || options.workers > kMaxWorkers) {
    return Refuse("workers", "from 1 to 1000");
  }
  if (options.max_in_flight_bytes < 1) {
    return Refuse("max_in_flight_bytes", "1 or more");
  }
  if (options.max_attempts > 0 && options.on_give_up == nullptr) {
    return Refuse(
        "on_give_up",
        "set with max_attempts: or messages would be lost in silence");
  }
  return absl::OkStatus();
}

}  // namespace sluice
