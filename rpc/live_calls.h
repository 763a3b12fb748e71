// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_RPC_LIVE_CALLS_H_
#define SLUICE_RPC_LIVE_CALLS_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace sluice {

// A call as the server sees it. Both are called on any thread, must return at
// once and must neither begin nor end a call.
class LiveCall {
 public:
  // The node began to drain.
  virtual void OnDrain() {}
  // Whether the server serves may have changed.
  virtual void OnServingChanged() {}
  // The server stops: end, as soon as what is under way allows.
  virtual void OnStop() {}

 protected:
  ~LiveCall() = default;
};

// The calls under way, so that a server can tell them about its own end and
// wait for theirs; and the objects that wait for a call to come, which may not
// outlive the completion queues either. Thread-safe. Owned by its server.
class LiveCalls {
 public:
  // An object that waits for a call was made.
  void Expect() ABSL_LOCKS_EXCLUDED(mu_);
  // Its call came, and has begun.
  void Add(LiveCall* call) ABSL_LOCKS_EXCLUDED(mu_);
  // The object goes, whether or not its call came. First thing in its
  // destructor: after that it is told nothing any more.
  void Remove(LiveCall* call) ABSL_LOCKS_EXCLUDED(mu_);

  // Tells all; calls added later are not told, and must look for themselves.
  void Drain() ABSL_LOCKS_EXCLUDED(mu_);
  void ServingChanged() ABSL_LOCKS_EXCLUDED(mu_);
  // Tells all. A call added later is told at once.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

  // Blocks until no call is left, but not longer than `timeout`.
  void WaitUntilNoCalls(absl::Duration timeout) ABSL_LOCKS_EXCLUDED(mu_);
  // Blocks until no object is left. gRPC must have been shut down.
  void WaitUntilNothing() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  absl::Mutex mu_;
  absl::flat_hash_set<LiveCall*> calls_ ABSL_GUARDED_BY(mu_);
  int64_t objects_ ABSL_GUARDED_BY(mu_) = 0;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace sluice

#endif  // SLUICE_RPC_LIVE_CALLS_H_
