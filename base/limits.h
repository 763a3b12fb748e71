// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BASE_LIMITS_H_
#define SLUICE_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace sluice {

// The limits a client can run into, with NSQ's defaults where NSQ has one. The
// node's flags set them; the README lists them for users.
struct Limits {
  size_t max_message_bytes = 1 << 20;    // body of one message
  size_t max_batch_bytes = 5 << 20;      // bodies of one publish
  uint32_t max_ready = 2500;             // RDY of one subscription
  uint32_t max_channel_subscribers = 0;  // of one channel; 0 = no limit
  absl::Duration message_timeout = absl::Seconds(60);
  absl::Duration max_message_timeout = absl::Minutes(15);
  absl::Duration max_requeue_delay = absl::Hours(24 * 365);
  // A request id is remembered this long, and so many of one topic; 0: none.
  absl::Duration dedup_window = absl::Minutes(5);
  uint32_t dedup_max_ids = 1'000'000;

  // How far a channel's cursor may be ahead of its oldest unfinished message
  // before the old ones get copies of their own and the log may go.
  uint64_t channel_window_messages = 1'000'000;
  uint64_t channel_window_bytes = 256 << 20;
  // Unfinished messages below a channel's cursor of which memory knows. At that
  // many it takes no new ones from the log; at half, none from shelves.
  uint64_t channel_unfinished_in_memory = 1'000'000;
  // Deferred messages of a channel of which memory knows; more, if they are due
  // late enough, are put on shelves on disk.
  uint64_t channel_deferred_in_memory = 100'000;
};

// Not settable: they bound what one message may cost beside its body.
constexpr size_t kMaxBatchMessages = 100'000;  // of one publish
constexpr size_t kMaxAttributes = 64;
constexpr size_t kMaxAttributeBytes = 16 << 10;  // keys and values together
// Of all attributes of one publish, each with eight bytes beside its key and
// value. Keeps a publish that is allowed below what gRPC receives.
constexpr size_t kMaxBatchAttributeBytes = 5 << 20;
constexpr size_t kMaxRequestIdBytes = 64;
constexpr size_t kMaxClientNameBytes = 256;  // client id, user agent
// Of one command; or RDY, if that may be more.
constexpr size_t kMaxDeliveryIds = 100'000;
constexpr absl::Duration kMinMessageTimeout = absl::Seconds(1);

}  // namespace sluice

#endif  // SLUICE_BASE_LIMITS_H_
