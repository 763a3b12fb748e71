// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_PRODUCER_OPTIONS_H_
#define SLUICE_CLIENT_PRODUCER_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/publication.h"

namespace sluice {

// How a Producer publishes. The defaults suit most; nothing here changes what
// is guaranteed but the first group.
struct ProducerOptions {
  // --- What is guaranteed ---------------------------------------------------

  // Of single messages; a batch brings its own.
  PublishDurability durability = PublishDurability::kTopicDefault;

  // On how many nodes each message is stored. 2 is a redundant pair: either may
  // be lost. Range 1 to 8, at most the number of nodes in a fixed list.
  // Consumers then need a dedup_window.
  uint32_t copies = 1;

  // How many of them must have answered before a publish is answered; the
  // others go on until publish_timeout. Default 0: all of them. Lower it and
  // publishing goes on while a node is away, with fewer copies.
  uint32_t required_copies = 0;

  // How long a publish may take, with all its attempts, before it is answered
  // with an error. Keep it below the nodes' dedup window (5 minutes), within
  // which an attempt that is repeated cannot be stored twice.
  absl::Duration publish_timeout = absl::Seconds(30);

  // A publish that was sent and not answered may or may not be stored. It is
  // tried again on the same node, which stores it once, for this long, and
  // then on another, where it may be a duplicate. Raise it and there are fewer
  // duplicates; lower it and publishing goes on sooner.
  absl::Duration same_node_patience = absl::Seconds(2);

  // Whether messages get a kDedupIdAttribute (about 50 bytes), by which a
  // consumer can drop such duplicates. Not set where there is only one node,
  // nor on a message that has one already.
  bool add_dedup_ids = true;

  // --- Which nodes ----------------------------------------------------------

  enum class NodeChoice {
    // The first that works, in the order of the list; with lookups in an order
    // that differs from producer to producer. Keeps the order of messages.
    kFirst,
    // Batches take turns.
    kSpread,
  };
  NodeChoice node_choice = NodeChoice::kFirst;

  // --- Performance ----------------------------------------------------------

  // The largest batch that single messages are put together to. Range 1 and
  // up; bytes at most the nodes' batch limit (5 MiB).
  size_t max_batch_messages = 1000;
  size_t max_batch_bytes = 1 << 20;

  // How long a message may wait for others, while earlier ones are under way;
  // with little under way none waits.
  absl::Duration linger = absl::Milliseconds(2);

  // The bound of what is published and not answered. One message may always be
  // under way.
  size_t max_in_flight_messages = 100'000;
  size_t max_in_flight_bytes = 64 << 20;  // bodies and attributes

  enum class WhenFull {
    kBlock,   // Publish waits for room
    kRefuse,  // RESOURCE_EXHAUSTED, PRODUCER_FULL
  };
  // Within a callback of this library it is always kRefuse.
  WhenFull when_full = WhenFull::kBlock;

  // A stream on which something waits for an answer and nothing is answered for
  // so long is cut; what was sent on it is tried again.
  absl::Duration answer_timeout = absl::Seconds(10);

  // --- What happens on the way ----------------------------------------------

  // Called when a node takes nothing just now: it cannot be reached, its stream
  // broke, it drains or has no room. Once for each reason, until it has stored
  // something again. No message has failed by that. Called on the connection's
  // thread, so it must not block. For logs.
  std::function<void(const std::string& node, const absl::Status& status)>
      on_error;
};

// OK, or INVALID_ARGUMENT with the name of the option in ErrorField.
absl::Status ValidateProducerOptions(const ProducerOptions& options);

}  // namespace sluice

#endif  // SLUICE_CLIENT_PRODUCER_OPTIONS_H_
