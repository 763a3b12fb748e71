// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_STORE_REOPENER_H_
#define SLUICE_SERVER_STORAGE_STORE_REOPENER_H_

#include <functional>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/storage/store_health.h"
#include "spdlog/logger.h"

namespace sluice {

// Brings a store that met a full disk back: waits for room, which it looks for
// four times a second, then opens the store again, and when that fails tries
// again after half a second, later after up to four.
//
// Owned by the store. Has a thread while the disk is full, and none otherwise.
// It is done with once something worse than a full disk has happened.
class StoreReopener {
 public:
  using HasRoom = std::function<bool()>;
  // Closes and opens the store. RESOURCE_EXHAUSTED or UNAVAILABLE: worth
  // another try.
  using Reopen = std::function<absl::Status()>;

  // `health` outlives this; `logger` may be null.
  StoreReopener(StoreHealth* health, HasRoom has_room, Reopen reopen,
                std::shared_ptr<spdlog::logger> logger);
  // Waits for a reopening under way.
  ~StoreReopener();
  StoreReopener(const StoreReopener&) = delete;
  StoreReopener& operator=(const StoreReopener&) = delete;

 private:
  void Start() ABSL_LOCKS_EXCLUDED(mu_);
  // Until it is open again or given up, or the store goes.
  void BringBack();

  StoreHealth* const health_;
  const HasRoom has_room_;
  const Reopen reopen_;
  const std::shared_ptr<spdlog::logger> logger_;

  absl::Mutex mu_;
  std::thread thread_ ABSL_GUARDED_BY(mu_);  // the last one; it may have ended
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_STORE_REOPENER_H_
