// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_BROKER_H_
#define SLUICE_SERVER_QUEUE_BROKER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/limits.h"
#include "server/queue/channel_config.h"
#include "server/queue/durability.h"
#include "server/queue/peek.h"
#include "server/queue/publish_gate.h"
#include "server/queue/publish_outcome.h"
#include "server/queue/start_position.h"
#include "server/queue/stats.h"
#include "server/queue/subscription.h"
#include "server/queue/topic_config.h"
#include "server/storage/message_store.h"
#include "server/storage/record_block.h"

namespace sluice {

class Topic;

// How a node keeps its messages; from the flags.
struct BrokerOptions {
  Limits limits;
  WriteRules write_rules;  // of topics that set nothing themselves
  absl::Duration sync_interval = absl::Seconds(2);  // fsync behind kOs
  bool auto_create = true;  // topics and channels on first use
  uint64_t memory_limit_bytes = uint64_t{1} << 30;  // memory queues, publishes
  int io_threads = 2;                               // backlog reads, forgetting
  // Called whenever a topic or a channel has come or gone, on any thread and
  // under locks: it may only take a note of it. May be null.
  std::function<void()> names_changed;
  // Asked before each publish; an error (DISK_FLOOR) refuses it. May be null.
  std::function<absl::Status()> admit_publish;
};

// The queue of one node: all topics, their channels, and the path from a
// publish to a delivery. Everything the wire can ask for is here, in terms of
// the domain; server/rpc translates.
//
// Thread-safe. No call blocks on I/O: what must reach the disk first answers by
// a completion, called once, on another thread or before the call returns.
// Owned by Server; every Subscription must be gone before it is destroyed.
class Broker {
 public:
  // Reads what `store` holds: topics, channels and where they stand. Starts the
  // threads. `store` and `clock` outlive the broker.
  static absl::StatusOr<std::unique_ptr<Broker>> Open(BrokerOptions options,
                                                      MessageStore& store,
                                                      Clock& clock);
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // Lasting channels that a topic gets with its making, so that they miss
  // nothing. Ephemeral ones, and what is no name, are left out.
  using Channels = std::vector<std::string>;

  // Whether the first use of this name would make a topic.
  bool WouldMake(absl::string_view topic);
  // The same for a caller who makes it whatever the flags say.
  bool IsUnknown(absl::string_view topic);

  // --- Publishing ---------------------------------------------------------

  // The topic to publish to, made if missing and allowed, with `channels` (see
  // Channels below). INVALID_NAME, TOPIC_NOT_FOUND, DISK_FLOOR,
  // STORE_UNAVAILABLE. No side effect on error.
  absl::StatusOr<std::shared_ptr<Topic>> TopicForPublish(
      absl::string_view name, const Channels& channels = {});

  // Hands a block to the committer. `done` is called when the messages are as
  // durable as the stronger of `wish` and the topic's level; all or nothing.
  // With a `request_id` that the topic had in its dedup window nothing is
  // published, and `done` gets the answer of the first. Errors:
  // STORE_UNAVAILABLE, DISK_FLOOR, TOPIC_NOT_FOUND (deleted meanwhile); they do
  // not use the id up.
  void Publish(const std::shared_ptr<Topic>& topic,
               std::unique_ptr<RecordBlock> block, Durability wish,
               PublishDone done, std::string request_id = "");

  // Bytes of publishes that wait for the committer: read no more from a
  // publisher while it is full.
  PublishGate& publish_gate();

  // A publisher that stays connected, for the stats of `topic`.
  void AddPublisher(const std::shared_ptr<Topic>& topic);
  void RemovePublisher(const std::shared_ptr<Topic>& topic);

  // --- Subscribing --------------------------------------------------------

  // Attaches to the channel, made if missing and allowed; `start` counts only
  // when this call makes it, `channels` when it makes the topic. INVALID_NAME,
  // TOPIC_NOT_FOUND, CHANNEL_NOT_FOUND, TOO_MANY_SUBSCRIBERS. RDY starts at 0.
  absl::StatusOr<std::unique_ptr<Subscription>> Subscribe(
      absl::string_view topic, absl::string_view channel, StartPosition start,
      SubscriberSpec spec, std::shared_ptr<Subscriber> subscriber,
      const Channels& channels = {});

  // --- Administration -----------------------------------------------------
  // All check names first (INVALID_NAME) and answer TOPIC_NOT_FOUND or
  // CHANNEL_NOT_FOUND for what is not there. Changes are on disk (fsynced) when
  // `done` gets OK.

  using Done = std::function<void(absl::Status)>;
  using TopicDone = std::function<void(absl::StatusOr<TopicInfo>)>;
  using ChannelDone = std::function<void(absl::StatusOr<ChannelInfo>)>;

  // TOPIC_EXISTS when it is there with another config; INVALID_CONFIG, see
  // ValidateTopicConfig. `channels` count only when this call makes the topic.
  void CreateTopic(absl::string_view name, const TopicConfig& config,
                   TopicDone done, const Channels& channels = {});
  // In effect at once, for what is published from now on. INVALID_CONFIG.
  void UpdateTopic(absl::string_view name, const TopicConfigChange& change,
                   TopicDone done);
  void DeleteTopic(absl::string_view name, Done done);
  void SetTopicPaused(absl::string_view name, bool paused, TopicDone done);
  // Drops what belongs to no channel yet.
  void EmptyTopic(absl::string_view name, Done done);
  absl::StatusOr<TopicInfo> GetTopic(absl::string_view name);
  // By name.
  std::vector<TopicInfo> ListTopics();

  // The topic must be there. CHANNEL_EXISTS when the channel is there with
  // another config; see ValidateChannelConfig for what a config may be.
  void CreateChannel(absl::string_view topic, absl::string_view channel,
                     const ChannelConfig& config, StartPosition start,
                     ChannelDone done);
  void UpdateChannel(absl::string_view topic, absl::string_view channel,
                     const ChannelConfigChange& change, ChannelDone done);
  void DeleteChannel(absl::string_view topic, absl::string_view channel,
                     Done done);
  void SetChannelPaused(absl::string_view topic, absl::string_view channel,
                        bool paused, ChannelDone done);
  // Drops ready and leased messages.
  void EmptyChannel(absl::string_view topic, absl::string_view channel,
                    Done done);
  absl::StatusOr<ChannelInfo> GetChannel(absl::string_view topic,
                                         absl::string_view channel);
  // By name.
  absl::StatusOr<std::vector<ChannelInfo>> ListChannels(
      absl::string_view topic);

  // All topics, or one; all its channels, or one.
  absl::StatusOr<std::vector<TopicStats>> GetStats(absl::string_view topic,
                                                   absl::string_view channel,
                                                   bool include_subscribers);

  using PeekDone =
      std::function<void(absl::StatusOr<std::vector<PeekedMessage>>)>;
  // Looks without taking. Reads the disk on the I/O pool.
  void Peek(PeekSpec spec, PeekDone done);

  // OK, or why the node cannot take publishes (the store is closed).
  absl::Status health();

  // --- Stopping -----------------------------------------------------------

  // Leases held by all subscriptions together.
  uint64_t in_flight();

  // Commits what waits, writes memory queues and cursors down, fsyncs, joins
  // the threads. Afterwards publishes are refused. Once. An error says what
  // could not be written.
  absl::Status Stop();

  // Ends the leases that a test's clock has let run out.
  void PollDeadlinesForTest();

 private:
  struct Parts;
  explicit Broker(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_BROKER_H_
