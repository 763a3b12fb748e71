// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_FAKE_CHANNEL_H_
#define SLUICE_SERVER_QUEUE_FAKE_CHANNEL_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "gtest/gtest.h"
#include "server/queue/attachment.h"
#include "server/queue/channel.h"
#include "server/queue/fake_node.h"
#include "server/queue/fake_subscriber.h"
#include "server/queue/subscription.h"
#include "server/storage/keys.h"

namespace sluice {

// Counts what a channel tells its topic. Thread-safe.
class FakeChannelOwner : public ChannelOwner {
 public:
  void OnFloorAdvanced() override { ++floor_advanced; }
  void OnCursorDirty(std::shared_ptr<Channel>, bool urgent) override {
    ++(urgent ? urgent_calls : dirty_calls);
  }
  void OnDeadLetters(std::shared_ptr<Channel>, const std::string& to,
                     std::unique_ptr<RecordBlock> block) override {
    absl::MutexLock lock(&mu);
    target = to;
    letters.push_back(std::move(block));
  }
  void OnLastSubscriberGone(Channel&) override { ++last_gone; }

  std::atomic<int> floor_advanced{0};
  std::atomic<int> dirty_calls{0};
  std::atomic<int> urgent_calls{0};
  std::atomic<int> last_gone{0};
  absl::Mutex mu;
  std::string target ABSL_GUARDED_BY(mu);
  std::vector<std::unique_ptr<RecordBlock>> letters ABSL_GUARDED_BY(mu);
};

// A subscriber and its hold on the channel.
struct FakeClient {
  std::vector<TakenMessage> Take(const TakeLimit& limit = {}) {
    return TakeAll(*subscription, limit);
  }
  // Takes until something comes: a backlog read may be under way.
  std::vector<TakenMessage> TakeSome(const TakeLimit& limit = {}) {
    while (true) {
      const int calls = subscriber->ready_calls();
      std::vector<TakenMessage> messages = Take(limit);
      if (!messages.empty()) return messages;
      if (!subscriber->WaitForReadyCalls(calls + 1)) return messages;
    }
  }
  // These return the ids that were not in flight.
  std::vector<DeliveryId> Finish(const std::vector<TakenMessage>& messages) {
    std::vector<DeliveryId> failed;
    subscription->Finish(IdsOf(messages), &failed);
    return failed;
  }
  std::vector<DeliveryId> Requeue(const std::vector<TakenMessage>& messages,
                                  bool keep_attempts = false) {
    return RequeueLater(messages, absl::ZeroDuration(), keep_attempts);
  }
  std::vector<DeliveryId> RequeueLater(
      const std::vector<TakenMessage>& messages, absl::Duration delay,
      bool keep_attempts = false) {
    std::vector<DeliveryId> failed;
    subscription->Requeue(IdsOf(messages), delay, keep_attempts, &failed);
    return failed;
  }
  std::vector<DeliveryId> Touch(const std::vector<TakenMessage>& messages) {
    std::vector<DeliveryId> failed;
    subscription->Touch(IdsOf(messages), &failed);
    return failed;
  }
  static std::vector<DeliveryId> IdsOf(
      const std::vector<TakenMessage>& messages) {
    std::vector<DeliveryId> ids;
    for (const TakenMessage& message : messages) ids.push_back(message.id);
    return ids;
  }

  std::shared_ptr<FakeSubscriber> subscriber;
  std::unique_ptr<Subscription> subscription;
};

inline std::vector<Sequence> SequencesOf(
    const std::vector<TakenMessage>& messages) {
  std::vector<Sequence> sequences;
  for (const auto& message : messages) sequences.push_back(message.sequence);
  return sequences;
}

// One channel right above a log, without topic and committer. Message n has the
// body "n" unless said otherwise.
class ChannelTest : public testing::Test {
 protected:
  ChannelTest() { Open("c"); }

