// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/stats_conversion.h"

#include <string>

#include "rpc/time_conversion.h"
#include "server/rpc/config_conversion.h"

namespace sluice {

void ToWire(const SubscriberStats& stats, v1::ClientStats* wire) {
  wire->set_client_id(stats.client_id);
  wire->set_peer(stats.peer);
  wire->set_user_agent(stats.user_agent);
  wire->set_ready_count(stats.ready_count);
  wire->set_in_flight_count(stats.in_flight_count);
  wire->set_message_count(stats.delivery_count);
  wire->set_finish_count(stats.finish_count);
  wire->set_requeue_count(stats.requeue_count);
  ToWire(stats.connect_time, wire->mutable_connect_time());
  wire->set_subscription_id(stats.subscription_id);
}

void ToWire(const ChannelStats& stats, v1::ChannelStats* wire) {
  wire->set_channel(stats.channel);
  wire->set_depth(stats.depth);
  wire->set_in_flight_count(stats.in_flight_count);
  wire->set_deferred_count(stats.deferred_count);
  wire->set_dead_letter_count(stats.dead_letter_count);
  wire->set_message_count(stats.message_count);
  wire->set_finish_count(stats.finish_count);
  wire->set_requeue_count(stats.requeue_count);
  wire->set_timeout_count(stats.timeout_count);
  wire->set_client_count(stats.subscriber_count);
  wire->set_paused(stats.paused);
  if (stats.oldest_message_age > absl::ZeroDuration()) {
    ToWire(stats.oldest_message_age, wire->mutable_oldest_message_age());
  }
  for (const SubscriberStats& subscriber : stats.subscribers) {
    ToWire(subscriber, wire->add_clients());
  }
  wire->set_dropped_count(stats.dropped_count);
}

void ToWire(const TopicStats& stats, v1::TopicStats* wire) {
  wire->set_topic(stats.topic);
  wire->set_depth(stats.depth);
  wire->set_memory_depth(stats.memory_depth);
  wire->set_backlog_depth(stats.backlog_depth);
  wire->set_message_count(stats.message_count);
  wire->set_message_bytes(stats.message_bytes);
  wire->set_paused(stats.paused);
  wire->set_durability(ToWire(stats.durability));
  for (const ChannelStats& channel : stats.channels) {
    ToWire(channel, wire->add_channels());
  }
  wire->set_publisher_count(stats.publisher_count);
  wire->set_log_bytes(stats.log_bytes);
}

void ToWire(const NodeIdentity& identity, const absl::Status& health,
            bool draining, v1::ServerInfo* wire) {
  wire->set_node_id(identity.node_id);
  wire->set_version(identity.version);
  wire->set_broadcast_address(identity.broadcast_address);
  wire->set_grpc_port(identity.grpc_port);
  wire->set_http_port(identity.http_port);
  ToWire(identity.start_time, wire->mutable_start_time());
  wire->set_healthy(health.ok());
  if (!health.ok()) wire->set_unhealthy_reason(std::string(health.message()));
  wire->set_draining(draining);
}

}  // namespace sluice
