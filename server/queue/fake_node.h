// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_FAKE_NODE_H_
#define SLUICE_SERVER_QUEUE_FAKE_NODE_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "base/fake_clock.h"
#include "base/io_pool.h"
#include "base/limits.h"
#include "server/queue/channel.h"
#include "server/queue/deadlines.h"
#include "server/queue/fake_store.h"
#include "server/queue/memory_budget.h"
#include "server/queue/topic_log.h"

namespace sluice {

// A block of these messages that has no place in a log yet.
inline std::unique_ptr<RecordBlock> MakeBlock(
    const std::vector<std::string>& bodies,
    absl::Time publish_time = absl::FromUnixSeconds(1)) {
  size_t bytes = 0;
  for (const std::string& body : bodies) bytes += body.size();
  RecordBlockBuilder builder(static_cast<uint32_t>(bodies.size()), bytes,
                             /*with_attributes=*/false);
  for (const std::string& body : bodies) builder.Add(body);
  return std::move(builder).Build(publish_time);
}

// The same, each message due at its own time (Unix nanoseconds; 0: at once).
inline std::unique_ptr<RecordBlock> MakeDelayedBlock(
    const std::vector<std::string>& bodies, const std::vector<int64_t>& due) {
  RecordBlockBuilder builder(static_cast<uint32_t>(bodies.size()), 0,
                             /*with_attributes=*/false, 0,
                             /*with_due_times=*/true);
  for (size_t i = 0; i < bodies.size(); ++i) builder.Add(bodies[i], {}, due[i]);
  return std::move(builder).Build(absl::FromUnixSeconds(1));
}

// Messages 10 to 12 at byte 1000 of a log, the second with an attribute and a
// due time, published in second 5.
inline RecordBlockPtr MakeVariedBlock() {
  RecordBlockBuilder builder(3, 9, /*with_attributes=*/true, 0,
                             /*with_due_times=*/true);
  builder.Add("one");
  builder.Add("two", {{"k", "v"}}, 77);
  builder.Add("six");
  auto block = std::move(builder).Build(absl::FromUnixSeconds(5));
  block->Seal(10, 1000);
  return block;
}

// Hands letters to whatever the test says.
struct FakeDeadLetterSink : DeadLetterSink {
  void Send(std::shared_ptr<Topic> topic, std::shared_ptr<Channel> channel,
            const std::string&, std::unique_ptr<RecordBlock> block) override {
    send(std::move(topic), std::move(channel), std::move(block));
  }
  std::function<void(std::shared_ptr<Topic>, std::shared_ptr<Channel>,
                     std::unique_ptr<RecordBlock>)>
      send;
};

// What channels and topics need of a node, for tests: time stands still, and
// the tests play the committer.
struct FakeNode {
  // Each may call the other.
  ~FakeNode() {
    deadlines.Stop();
    io_pool.Stop();
  }

  ChannelEnv env() {
    return {clock, limits, store, io_pool, deadlines, dead_letters};
  }

  std::shared_ptr<TopicLog> MakeLog(bool ephemeral = false,
                                    const TopicLog::Start& start = {}) {
    return std::make_shared<TopicLog>(1, ephemeral, start, budget);
  }

  // Puts a block at the end of the log, and into the store unless it is queued.
  RecordBlockPtr Append(TopicLog& log, const std::vector<std::string>& bodies,
                        LogTail::Placement placement) {
    return Append(log, MakeBlock(bodies), placement);
  }
  RecordBlockPtr Append(TopicLog& log, std::unique_ptr<RecordBlock> block,
                        LogTail::Placement placement) {
    log.Number(block.get());
    const RecordBlockPtr placed = std::move(block);
    if (placement == LogTail::Placement::kCached) {
      StoreBatch batch;
      batch.blocks.push_back({log.id(), placed});
      store.Append(std::move(batch), [](absl::Status) {});
    }
    log.Append(placed, placement);
    return placed;
  }

  void Advance(absl::Duration duration) {
    clock.Advance(duration);
    deadlines.Poll();
  }

  // Everything handed to the pool before has run.
  void FinishIo() {
    absl::Notification done;
    io_pool.Submit([&] { done.Notify(); });
    done.WaitForNotification();
  }

  FakeClock clock;
  Limits limits;
  FakeDeadLetterSink dead_letters;
  MemoryBudget budget{1 << 30, 1 << 30};
  FakeStore store;
  IoPool io_pool{1};
  Deadlines deadlines{clock};
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_FAKE_NODE_H_
