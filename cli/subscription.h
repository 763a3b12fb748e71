// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_SUBSCRIPTION_H_
#define SLUICE_CLI_SUBSCRIPTION_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "cli/connection.h"
#include "cli/delivery_writer.h"
#include "cli/stop_signal.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {

struct SubscriptionOptions {
  // Topic, channel and terms. With `auto_finish` its `ready` must be 1; without
  // it is left out and set to what the node allows.
  v1::Open open;
  // Ends after so many messages, and takes no more than that.
  std::optional<uint64_t> limit;
  // The most messages held at once; by default as many as the node allows, up
  // to kDefaultReady.
  std::optional<uint32_t> ready;
  // Gives the messages back at the end instead of finishing them. They are held
  // until then, so that none comes twice.
  bool requeue = false;
};

constexpr uint32_t kDefaultReady = 2500;

struct SubscriptionEnd {
  // OK when the limit was reached and the node has taken all commands, and when
  // the StopSignal or the reader of the output made an end; otherwise why it
  // ended.
  absl::Status status;
  // Messages written whole.
  uint64_t received = 0;
  // Commands that came too late: those messages will come again.
  uint64_t late = 0;
};

// Subscribes and writes what comes to `writer`. Messages are finished after
// they were written, a frame at a time: what is lost between this program and
// the reader of its output is repeated, not lost. When the end comes early,
// because of `stop` or because writing failed, what was not written is given
// back without counting as an attempt.
//
// Blocks until the end. Calls `on_progress` with the messages written so far
// after each frame.
SubscriptionEnd RunSubscription(
    const Connection& connection, const SubscriptionOptions& options,
    DeliveryWriter* writer, StopSignal* stop,
    const std::function<void(uint64_t)>& on_progress);

}  // namespace sluice

#endif  // SLUICE_CLI_SUBSCRIPTION_H_
