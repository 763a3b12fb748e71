// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_MEMORY_MESSAGE_STORE_H_
#define SLUICE_SERVER_STORAGE_MEMORY_MESSAGE_STORE_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"
#include "server/storage/message_store.h"

namespace sluice {

// A MessageStore that lives in memory and behaves like the one on disk, crashes
// included: for tests of what stands above it. Keeps a second image of what
// would be on stable storage. Thread-safe; answers appends before Append
// returns.
class MemoryMessageStore final : public MessageStore {
 public:
  void Append(StoreBatch batch, AppendDone done) override;
  absl::StatusOr<std::vector<RecordBlockPtr>> ReadBlocks(
      TopicId topic, Sequence from, Sequence to, size_t max_bytes) override;
  absl::StatusOr<Sequence> SkipDamage(TopicId topic, Sequence from,
                                      Sequence to) override;
  absl::StatusOr<LogExtent> Extent(TopicId topic) override;
  absl::Status Forget(TopicId topic, Sequence before) override;
  absl::Status ReadState(StateFamily family, absl::string_view prefix,
                         const StateVisitor& visit) override;
  absl::Status Sync() override;
  absl::Status health() override;

  // What an append that fails leaves behind.
  enum class FailedAppend { kNothingWritten, kAllWritten };

  // The next Append answers STORE_UNAVAILABLE and closes the store to writes,
  // as a failed write or fsync does.
  void FailNextAppendForTest(
      FailedAppend outcome = FailedAppend::kNothingWritten);

  // The block that begins there cannot be read from now on.
  void DamageForTest(LogPlace place);

  enum class Crash {
    kProcessKill,  // everything appended is still there
    kPowerLoss,    // only what was synced is
  };

  // What the store holds, and that it takes writes, after it is opened again.
  void CrashForTest(Crash crash);

 private:
  struct ForgetWrite {
    TopicId topic;
    Sequence before;
  };
  using Write = absl::variant<StoreBatch, ForgetWrite>;

  // The contents at one moment.
  class Image {
   public:
    using Log = std::map<std::pair<TopicId, Sequence>, RecordBlockPtr>;
    using State = std::map<std::pair<StateFamily, std::string>, std::string>;

    void Apply(const Write& write);

    Log log;
    State state;

   private:
    void Apply(const StoreBatch& batch);
    void Apply(const ForgetWrite& forget);
  };

  void ApplyWrite(Write write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void MakeDurable() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  absl::Mutex mu_;
  Image current_ ABSL_GUARDED_BY(mu_);
  Image durable_ ABSL_GUARDED_BY(mu_);
  // What current_ has and durable_ has not, in order.
  std::vector<Write> unsynced_ ABSL_GUARDED_BY(mu_);
  absl::Status health_ ABSL_GUARDED_BY(mu_);
  absl::optional<FailedAppend> fail_next_append_ ABSL_GUARDED_BY(mu_);
  std::set<std::pair<TopicId, Sequence>> damaged_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_MEMORY_MESSAGE_STORE_H_
