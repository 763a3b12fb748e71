// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_MODEL_MODEL_RUN_H_
#define SLUICE_TESTS_MODEL_MODEL_RUN_H_

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/fake_clock.h"
#include "gtest/gtest.h"
#include "server/queue/broker.h"
#include "server/queue/cursor_state.h"
#include "server/queue/fake_subscriber.h"
#include "server/storage/keys.h"
#include "tests/model/channel_model.h"
#include "tests/model/message_block.h"
#include "tests/model/replay_model.h"
#include "tests/model/restartable_store.h"

namespace sluice {

// A subscriber, as the model sees it too.
struct Client {
  int holder;  // what the model calls it
  int channel;
  uint32_t ready;
  absl::Duration timeout;
  std::unique_ptr<Subscription> subscription;
  std::vector<DeliveryId> ids;  // all it ever took
};

// One broker with a topic and its channels, each with its model. Some messages
// are delayed; one channel gives messages up, and the dead letters are the
// messages of a channel of another topic; old messages are soon parked;
// messages are retained for a while, and a channel that is made meanwhile gets
// them. A step is a random operation on both; they must agree on its outcome,
// and afterwards on where every message is.
class ModelRun {
 public:
  ModelRun(RestartableStore& restartable, unsigned seed)
      : restartable_(restartable), random_(seed) {
    options_.memory_limit_bytes = 64 << 10;  // so that blocks leave memory
    options_.limits.channel_window_messages = 50;  // and messages are parked
    Open();
    for (const int channel : {0, kLetters}) {
      Await([&](auto done) {
        TopicConfig config;
        if (channel != kLetters) config.retention = kRetention;
        broker_->CreateTopic(
            TopicOf(channel), config,
            [done](const auto& topic) { done(topic.status()); });
      });
    }
    for (int i = 0; i < kChannels; ++i) {
      models_[i].clock = &clock_;
      if (i != kLetters) models_[i].due_times = &due_times_;
      woken_[i] = std::make_shared<FakeSubscriber>();
      ChannelConfig config;
      if (i == kMortal) {
        config = {kMaxAttempts, TopicOf(kLetters)};
        models_[i].max_attempts = kMaxAttempts;
      }
      Await([&](auto done) {
        broker_->CreateChannel(
            TopicOf(i), Name(i), config, StartPosition::kUnspecified,
            [done](const auto& channel) { done(channel.status()); });
      });
    }
  }
  ~ModelRun() { clients_.clear(); }

  void Step() {
    const int operation = Pick(200);
    if (operation < 30) {
      Publish(1 + Pick(20));
    } else if (operation < 85) {
      if (Client* client = AnyClient()) Take(*client, 1 + Pick(20));
    } else if (operation < 160) {
      if (Client* client = AnyClient()) Act(*client);
    } else if (operation < 172) {
      Subscribe(Pick(kChannels), Pick(40));
    } else if (operation < 178) {
      if (!clients_.empty()) Leave(Pick(static_cast<int>(clients_.size())));
    } else if (operation < 188) {
      Advance(absl::Milliseconds(Pick(8000)));
    } else if (operation < 192) {
      PauseChannel(Pick(kChannels), Pick(2) == 0);
    } else if (operation < 194) {
      PauseTopic(!topic_paused_);
    } else if (operation < 196) {
      CheckWhatIsSaved();
    } else if (operation < 197) {
      Replay();
    } else if (operation < 198) {
      EmptyChannel(Pick(kLetters));  // each dead letter is to be seen
    } else {
      Restart();
    }
    Compare();
  }

