// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// What a message costs in the queue, without gRPC and without a disk: the
// committer on a store in memory, and a channel's Take and Finish.
#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "server/queue/broker.h"
#include "server/queue/subscription.h"
#include "server/storage/memory_message_store.h"
#include "server/storage/record_block.h"

namespace sluice {
namespace {

constexpr uint32_t kMessages = 200;  // in a publish
constexpr int kBlocksAhead = 100;    // published before they are taken

std::unique_ptr<RecordBlock> MakeBlock(uint32_t messages) {
  const std::string body(200, 'x');
  RecordBlockBuilder builder(messages, messages * body.size(),
                             /*with_attributes=*/false);
  for (uint32_t i = 0; i < messages; ++i) builder.Add(body);
  return std::move(builder).Build(absl::UnixEpoch());
}

class QuietSubscriber final : public Subscriber {
 public:
  void OnMessagesReady() override {}
  void OnChannelClosed(const absl::Status&) override {}
};

// A broker with one topic and a channel that somebody is subscribed to.
class OneTopic {
 public:
  explicit OneTopic(Durability level) {
    BrokerOptions options;
    options.write_rules = {level,
                           level == Durability::kMemory ? 100'000'000u : 0u};
    broker_ = *Broker::Open(options, store_, Clock::Real());
    SubscriberSpec spec;
    spec.message_timeout = absl::Minutes(10);
    subscription_ =
        *broker_->Subscribe("t", "c", StartPosition::kEarliest, spec,
                            std::make_shared<QuietSubscriber>());
    subscription_->SetReady(2500, 0);
    topic_ = *broker_->TopicForPublish("t");
  }
  ~OneTopic() {
    subscription_.reset();
    topic_.reset();
    broker_->Stop().IgnoreError();
  }

  // Returns when all are answered.
  void Publish(std::vector<std::unique_ptr<RecordBlock>> blocks) {
    absl::Mutex mutex;
    size_t answers = 0;
    const size_t all = blocks.size();
    for (auto& block : blocks) {
      broker_->Publish(topic_, std::move(block), Durability::kMemory,
                       [&](const auto&) {
                         absl::MutexLock lock(&mutex);
                         ++answers;
                       });
    }
    const auto done = [&] { return answers == all; };
    mutex.LockWhen(absl::Condition(&done));
    mutex.Unlock();
  }

  void Fill() {
    std::vector<std::unique_ptr<RecordBlock>> blocks;
    for (int i = 0; i < kBlocksAhead; ++i) {
      blocks.push_back(MakeBlock(kMessages));
    }
    Publish(std::move(blocks));
  }

  // Takes so many messages, at most.
  uint32_t Take(uint32_t messages, std::vector<DeliveryRun>* runs) {
    TakeLimit limit;
    limit.messages = messages;
    return subscription_->Take(limit, runs);
  }
  void Finish(const std::vector<DeliveryRun>& runs) {
    ids_.clear();
    for (const DeliveryRun& run : runs) {
      for (uint32_t i = 0; i < run.count; ++i) {
        ids_.push_back(run.first_delivery_id + i);
      }
    }
    subscription_->Finish(ids_, &unknown_);
  }

 private:
  MemoryMessageStore store_;
  std::unique_ptr<Broker> broker_;
  std::shared_ptr<Topic> topic_;
  std::unique_ptr<Subscription> subscription_;
  std::vector<DeliveryId> ids_;
  std::vector<DeliveryId> unknown_;
};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

enum class Timed { kTake, kFinish };

// Takes and finishes in turn, and counts the time of one of both.
void TakeAndFinish(benchmark::State& state, Timed timed) {
  OneTopic topic(Durability::kMemory);
  const auto messages = static_cast<uint32_t>(state.range(0));
  std::vector<DeliveryRun> runs;
  int64_t taken = 0;
  topic.Fill();
  for (auto _ : state) {
    runs.clear();
    auto start = std::chrono::steady_clock::now();
    uint32_t count = topic.Take(messages, &runs);
    if (count < messages) {
      topic.Finish(runs);
      runs.clear();
      topic.Fill();
      start = std::chrono::steady_clock::now();
      count = topic.Take(messages, &runs);
    }
    const double take_seconds = SecondsSince(start);
    taken += count;
    start = std::chrono::steady_clock::now();
    topic.Finish(runs);
    state.SetIterationTime(timed == Timed::kTake ? take_seconds
                                                 : SecondsSince(start));
  }
  state.SetItemsProcessed(taken);
}

void Take(benchmark::State& state) { TakeAndFinish(state, Timed::kTake); }
void Finish(benchmark::State& state) { TakeAndFinish(state, Timed::kFinish); }

// Publishes under way at once: what the committer puts into one write.
void Commit(benchmark::State& state, Durability level) {
  OneTopic topic(level);
  std::vector<DeliveryRun> runs;
  for (auto _ : state) {
    std::vector<std::unique_ptr<RecordBlock>> blocks;
    for (int64_t i = 0; i < state.range(0); ++i) {
      blocks.push_back(MakeBlock(kMessages));
    }
    const auto start = std::chrono::steady_clock::now();
    topic.Publish(std::move(blocks));
    state.SetIterationTime(SecondsSince(start));
    // So that nothing piles up.
    do {
      runs.clear();
      topic.Take(1000, &runs);
      topic.Finish(runs);
    } while (!runs.empty());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * kMessages);
}

void CommitInMemory(benchmark::State& state) {
  Commit(state, Durability::kMemory);
}
void CommitToTheStore(benchmark::State& state) {
  Commit(state, Durability::kOs);
}

BENCHMARK(Take)->Arg(1)->Arg(200)->Arg(1000)->UseManualTime();
BENCHMARK(Finish)->Arg(1)->Arg(200)->Arg(1000)->UseManualTime();
BENCHMARK(CommitInMemory)->Arg(1)->Arg(32)->UseManualTime();
// The store in memory forgets within seconds only.
BENCHMARK(CommitToTheStore)->Arg(1)->Arg(32)->UseManualTime()->MinTime(0.2);

}  // namespace
}  // namespace sluice
