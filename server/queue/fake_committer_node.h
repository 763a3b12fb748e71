// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_FAKE_COMMITTER_NODE_H_
#define SLUICE_SERVER_QUEUE_FAKE_COMMITTER_NODE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "base/names.h"
#include "gtest/gtest.h"
#include "server/queue/attachment.h"
#include "server/queue/committer.h"
#include "server/queue/fake_channel.h"
#include "server/queue/fake_node.h"
#include "server/queue/topic.h"
#include "server/storage/keys.h"

namespace sluice {

// A committer over a store that tests can hold up, and topics that use it. The
// committer's thread waits in real time on a clock that stands still: Settle()
// makes it look at the time.
class CommitterTest : public testing::Test {
 protected:
  // A publish under way.
  struct Answer {
    bool is_there() { return done.HasBeenNotified(); }
    absl::StatusOr<PublishOutcome> Wait() {
      done.WaitForNotification();
      return outcome;
    }
    absl::Notification done;
    absl::StatusOr<PublishOutcome> outcome;
  };

  std::shared_ptr<Topic> MakeTopic(const std::string& name,
                                   const WriteRules& rules,
                                   const TopicLog::Start& start = {}) {
    TopicRecord record;
    record.name = name;
    auto log = std::make_shared<TopicLog>(++last_topic_, IsEphemeralName(name),
                                          start, node_.budget);
    return std::make_shared<Topic>(record, rules, std::move(log), node_.env(),
                                   committer_, [](Topic&) {});
  }
  std::shared_ptr<Answer> Start(const std::shared_ptr<Topic>& topic,
                                const std::vector<std::string>& bodies,
                                Durability wish = Durability::kUnspecified) {
    auto answer = std::make_shared<Answer>();
    committer_.Publish(topic, MakeBlock(bodies), wish,
                       [answer](absl::StatusOr<PublishOutcome> outcome) {
                         answer->outcome = std::move(outcome);
                         answer->done.Notify();
                       });
    return answer;
  }
  absl::StatusOr<PublishOutcome> Publish(
      const std::shared_ptr<Topic>& topic,
      const std::vector<std::string>& bodies,
      Durability wish = Durability::kUnspecified) {
    return Start(topic, bodies, wish)->Wait();
  }
  // A subscriber of a channel of the topic, made first if need be.
  FakeClient Subscribe(Topic& topic, uint32_t ready,
                       const std::string& name = "c") {
    absl::Notification created;
    const auto channel =
        topic.FindOrCreateChannel(name, StartPosition::kUnspecified,
                                  [&](absl::Status) { created.Notify(); });
    created.WaitForNotification();
    return Attach(*channel, ready);
  }
  FakeClient Attach(const std::shared_ptr<Channel>& channel, uint32_t ready) {
    auto attachment = std::make_shared<Attachment>();
    attachment->spec.message_timeout = absl::Hours(1);
    FakeClient client;
    client.subscriber = std::make_shared<FakeSubscriber>();
    attachment->subscriber = client.subscriber;
    EXPECT_TRUE(channel->Attach(attachment).ok());
    client.subscription =
        std::make_unique<Subscription>(channel, std::move(attachment));
    client.subscription->SetReady(ready, 0);
    return client;
  }

  // Everything handed in before is done, upkeep included.
  void Settle() {
    for (int i = 0; i < 2; ++i) {  // the answer comes before the upkeep
      absl::Notification written;
      committer_.Write({}, [&](absl::Status) { written.Notify(); });
      written.WaitForNotification();
    }
  }
  void Advance(absl::Duration duration) {
    Settle();
    node_.clock.Advance(duration);
    Settle();
  }
  CursorState SavedCursor(const Topic& topic, ChannelId channel = 1) {
    const auto bytes = node_.store.Record(CursorKey(topic.id(), channel));
    if (!bytes.has_value()) return CursorState{0, {}};
    return *CursorState::Decode(*bytes);
  }
  // The mark in the store; one without meaning when there is none.
  LogMark SavedMark(const Topic& topic) {
    const auto bytes = node_.store.Record(LogMarkKey(topic.id()));
    return bytes.has_value() ? *LogMark::Decode(*bytes) : LogMark{};
  }

  static constexpr absl::Duration kSyncInterval = absl::Seconds(2);
  FakeNode node_;
  TopicId last_topic_ = 0;
  PublishGate gate_{1 << 20};
  Committer committer_{{node_.store, node_.clock, node_.budget, gate_,
                        node_.io_pool, kSyncInterval}};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_FAKE_COMMITTER_NODE_H_
