// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CRASH_HISTORY_H_
#define SLUICE_TESTS_CRASH_HISTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace sluice {

// The body of message number `key`: says its key, and is made of it to the last
// byte.
std::string BodyOf(uint64_t key);
// The key, or nothing when a byte is not as BodyOf made it.
absl::optional<uint64_t> KeyOf(const std::string& body);

// One thing that a client did or saw, or that was done to the node. Which
// fields count depends on the kind. A test gives each message it publishes a
// key of its own, and each stream a number.
struct Event {
  enum class Kind {
    // key, delay. Before the request leaves.
    kPublishInvoked,
    // key, message_id. A publish without this or the next is unknown.
    kPublishOk,
    // key. Refused: it had no effect.
    kPublishFailed,
    // channel, client, delivery_id, message_id, attempts, and key, or no key
    // when the bytes are not those of any message. Of a dead letter origin_id
    // and origin_attempts, too, as it says them.
    kDelivered,
    // channel, client, delivery_id. Before the command leaves.
    kFinishSent,
    kRequeueSent,  // and delay
    kTouchSent,
    // channel, client, delivery_id, key. The answers to a finish.
    kFinishOk,
    kNotInFlight,
    // channel, client, count.
    kReady,
    // channel, client. Before the client cancels, or once it sees the end.
    kStreamEnded,
    // The node.
    kKilled,  // before the signal leaves
    kRestarted,
    // channel; those that end in Ok after the answer, else before the request.
    kPauseOk,
    kResumeInvoked,
    kEmptyInvoked,
    kEmptyOk,
    kDeleteInvoked,
    // channel, and in count what the node says it still holds, in any state.
    kCounted,
  };

  Kind kind = Kind::kPublishInvoked;
  absl::Time when;
  std::string channel;
  uint64_t client = 0;
  absl::optional<uint64_t> key;
  uint64_t message_id = 0;
  uint64_t delivery_id = 0;
  uint32_t attempts = 0;
  uint64_t count = 0;
  absl::Duration delay;
  uint64_t origin_id = 0;
  uint32_t origin_attempts = 0;
};

// Everything that happened, for a judge (judge.h) to look at when all is over.
// Thread-safe. Times are those of one monotonic clock.
class History {
 public:
  // Sets the time of the event, and keeps it.
  void Add(Event event) ABSL_LOCKS_EXCLUDED(mu_);
  // Shorthand for events without more fields.
  void Add(Event::Kind kind, const std::string& channel = "");

  // By time.
  std::vector<Event> Events() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  mutable absl::Mutex mu_;
  std::vector<Event> events_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CRASH_HISTORY_H_