  // Whatever is left can be finished, on every channel, and stays finished.
  void FinishEverything() {
    PauseTopic(false);
    Advance(absl::Seconds(30));  // past every delay
    for (int i = 0; i < kChannels; ++i) {
      PauseChannel(i, false);
      while (!clients_.empty()) Leave(0);
      SettleLetters();
      Client& client = Subscribe(i, 1000);
      for (int takes = 0; models_[i].depth() > 0 && takes < 1000; ++takes) {
        Take(client, 1000);
        Tell(client, &Subscription::Finish, client.ids, &ChannelModel::Finish);
        client.ids.clear();
      }
      EXPECT_EQ(models_[i].depth(), 0u);
      EXPECT_EQ(models_[i].in_flight(), 0u);
      EXPECT_EQ(models_[i].deferred(), 0u);
    }
    EXPECT_EQ(seen_letters_.size(), given_up_.size());
    Compare();
    ForgetEverything();
    StopCleanly();
    Compare();
  }

  // Whether the run met what it is for.
  uint64_t dead_letters() const { return given_up_.size(); }
  uint64_t parked() const { return parked_; }
  uint64_t replayed() const { return replayed_; }

 private:
  // The last one is of the topic for dead letters; it comes last, so that all
  // of them are there when everything is finished.
  static constexpr int kChannels = 4;
  static constexpr int kMortal = 1;
  static constexpr int kLetters = 3;
  static constexpr uint32_t kMaxAttempts = 2;
  static constexpr size_t kMostClients = 6;
  static constexpr absl::Duration kRetention = absl::Seconds(20);

  static std::string TopicOf(int channel) {
    return channel == kLetters ? "dead" : "t";
  }
  static std::string Name(int channel) { return absl::StrCat("c", channel); }
  int Pick(int below) { return static_cast<int>(random_() % below); }
  Client* AnyClient() {
    if (clients_.empty()) return nullptr;
    return &clients_[Pick(static_cast<int>(clients_.size()))];
  }
  template <typename Call>
  void Await(Call call) {
    absl::Notification done;
    call([&done](const absl::Status& status) {
      EXPECT_TRUE(status.ok()) << status;
      done.Notify();
    });
    done.WaitForNotification();
  }

