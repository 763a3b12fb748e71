// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_STATS_H_
#define SLUICE_SERVER_QUEUE_STATS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/queue/channel_config.h"
#include "server/queue/durability.h"
#include "server/queue/topic_config.h"

namespace sluice {

// Snapshots for the admin surfaces: plain values, taken at one moment per
// channel. The meaning of each count is that of the message of the same name in
// proto/sluice/v1/admin.proto.

struct TopicInfo {
  std::string name;
  TopicConfig config;
  bool paused = false;
  absl::Time create_time;
};

struct ChannelInfo {
  std::string topic;
  std::string name;
  ChannelConfig config;
  bool paused = false;
  absl::Time create_time;
};

struct SubscriberStats {
  std::string client_id;
  std::string peer;
  std::string user_agent;
  std::string subscription_id;
  uint32_t ready_count = 0;
  uint64_t in_flight_count = 0;
  uint64_t delivery_count = 0;
  uint64_t finish_count = 0;
  uint64_t requeue_count = 0;
  absl::Time connect_time;
};

// message_count = finish + dead_letter + dropped + depth + in_flight +
// deferred, always.
struct ChannelStats {
  std::string channel;
  uint64_t depth = 0;
  uint64_t in_flight_count = 0;
  uint64_t deferred_count = 0;
  uint64_t message_count = 0;
  uint64_t finish_count = 0;
  uint64_t requeue_count = 0;
  uint64_t timeout_count = 0;
  uint64_t dropped_count = 0;
  uint64_t dead_letter_count = 0;
  uint64_t subscriber_count = 0;
  bool paused = false;
  // Zero when nothing is unfinished or the oldest is not in memory yet.
  absl::Duration oldest_message_age;
  std::vector<SubscriberStats> subscribers;  // when asked for
};

struct TopicStats {
  std::string topic;
  uint64_t depth = 0;  // messages that belong to no lasting channel yet
  uint64_t memory_depth = 0;
  uint64_t backlog_depth = 0;
  uint64_t message_count = 0;  // published since the process started
  uint64_t message_bytes = 0;  // bodies, likewise
  uint64_t publisher_count = 0;
  uint64_t log_bytes = 0;
  bool paused = false;
  Durability durability = Durability::kDisk;
  std::vector<ChannelStats> channels;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_STATS_H_
