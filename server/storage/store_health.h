// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_STORE_HEALTH_H_
#define SLUICE_SERVER_STORAGE_STORE_HEALTH_H_

#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "rocksdb/listener.h"
#include "rocksdb/status.h"
#include "spdlog/logger.h"

namespace sluice {

// Whether the store still takes writes. A latch: after a write or an fsync has
// failed, nobody knows what the disk holds, so the store stays closed until it
// is opened again, however healthy the disk looks meanwhile. A full disk is the
// one failure after which it may be opened again while the process runs: what
// did fit is intact. Shared by the store and its listener. Thread-safe.
class StoreHealth {
 public:
  // `logger` may be null. So may `changed`, which is called each time status()
  // becomes OK or an error, by whoever met it; it returns at once.
  explicit StoreHealth(std::shared_ptr<spdlog::logger> logger,
                       std::function<void()> changed = nullptr);

  // OK, or STORE_UNAVAILABLE with the first reason given to Close, and the
  // first worse one after a full disk.
  absl::Status status() const;

  // Closes the store to writes and returns status().
  absl::Status Close(const rocksdb::Status& why);

  // --- For who opens the store again

  // `full` is called each time a full disk closes the store, by whoever met it,
  // under no lock, and never once StopWaiting has returned. Set before the
  // store is in use.
  void WhenFull(std::function<void()> full) ABSL_LOCKS_EXCLUDED(mu_);
  // Waits so long. False: StopWaiting was called.
  bool Pause(absl::Duration time);
  void StopWaiting();
  // Still closed by nothing worse than a full disk.
  bool full() const;
  // The store was opened again: OK, unless something worse happened meanwhile.
  void Reopened();

 private:
  // True: a full disk has just closed it.
  bool CloseLocked(const rocksdb::Status& why)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const std::shared_ptr<spdlog::logger> logger_;
  const std::function<void()> changed_;
  mutable absl::Mutex mu_;
  absl::Status status_ ABSL_GUARDED_BY(mu_);
  std::function<void()> when_full_ ABSL_GUARDED_BY(mu_);
  bool full_ ABSL_GUARDED_BY(mu_) = false;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
  int calls_under_way_ ABSL_GUARDED_BY(mu_) = 0;  // of when_full_
};

// Closes the store when RocksDB reports that background work failed, and keeps
// RocksDB from repairing itself: its own recovery from a full disk ends the
// process by a failed assertion.
class StoreHealthListener final : public rocksdb::EventListener {
 public:
  explicit StoreHealthListener(std::shared_ptr<StoreHealth> health);

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                         rocksdb::Status* error) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason,
                            rocksdb::Status error,
                            bool* auto_recovery) override;

 private:
  const std::shared_ptr<StoreHealth> health_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_STORE_HEALTH_H_