  void Open(const std::string& name, const CursorState& cursor = {},
            bool ephemeral_topic = false) {
    channel_.reset();
    if (log_ == nullptr || log_->ephemeral() != ephemeral_topic) {
      log_ = node_.MakeLog(ephemeral_topic);
    }
    Channel::Spec spec;
    spec.topic = "t";
    spec.name = name;
    spec.id = 1;
    spec.cursor = cursor;
    spec.config = config_;
    channel_ =
        std::make_shared<Channel>(std::move(spec), log_, node_.env(), owner_);
    channel_->Start();
  }

  // Publishes one block of `count` messages.
  void Publish(uint32_t count,
               LogTail::Placement placement = LogTail::Placement::kCached) {
    std::vector<std::string> bodies;
    for (uint32_t i = 0; i < count; ++i) {
      bodies.push_back(absl::StrCat(log_->end() + i));
    }
    PublishBodies(bodies, placement);
  }
  void PublishBodies(
      const std::vector<std::string>& bodies,
      LogTail::Placement placement = LogTail::Placement::kCached) {
    Place(MakeBlock(bodies), placement);
  }
  // One block, each message delayed by so much from now (zero: not at all).
  void PublishDelayed(
      const std::vector<absl::Duration>& delays,
      LogTail::Placement placement = LogTail::Placement::kCached) {
    std::vector<std::string> bodies;
    std::vector<int64_t> due;
    for (size_t i = 0; i < delays.size(); ++i) {
      bodies.push_back(absl::StrCat(log_->end() + i));
      due.push_back(delays[i] > absl::ZeroDuration()
                        ? absl::ToUnixNanos(node_.clock.WallNow() + delays[i])
                        : 0);
    }
    Place(MakeDelayedBlock(bodies, due), placement);
  }
  void Place(std::unique_ptr<RecordBlock> unplaced,
             LogTail::Placement placement) {
    const RecordBlockPtr block =
        node_.Append(*log_, std::move(unplaced), placement);
    if (placement == LogTail::Placement::kCached) {
      cached_.push_back(block->first_sequence());
    }
    channel_->OnMessagesVisible();
  }
  // Leaves the blocks that are on disk on disk only.
  void EvictTail() {
    for (const Sequence first : cached_) log_->tail().EvictCached(first);
    cached_.clear();
  }

  FakeClient Subscribe(uint32_t ready = 1000, SubscriberSpec spec = {}) {
    if (spec.message_timeout == absl::ZeroDuration()) {
      spec.message_timeout = absl::Seconds(60);
    }
    auto attachment = std::make_shared<Attachment>();
    attachment->spec = std::move(spec);
    FakeClient client;
    client.subscriber = std::make_shared<FakeSubscriber>();
    attachment->subscriber = client.subscriber;
    EXPECT_TRUE(channel_->Attach(attachment).ok());
    client.subscription = std::make_unique<Subscription>(channel_, attachment);
    client.subscription->SetReady(ready, 0);
    return client;
  }

  CursorState SaveCursor(Sequence* floor) {
    std::vector<StateWrite> parked;
    return channel_->SaveCursor(floor, &parked);
  }
  // What the committer does.
  CursorState Commit() {
    Sequence floor = 0;
    StoreBatch batch;
    const CursorState state = channel_->SaveCursor(&floor, &batch.state);
    node_.store.Append(std::move(batch), [](absl::Status) {});
    channel_->OnCursorSaved(floor);
    return state;
  }
  // Of the channel, on disk.
  size_t ParkedRecords() {
    size_t count = 0;
    node_.store
        .ReadState(StateFamily::kParked, ParkedKeyPrefix(log_->id(), 1),
                   [&](absl::string_view, absl::string_view) {
                     ++count;
                     return absl::OkStatus();
                   })
        .IgnoreError();
    return count;
  }
  ChannelStats Stats() { return channel_->Stats(false); }

  FakeNode node_;
  ChannelConfig config_;  // of channels opened from now on
  std::shared_ptr<TopicLog> log_;
  std::vector<Sequence> cached_;
  std::shared_ptr<FakeChannelOwner> owner_ =
      std::make_shared<FakeChannelOwner>();
  std::shared_ptr<Channel> channel_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_FAKE_CHANNEL_H_
