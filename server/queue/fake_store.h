// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_FAKE_STORE_H_
#define SLUICE_SERVER_QUEUE_FAKE_STORE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "server/storage/memory_message_store.h"

namespace sluice {

// The in-memory store for tests that must see when something is written, keep
// a write waiting, or make reads fail. Thread-safe.
class FakeStore final : public MessageStore {
 public:
  struct Batch {
    size_t blocks = 0;
    size_t records = 0;
    bool sync = false;
  };

  // MessageStore.
  void Append(StoreBatch batch, AppendDone done) override {
    {
      absl::MutexLock lock(&mu_);
      ++held_appends_;
      const auto may_go = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
        return !hold_appends_ || passes_ > 0;
      };
      mu_.Await(absl::Condition(&may_go));
      if (passes_ > 0) --passes_;
      --held_appends_;
      batches_.push_back({batch.blocks.size(), batch.state.size(), batch.sync});
    }
    memory_.Append(std::move(batch), [&](absl::Status status) {
      Notice([] {});
      done(std::move(status));
    });
  }
  absl::StatusOr<std::vector<RecordBlockPtr>> ReadBlocks(
      TopicId topic, Sequence from, Sequence to, size_t max_bytes) override {
    {
      absl::MutexLock lock(&mu_);
      ++reads_;
      if (failing_reads_ > 0) {
        --failing_reads_;
        return absl::UnavailableError("a test makes this read fail");
      }
    }
    return memory_.ReadBlocks(topic, from, to, max_bytes);
  }
  absl::StatusOr<Sequence> SkipDamage(TopicId topic, Sequence from,
                                      Sequence to) override {
    return memory_.SkipDamage(topic, from, to);
  }
  absl::StatusOr<LogExtent> Extent(TopicId topic) override {
    return memory_.Extent(topic);
  }
  absl::Status Forget(TopicId topic, Sequence before) override {
    const absl::Status status = memory_.Forget(topic, before);
    Notice([this, before]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      forgotten_.push_back(before);
    });
    return status;
  }
  absl::Status ReadState(StateFamily family, absl::string_view prefix,
                         const StateVisitor& visit) override {
    if (family == StateFamily::kParked) {
      absl::MutexLock lock(&mu_);
      if (failing_reads_ > 0) {
        --failing_reads_;
        return absl::UnavailableError("a test makes this read fail");
      }
    }
    return memory_.ReadState(family, prefix, visit);
  }
  absl::Status Sync() override {
    const absl::Status status = memory_.Sync();
    Notice([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { ++syncs_; });
    return status;
  }
  absl::Status health() override { return memory_.health(); }

  // Appends wait from now on, until ReleaseAppends().
  void HoldAppends() { SetHold(true); }
  void ReleaseAppends() { SetHold(false); }
  // The one that waits goes on; the next one waits again.
  void LetOneAppendThrough() {
    absl::MutexLock lock(&mu_);
    ++passes_;
    const auto passed = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      return passes_ == 0;
    };
    mu_.Await(absl::Condition(&passed));
  }
  // False when none came within a generous time.
  bool WaitForHeldAppend() {
    return WaitFor([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      return held_appends_ > 0;
    });
  }
  void FailReads(int count) {
    absl::MutexLock lock(&mu_);
    failing_reads_ = count;
  }

  std::vector<Batch> batches() const {
    absl::MutexLock lock(&mu_);
    return batches_;
  }
  int reads() const {
    absl::MutexLock lock(&mu_);
    return reads_;
  }
  // What Forget() was told, in order; waits until it was told so often.
  std::vector<Sequence> WaitForForgotten(size_t count) {
    WaitFor([this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      return forgotten_.size() >= count;
    });
    absl::MutexLock lock(&mu_);
    return forgotten_;
  }
  bool WaitForSyncs(int count) {
    return WaitFor([this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      return syncs_ >= count;
    });
  }

  // The meta record `key`; nothing when there is none.
  absl::optional<std::string> Record(const std::string& key) {
    absl::optional<std::string> found;
    memory_
        .ReadState(StateFamily::kMeta, key,
                   [&](absl::string_view candidate, absl::string_view value) {
                     if (candidate == key) found = std::string(value);
                     return absl::OkStatus();
                   })
        .IgnoreError();
    return found;
  }
  // Waits until `wanted` is true of the record. False when it never was.
  using RecordWanted = std::function<bool(const absl::optional<std::string>&)>;
  bool WaitForRecord(const std::string& key, const RecordWanted& wanted) {
    return WaitFor([&] { return wanted(Record(key)); });
  }

  MemoryMessageStore& memory() { return memory_; }

 private:
  void SetHold(bool hold) {
    absl::MutexLock lock(&mu_);
    hold_appends_ = hold;
  }
  // Notes something; those who wait look again.
  template <typename Note>
  void Notice(Note note) {
    absl::MutexLock lock(&mu_);
    note();
  }
  template <typename Wanted>
  bool WaitFor(const Wanted& wanted) {
    absl::MutexLock lock(&mu_);
    return mu_.AwaitWithTimeout(absl::Condition(&wanted), absl::Seconds(20));
  }

  mutable absl::Mutex mu_;
  bool hold_appends_ ABSL_GUARDED_BY(mu_) = false;
  int passes_ ABSL_GUARDED_BY(mu_) = 0;
  int held_appends_ ABSL_GUARDED_BY(mu_) = 0;
  int failing_reads_ ABSL_GUARDED_BY(mu_) = 0;
  int reads_ ABSL_GUARDED_BY(mu_) = 0;
  int syncs_ ABSL_GUARDED_BY(mu_) = 0;
  std::vector<Sequence> forgotten_ ABSL_GUARDED_BY(mu_);
  std::vector<Batch> batches_ ABSL_GUARDED_BY(mu_);
  MemoryMessageStore memory_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_FAKE_STORE_H_
