// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/log_upkeep.h"

#include <utility>

#include "server/queue/log_samples.h"
#include "server/storage/blocking_append.h"
#include "server/storage/keys.h"
#include "spdlog/spdlog.h"

namespace sluice {
namespace {

// The store is told to forget when this much can go, or this late.
constexpr uint64_t kForgetBytes = 64 << 20;
constexpr absl::Duration kForgetAfter = absl::Seconds(10);
// Blocks looked at to learn how old what an earlier run wrote is.
constexpr uint64_t kSamples = 128;

}  // namespace

LogUpkeep::LogUpkeep(MessageStore& store, Clock& clock, IoPool& io_pool)
    : store_(store), clock_(clock), io_pool_(io_pool) {}

void LogUpkeep::WatchRequestIds(const std::shared_ptr<Topic>& topic) {
  deduplicated_.try_emplace(topic, 0);
}

void LogUpkeep::WatchRetention(const std::shared_ptr<Topic>& topic) {
  retaining_.insert(topic);
}

void LogUpkeep::WatchFloors(const std::shared_ptr<Topic>& topic) {
  forgettable_.try_emplace(topic, clock_.SteadyNow());
}

void LogUpkeep::ExpireRequestIds(absl::Time now, StoreBatch* batch) {
  for (auto it = deduplicated_.begin(); it != deduplicated_.end();) {
    Topic& topic = *it->first;
    DedupWindow& window = *topic.dedup;
    window.Expire(now);
    if (!topic.ephemeral() && !topic.deleted() && it->second < window.first()) {
      it->second = window.first();
      batch->state.push_back({StateFamily::kMeta, DedupKeyPrefix(topic.id()),
                              absl::nullopt,
                              DedupKey(topic.id(), window.first())});
    }
    if (window.empty() || topic.deleted()) {
      topic.dedup.reset();
      deduplicated_.erase(it++);
    } else {
      ++it;
    }
  }
}

void LogUpkeep::ReleaseRetained(SteadyTime now) {
  const int64_t wall_now = absl::ToUnixNanos(clock_.WallNow());
  for (auto it = retaining_.begin(); it != retaining_.end();) {
    Topic& topic = **it;
    TopicLog& log = topic.log();
    const int64_t retention = topic.retention_nanos();
    if (retention > 0 && log.NeedsSamples()) {
      log.WantSamples();
      SampleLogOf(topic);
    }
    const Sequence over =
        retention > 0 ? log.PublishedUntil(wall_now - retention) : log.end();
    if (topic.ReleaseRetained(over)) {
      topic.OnFloorAdvanced();
      forgettable_.try_emplace(*it, now);
    }
    if (over >= log.end() || topic.deleted()) {
      retaining_.erase(it++);
    } else {
      ++it;
    }
  }
}

void LogUpkeep::SampleLogOf(const Topic& topic) {
  io_pool_.Submit([&store = store_, log = topic.log_handle()] {
    auto samples = SampleLog(store, log->id(), kSamples);
    if (samples.ok()) return log->OfferSamples(*std::move(samples));
    spdlog::warn("nobody knows how old the messages of a topic are: {}",
                 samples.status().ToString());
  });
}

void LogUpkeep::ForgetWhatIsDone(SteadyTime now) {
  for (auto it = forgettable_.begin(); it != forgettable_.end();) {
    Topic& topic = *it->first;
    TopicLog& log = topic.log();
    const Sequence below = topic.deleted() ? 0 : topic.ForgettableBelow();
    if (below > log.first()) log.AdvanceFirst(below);
    const bool has_more = !topic.deleted() && !topic.ephemeral() &&
                          log.first() > log.forgotten_before;
    const bool is_due =
        log.first_offset() - log.forgotten_offset >= kForgetBytes ||
        now - it->second >= kForgetAfter;
    if (has_more && is_due) Forget(topic);
    if (!has_more || is_due) {
      forgettable_.erase(it++);
    } else {
      ++it;
    }
  }
}

void LogUpkeep::Forget(Topic& topic) {
  TopicLog& log = topic.log();
  const Sequence forgotten_before = log.forgotten_before;
  const uint64_t forgotten_offset = log.forgotten_offset;
  log.forgotten_before = log.first();
  log.forgotten_offset = log.first_offset();
  // The mark goes first: were the blocks gone without it, a restart could not
  // tell where the ids had got to.
  StoreBatch batch;
  batch.state.push_back(log.MarkRecord(/*clean=*/false));
  const absl::Status status = AppendBlocking(store_, std::move(batch));
  if (!status.ok()) {
    log.forgotten_before = forgotten_before;
    log.forgotten_offset = forgotten_offset;
    return;
  }
  io_pool_.Submit([&store = store_, id = log.id(), before = log.first()] {
    const absl::Status forgotten = store.Forget(id, before);
    if (!forgotten.ok()) {
      spdlog::warn("space of finished messages is not freed: {}",
                   forgotten.ToString());
    }
  });
}

}  // namespace sluice
