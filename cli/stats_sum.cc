// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stats_sum.h"

#include <algorithm>
#include <map>
#include <string>

#include "client/proto_duration.h"

namespace sluice {
namespace {

void AddChannel(const v1::ChannelStats& from, v1::ChannelStats* sum) {
  sum->set_depth(sum->depth() + from.depth());
  sum->set_in_flight_count(sum->in_flight_count() + from.in_flight_count());
  sum->set_deferred_count(sum->deferred_count() + from.deferred_count());
  sum->set_message_count(sum->message_count() + from.message_count());
  sum->set_finish_count(sum->finish_count() + from.finish_count());
  sum->set_requeue_count(sum->requeue_count() + from.requeue_count());
  sum->set_timeout_count(sum->timeout_count() + from.timeout_count());
  sum->set_client_count(sum->client_count() + from.client_count());
  sum->set_dead_letter_count(sum->dead_letter_count() +
                             from.dead_letter_count());
  sum->set_dropped_count(sum->dropped_count() + from.dropped_count());
  sum->set_paused(sum->paused() && from.paused());
  sum->mutable_clients()->MergeFrom(from.clients());
  if (!from.has_oldest_message_age()) return;
  const bool older = !sum->has_oldest_message_age() ||
                     FromProto(sum->oldest_message_age()) <
                         FromProto(from.oldest_message_age());
  if (older) *sum->mutable_oldest_message_age() = from.oldest_message_age();
}

// A topic while it is being added up.
struct TopicSum {
  v1::TopicStats stats;
  std::map<std::string, v1::ChannelStats> channels;
};

void AddTopic(const v1::TopicStats& from, TopicSum* topic) {
  v1::TopicStats* sum = &topic->stats;
  sum->set_depth(sum->depth() + from.depth());
  sum->set_memory_depth(sum->memory_depth() + from.memory_depth());
  sum->set_backlog_depth(sum->backlog_depth() + from.backlog_depth());
  sum->set_message_count(sum->message_count() + from.message_count());
  sum->set_message_bytes(sum->message_bytes() + from.message_bytes());
  sum->set_publisher_count(sum->publisher_count() + from.publisher_count());
  sum->set_log_bytes(sum->log_bytes() + from.log_bytes());
  sum->set_paused(sum->paused() && from.paused());
  sum->set_durability(std::min(sum->durability(), from.durability()));
  for (const v1::ChannelStats& channel : from.channels()) {
    auto [found, is_new] = topic->channels.try_emplace(channel.channel());
    if (is_new) {
      found->second = channel;
    } else {
      AddChannel(channel, &found->second);
    }
  }
}

}  // namespace

google::protobuf::RepeatedPtrField<v1::TopicStats> SumOf(
    const std::vector<const v1::GetStatsResponse*>& nodes) {
  std::map<std::string, TopicSum> topics;
  for (const v1::GetStatsResponse* node : nodes) {
    for (const v1::TopicStats& topic : node->topics()) {
      auto [found, is_new] = topics.try_emplace(topic.topic());
      if (is_new) {
        found->second.stats.set_topic(topic.topic());
        found->second.stats.set_paused(topic.paused());
        found->second.stats.set_durability(topic.durability());
      }
      AddTopic(topic, &found->second);
    }
  }
  google::protobuf::RepeatedPtrField<v1::TopicStats> sums;
  for (auto& [name, topic] : topics) {
    for (auto& [channel, stats] : topic.channels) {
      topic.stats.add_channels()->Swap(&stats);
    }
    sums.Add()->Swap(&topic.stats);
  }
  return sums;
}

}  // namespace sluice
