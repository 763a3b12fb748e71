// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_EXPIRY_H_
#define SLUICE_LOOKUP_EXPIRY_H_

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "lookup/lookup_registry.h"

namespace sluice {

// One thread that has the registry do what time alone does, when it is due: no
// tick. Thread-safe. Owned by LookupServer.
class Expiry {
 public:
  // Starts the thread. Both outlive this.
  Expiry(LookupRegistry& registry, Clock& clock);
  // Ends it.
  ~Expiry();
  Expiry(const Expiry&) = delete;
  Expiry& operator=(const Expiry&) = delete;

  // Something may be due earlier than before: a node or a tombstone is new.
  void Reconsider() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run();

  LookupRegistry& registry_;
  Clock& clock_;

  absl::Mutex mu_;
  absl::CondVar changed_;
  bool reconsider_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace sluice

#endif  // SLUICE_LOOKUP_EXPIRY_H_
