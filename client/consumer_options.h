// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CONSUMER_OPTIONS_H_
#define SLUICE_CLIENT_CONSUMER_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/handler_result.h"
#include "client/message.h"

namespace sluice {

// What a Consumer receives, and how.
struct ConsumerOptions {
  // --- What is received -----------------------------------------------------

  // Names. Both are made on each node where they do not exist, unless the node
  // forbids it.
  std::string topic;
  std::string channel;

  // Where the channel begins on a node on which this consumer creates it.
  enum class Start {
    kDefault,   // a topic's first channel at its oldest message, others now
    kEarliest,  // at the oldest message that is kept
    kLatest,    // now
  };
  Start start = Start::kDefault;

  // How long a lease lasts. 0 s: the node's default (60 s). Range 1 s to the
  // node's maximum (15 minutes).
  absl::Duration message_timeout;

  // Percentage of the messages to receive; the rest is finished unseen. Range
  // 0 to 100; 0 means all.
  uint32_t sample_percent = 0;

  // --- How messages end -----------------------------------------------------

  // Whether leases are renewed while their messages wait here or are worked on,
  // up to the node's max_message_timeout (15 minutes) after delivery.
  bool auto_touch = true;

  // What HandlerResult::Requeue() means: this, times the attempts so far, but
  // no more than the maximum.
  absl::Duration default_requeue_delay = absl::Seconds(90);
  absl::Duration max_requeue_delay = absl::Minutes(15);

  // A message that has been delivered more often goes to `on_give_up` instead
  // of the handler, on a worker, and ends as that says. 0: never. A channel's
  // own max_attempts, with its dead-letter topic, is safer, because it also
  // counts for consumers that crash.
  uint32_t max_attempts = 0;
  std::function<HandlerResult(const Message&)> on_give_up;

  // Drops the second copy of a message with a kDedupIdAttribute: how many ids
  // are remembered, and for how long. 0: none. It knows what this Consumer has
  // finished, and nothing of others.
  size_t dedup_window = 0;
  absl::Duration dedup_window_duration = absl::Minutes(10);

  // --- Performance ----------------------------------------------------------

  // Messages held at once, from all nodes together: what they may have leased
  // to us, waiting here or worked on. 0 pauses. What is on its way when a
  // share is lowered can exceed it for a moment.
  uint32_t max_in_flight = 200;

  // The same by bytes of bodies; each node may exceed its share by a message.
  size_t max_in_flight_bytes = 64 << 20;

  // Handlers that run at once, each on a thread of its own. Range 1 to 1000.
  int workers = 1;

  // A node that has sent nothing for this long gives all but one message of its
  // share of max_in_flight to busier ones, until it sends again.
  absl::Duration idle_after = absl::Seconds(10);

  // --- Back off -------------------------------------------------------------

  // After a failure (HandlerResult::Requeue) nothing is received for
  // backoff_base, then one message, as a probe. Each failure doubles the pause,
  // each success halves it; at the end all goes on as before. Messages that
  // waited here are given back. max_backoff 0 s: never.
  absl::Duration backoff_base = absl::Seconds(1);
  absl::Duration max_backoff = absl::Minutes(2);

  // --- What happens on the way ----------------------------------------------

  // Called on a worker when a subscription to a node fails, each time for
  // another reason than the last; it is tried again in any case. May call Stop
  // of nothing. For logs, and for giving up: ErrorReason(status) says why.
  std::function<void(const std::string& node, const absl::Status& status)>
      on_error;
};

// OK, or INVALID_ARGUMENT with the name of the option in ErrorField.
absl::Status ValidateConsumerOptions(const ConsumerOptions& options);

}  // namespace sluice

#endif  // SLUICE_CLIENT_CONSUMER_OPTIONS_H_
