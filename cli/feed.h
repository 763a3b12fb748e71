// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_FEED_H_
#define SLUICE_CLI_FEED_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "cli/command_line.h"
#include "cli/settings.h"
#include "cli/topic_selection.h"
#include "client/cluster_connection.h"
#include "client/consumer.h"

namespace sluice {

// Where the verbs that carry messages elsewhere (to-file, to-http, relay) get
// them from: one channel of each selected topic, on all nodes that have it.

struct FeedFlags {
  TopicSelection selection;
  // Topic aside: channel, bounds and times.
  ConsumerOptions consumer;
};

// TOPIC... and the flags of both. `channel` and the consumer's other values are
// the verb's defaults.
void AddFeedFlags(Command verb, FeedFlags* flags);

// OK, or INVALID_ARGUMENT.
absl::Status CheckFeedFlags(const FeedFlags& flags);

// Consumers that come as topics are found. Each has threads of its own, so
// their number is bounded; further topics are left out, which is said. One
// thread only.
class Feed {
 public:
  static constexpr size_t kMaxTopics = 256;

  // Makes the consumer of a topic.
  using MakeConsumer = std::function<absl::StatusOr<std::unique_ptr<Consumer>>(
      ConsumerOptions options)>;

  // `settings` must outlive this.
  Feed(const FeedFlags& flags, const Settings& settings, Clock& clock,
       MakeConsumer make_consumer);

  // Looks for topics, if it is time to, and makes consumers for new ones. The
  // first time an error is final, later it is only told: what is found so far
  // goes on.
  absl::Status Refresh();
  // When to call it next.
  SteadyTime NextRefresh() const { return next_refresh_; }

  // Stops all: see Consumer::Stop.
  absl::Status Stop(absl::Duration timeout);

  // Messages finished after their leases were gone, of all consumers.
  uint64_t late() const;

 private:
  const FeedFlags& flags_;
  const Settings& settings_;
  Clock& clock_;
  const MakeConsumer make_consumer_;
  std::map<std::string, std::unique_ptr<Consumer>> consumers_;
  bool first_ = true;
  bool told_of_bound_ = false;
  SteadyTime next_refresh_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_FEED_H_