  void Publish(uint32_t count) {
    const bool delayed = Pick(3) == 0;
    std::vector<int64_t> due;
    for (uint32_t i = 0; i < count; ++i) {
      const absl::Duration delay = absl::Milliseconds(Pick(15'000));
      due.push_back(delayed && Pick(2) == 0
                        ? absl::ToUnixNanos(clock_.WallNow() + delay)
                        : 0);
      retained_.Publish(clock_.WallNow(), due.back());
    }
    const auto topic = broker_->TopicForPublish("t");
    ASSERT_TRUE(topic.ok()) << topic.status();
    Await([&](auto done) {
      broker_->Publish(*topic, BlockOf(end_, due, clock_.WallNow()),
                       Durability::kUnspecified,
                       [&, done](const auto& outcome) {
                         if (outcome.ok()) {
                           EXPECT_EQ(outcome->first_message_id, end_);
                         }
                         done(outcome.status());
                       });
    });
    end_ += count;
    due_times_.insert(due_times_.end(), due.begin(), due.end());
    if (!topic_paused_) ShowAll();
  }
  void ShowAll() {
    for (int i = 0; i < kLetters; ++i) models_[i].Publish(visible_end_, end_);
    visible_end_ = end_;
  }

  Client& Subscribe(int channel, uint32_t ready) {
    if (clients_.size() >= kMostClients) Leave(0);
    Client client;
    client.holder = ++last_holder_;
    client.channel = channel;
    client.ready = ready;
    client.timeout = absl::Seconds(5 + Pick(20));
    SubscriberSpec spec;
    spec.message_timeout = client.timeout;
    auto subscription =
        broker_->Subscribe(TopicOf(channel), Name(channel),
                           StartPosition::kUnspecified, spec, woken_[channel]);
    EXPECT_TRUE(subscription.ok()) << subscription.status();
    client.subscription = *std::move(subscription);
    client.subscription->SetReady(ready, 0);
    clients_.push_back(std::move(client));
    return clients_.back();
  }
  void Leave(int index) {
    models_[clients_[index].channel].Release(clients_[index].holder);
    clients_.erase(clients_.begin() + index);
  }

  void Take(Client& client, uint32_t most) {
    ChannelModel& model = models_[client.channel];
    const uint64_t held = model.in_flight(client.holder);
    const bool may_take = model.HasWork() && held < client.ready;
    TakeLimit limit;
    limit.messages = most;
    std::vector<TakenMessage> taken;
    while (true) {
      const int calls = woken_[client.channel]->ready_calls();
      taken = TakeAll(*client.subscription, limit);
      if (!taken.empty() || !may_take) break;
      // A read from disk is under way; then somebody who waits is woken.
      ASSERT_TRUE(woken_[client.channel]->WaitForReadyCalls(calls + 1))
          << "nothing comes of " << model.depth() << " messages";
    }
    EXPECT_LE(taken.size(), most);
    const SteadyTime now = clock_.SteadyNow();
    for (const TakenMessage& message : taken) {
      if (client.channel == kLetters) {
        ExpectLetter(message);
      } else {
        EXPECT_EQ(message.body, BodyOf(message.sequence));
      }
      EXPECT_EQ(model.Deliver(client.holder, message.id, message.sequence,
                              message.attempts, now, now + client.timeout),
                "")
          << "message " << message.sequence;
      client.ids.push_back(message.id);
    }
    EXPECT_LE(model.in_flight(client.holder),
              std::max<uint64_t>(held, client.ready));
    EXPECT_EQ(model.Deferred(Stats(client.channel).deferred_count), "");
  }

  // A dead letter is one of a message that was given up, and the only one.
  void ExpectLetter(const TakenMessage& letter) {
    const size_t digits = letter.body.find(':');
    Sequence origin = 0;
    ASSERT_TRUE(absl::SimpleAtoi(letter.body.substr(0, digits), &origin));
    EXPECT_EQ(letter.body, BodyOf(origin));
    EXPECT_EQ(given_up_.count(origin), 1u) << origin;
    const auto seen = seen_letters_.emplace(origin, letter.sequence).first;
    EXPECT_EQ(seen->second, letter.sequence) << origin << " is there twice";
  }
  // Other threads write letters: waits until all that are due are there.
  void SettleLetters() {
    ChannelModel& model = models_[kMortal];
    const std::set<Sequence> buried = model.Bury();
    if (buried.empty()) return;
    AwaitLetters(model.counts.dead_letters);
    for (const Sequence sequence : buried) {
      EXPECT_TRUE(given_up_.insert(sequence).second) << sequence << " twice";
    }
    models_[kLetters].Publish(letters_end_, letters_end_ + buried.size());
    letters_end_ += buried.size();
  }
  void AwaitLetters(uint64_t count) {
    for (int i = 0; i < 10'000; ++i) {
      if (Stats(kMortal).dead_letter_count >= count) return;
      absl::SleepFor(absl::Milliseconds(1));
    }
    ADD_FAILURE() << "dead letters are not written";
  }
  // What came back from a crash with no attempt left goes when somebody takes.
  void GiveUpDoomed() {
    ChannelModel& model = models_[kMortal];
    const uint64_t doomed = model.doomed();
    if (doomed == 0) return;
    const bool paused = model.paused;
    PauseChannel(kMortal, false);
    // RDY past any backlog, or the first messages use it up.
    Client& client = Subscribe(kMortal, 1'000'000);
    for (int i = 0; Stats(kMortal).dead_letter_count < doomed; ++i) {
      ASSERT_LT(i, 10'000) << "dead letters are not written";
      Take(client, 1000);
      absl::SleepFor(absl::Milliseconds(1));
    }
    model.GiveUpDoomed();
    Leave(static_cast<int>(clients_.size()) - 1);
    PauseChannel(kMortal, paused);
    SettleLetters();
  }

  ChannelStats Stats(int channel) {
    return StatsOf(TopicOf(channel), Name(channel));
  }
  ChannelStats StatsOf(const std::string& topic, const std::string& channel) {
    const auto stats = broker_->GetStats(topic, channel, false);
    EXPECT_TRUE(stats.ok()) << stats.status();
    return stats.ok() ? stats->at(0).channels.at(0) : ChannelStats();
  }

  // Ids to act on: mostly the client's own, held or not any more.
  std::vector<DeliveryId> SomeIds(const Client& client) {
    std::vector<DeliveryId> ids;
    const bool others = Pick(8) == 0;
    const std::vector<DeliveryId>& from =
        others ? clients_[Pick(static_cast<int>(clients_.size()))].ids
               : client.ids;
    for (int i = Pick(12); i > 0 && !from.empty(); --i) {
      const size_t recent = std::min<size_t>(from.size(), 40);
      ids.push_back(from[from.size() - 1 - random_() % recent]);
    }
    return ids;
  }
  // Tells the broker and the model the same; both refuse the same ids.
  template <typename Call, typename ModelCall, typename... Args>
  void Tell(Client& client, Call call, const std::vector<DeliveryId>& ids,
            ModelCall model_call, Args... args) {
    std::vector<DeliveryId> refused;
    ((*client.subscription).*call)(ids, args..., &refused);
    std::vector<DeliveryId> wanted;
    ChannelModel& model = models_[client.channel];
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(wanted),
                 [&](DeliveryId id) {
                   return !(model.*model_call)(client.holder, id, args...);
                 });
    EXPECT_EQ(refused, wanted);
  }
  void Act(Client& client) {
    const std::vector<DeliveryId> ids = SomeIds(client);
    const int action = Pick(20);
    if (action < 12) {
      Tell(client, &Subscription::Finish, ids, &ChannelModel::Finish);
    } else if (action < 16) {
      Tell(client, &Subscription::Requeue, ids, &ChannelModel::Requeue,
           absl::Milliseconds(Pick(3) == 0 ? Pick(20'000) : 0), Pick(2) == 0);
    } else if (action < 18) {
      Touch(client, ids);
    } else {
      client.ready = Pick(40);
      client.subscription->SetReady(client.ready, 0);
    }
  }
  void Touch(Client& client, const std::vector<DeliveryId>& ids) {
    std::vector<DeliveryId> refused;
    client.subscription->Touch(ids, &refused);
    std::vector<DeliveryId> wanted;
    for (const DeliveryId id : ids) {
      if (!models_[client.channel].Touch(client.holder, id, clock_.SteadyNow(),
                                         client.timeout,
                                         options_.limits.max_message_timeout)) {
        wanted.push_back(id);
      }
    }
    EXPECT_EQ(refused, wanted);
  }

  void Advance(absl::Duration duration) {
    clock_.Advance(duration);
    broker_->PollDeadlinesForTest();
    for (ChannelModel& model : models_) {
      model.Expire(clock_.SteadyNow());
      model.ReleaseDue();
    }
  }
  void PauseChannel(int channel, bool paused) {
    Await([&](auto done) {
      broker_->SetChannelPaused(
          TopicOf(channel), Name(channel), paused,
          [done](const auto& info) { done(info.status()); });
    });
    models_[channel].paused = paused;
  }
  void PauseTopic(bool paused) {
    Await([&](auto done) {
      broker_->SetTopicPaused(
          "t", paused, [done](const auto& info) { done(info.status()); });
    });
    topic_paused_ = paused;
    if (!paused) ShowAll();
  }
  void EmptyChannel(int channel) {
    Await([&](auto done) {
      broker_->EmptyChannel(TopicOf(channel), Name(channel), done);
    });
    models_[channel].Empty();
  }

  // What a new channel gets, which is deleted again.
  std::vector<Sequence> TakeFromTheEarliest() {
    const auto woken = std::make_shared<FakeSubscriber>();
    SubscriberSpec spec;
    spec.message_timeout = absl::Minutes(1);
    auto replay = broker_->Subscribe("t", "replay", StartPosition::kEarliest,
                                     spec, woken);
    EXPECT_TRUE(replay.ok()) << replay.status();
    (*replay)->SetReady(1'000'000, 0);
    std::vector<Sequence> got;
    while (true) {
      const int calls = woken->ready_calls();
      const std::vector<TakenMessage> taken = TakeAll(**replay);
      for (const TakenMessage& message : taken) {
        EXPECT_EQ(message.body, BodyOf(message.sequence));
        got.push_back(message.sequence);
      }
      if (!taken.empty()) continue;
      if (StatsOf("t", "replay").depth == 0) break;
      if (!woken->WaitForReadyCalls(calls + 1)) {
        ADD_FAILURE() << "nothing comes after " << got.size() << " messages";
        break;
      }
    }
    (*replay).reset();
    Await([&](auto done) { broker_->DeleteChannel("t", "replay", done); });
    return got;
  }
  void Replay() {
    // Where no channel needs them, only the retention keeps messages.
    if (Pick(2) == 0) {
      for (int i = 0; i < kLetters; ++i) EmptyChannel(i);
      Advance(absl::Seconds(Pick(15)));
      PauseChannel(0, models_[0].paused);  // the committer looks at the time
    }
    const std::vector<Sequence> got = TakeFromTheEarliest();
    EXPECT_EQ(retained_.Check(got, visible_end_, clock_.WallNow()), "");
    replayed_ += got.size();
  }
  // With everything finished and the retention over, the log lets go of it.
  void ForgetEverything() {
    Advance(2 * kRetention);
    size_t left = 1;
    for (int i = 0; left > 0 && i < 100; ++i) {
      Advance(absl::Seconds(1));
      PauseChannel(0, false);  // the committer looks at the time
      left = TakeFromTheEarliest().size();
    }
    EXPECT_EQ(left, 0u) << "finished messages are kept past the retention";
  }

  CursorState SavedCursor(int channel) {
    CursorState state;
    const std::string key =
        channel == kLetters ? CursorKey(2, 1) : CursorKey(1, channel + 1);
    const absl::Status read = store_->ReadState(
        StateFamily::kMeta, key, [&](absl::string_view, absl::string_view v) {
          auto decoded = CursorState::Decode(v);
          if (decoded.ok()) state = *std::move(decoded);
          return decoded.status();
        });
    EXPECT_TRUE(read.ok()) << read;
    return state;
  }
  // Within a second the disk knows everything.
  void CheckWhatIsSaved() {
    // A timer that fires by itself in the last of the seconds comes too late
    // for what is looked at: then there is another look.
    std::string wrong = WhatIsNotSaved();
    for (int i = 0; i < 3 && !wrong.empty(); ++i) wrong = WhatIsNotSaved();
    EXPECT_EQ(wrong, "");
    EXPECT_TRUE(store_
                    ->ReadState(StateFamily::kParked, "",
                                [this](auto, auto) {
                                  ++parked_;
                                  return absl::OkStatus();
                                })
                    .ok());
  }
  std::string WhatIsNotSaved() {
    PauseChannel(0, models_[0].paused);  // the committer looks at the time
    Advance(absl::Seconds(1));
    SettleLetters();
    PauseChannel(0, models_[0].paused);
    // What one channel's timer changed may have had the committer look while
    // another's was still to fire: it looks once more.
    clock_.Advance(absl::Seconds(1));
    PauseChannel(0, models_[0].paused);
    std::string wrong;
    for (int i = 0; i < kChannels && wrong.empty(); ++i) {
      wrong = models_[i].CheckSaved(SavedCursor(i));
      if (!wrong.empty()) wrong += absl::StrCat(", of ", Name(i));
    }
    Advance(absl::ZeroDuration());
    SettleLetters();
    return wrong;
  }

  void Open() {
    store_ = &restartable_.Open();
    auto broker = Broker::Open(options_, *store_, clock_);
    ASSERT_TRUE(broker.ok()) << broker.status();
    broker_ = *std::move(broker);
  }
  void StopCleanly() {
    while (!clients_.empty()) Leave(0);
    SettleLetters();
    const absl::Status stopped = broker_->Stop();
    EXPECT_TRUE(stopped.ok()) << stopped;
    broker_.reset();
    restartable_.Close();
    Open();
    for (int i = 0; i < kChannels; ++i) {
      EXPECT_EQ(models_[i].CheckSaved(SavedCursor(i)), "") << Name(i);
      models_[i].counts = {};
    }
  }
  void Restart() {
    if (Pick(2) == 0) return StopCleanly();
    while (!clients_.empty()) Leave(0);
    SettleLetters();
    broker_.reset();  // without Stop()
    restartable_.Crash(Pick(2) == 0 ? MemoryMessageStore::Crash::kPowerLoss
                                    : MemoryMessageStore::Crash::kProcessKill);
    Open();
    for (int i = 0; i < kChannels; ++i) {
      EXPECT_EQ(models_[i].Crash(SavedCursor(i)), "") << Name(i);
    }
    Advance(absl::ZeroDuration());  // what an older record had as deferred
    GiveUpDoomed();
  }

  void Compare() {
    SettleLetters();
    for (int i = 0; i < kChannels; ++i) {
      SCOPED_TRACE(Name(i));
      const ChannelStats channel = Stats(i);
      const ChannelModel& model = models_[i];
      EXPECT_EQ(channel.depth, model.depth());
      EXPECT_EQ(channel.in_flight_count, model.in_flight());
      EXPECT_EQ(channel.deferred_count, model.deferred());
      EXPECT_EQ(channel.finish_count, model.counts.finished);
      EXPECT_EQ(channel.requeue_count, model.counts.requeued);
      EXPECT_EQ(channel.timeout_count, model.counts.timed_out);
      EXPECT_EQ(channel.dropped_count, model.counts.dropped);
      EXPECT_EQ(channel.dead_letter_count, model.counts.dead_letters);
      EXPECT_EQ(channel.message_count,
                channel.finish_count + channel.dead_letter_count +
                    channel.dropped_count + channel.depth +
                    channel.in_flight_count + channel.deferred_count);
      EXPECT_EQ(channel.paused, model.paused);
    }
  }

  RestartableStore& restartable_;
  std::mt19937 random_;
  FakeClock clock_;
  BrokerOptions options_;
  MessageStore* store_ = nullptr;
  std::unique_ptr<Broker> broker_;
  ChannelModel models_[kChannels];
  // Hears every wake of a channel, whomever it is for.
  std::shared_ptr<FakeSubscriber> woken_[kChannels];
  std::vector<Client> clients_;
  int last_holder_ = 0;
  std::vector<int64_t> due_times_;             // of what was published
  std::set<Sequence> given_up_;                // messages with a dead letter
  std::map<Sequence, Sequence> seen_letters_;  // and its id, once it was taken
  Sequence letters_end_ = 1;
  uint64_t parked_ = 0;  // copies seen on disk
  ReplayModel retained_{kRetention};
  uint64_t replayed_ = 0;  // messages that a new channel got
  Sequence end_ = 1;       // of what was published
  Sequence visible_end_ = 1;
  bool topic_paused_ = false;
};

inline void RunAgainstModel(RestartableStore& store, unsigned seed, int steps) {
  SCOPED_TRACE(testing::Message() << "SLUICE_MODEL_SEED=" << seed);
  ModelRun run(store, seed);
  for (int step = 0; step < steps; ++step) {
    run.Step();
    ASSERT_FALSE(testing::Test::HasFailure()) << "at step " << step;
  }
  run.FinishEverything();
  if (steps < 10'000) return;  // chance may have spared a short run
  EXPECT_GT(run.dead_letters(), 0u);
  EXPECT_GT(run.parked(), 0u);
  EXPECT_GT(run.replayed(), 0u);
}

}  // namespace sluice

#endif  // SLUICE_TESTS_MODEL_MODEL_RUN_H_
