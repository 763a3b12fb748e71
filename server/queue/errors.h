// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_ERRORS_H_
#define SLUICE_SERVER_QUEUE_ERRORS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sluice {

// The errors the queue itself can give, by what happened.

absl::Status TopicNotFound(absl::string_view topic);
absl::Status ChannelNotFound(absl::string_view topic,
                             absl::string_view channel);
absl::Status TopicExists(absl::string_view topic);
absl::Status ChannelExists(absl::string_view topic, absl::string_view channel);
absl::Status TooManySubscribers(absl::string_view channel, uint32_t limit);
absl::Status StoreUnavailable(absl::string_view why);

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_ERRORS_H_
