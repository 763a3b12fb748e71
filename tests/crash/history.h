// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CRASH_HISTORY_H_
#define SLUICE_TESTS_CRASH_HISTORY_H_

#include <cstdint>
#include <string>
#include <unordered_map>
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

// What clients saw of one topic and one channel through crashes of the node,
// and whether the node kept its word: what it acknowledged is delivered with
// its bytes and its id, no id ever stands for two messages, and what it
// finished comes again only when a crash followed within the second.
//
// Thread-safe. Times are those of the clients.
class History {
 public:
  // A publish was answered: message `key` has this id.
  void Acknowledged(uint64_t key, uint64_t message_id);
  void Delivered(uint64_t message_id, const std::string& body, absl::Time when);
  // The answer to a finish came.
  void Finished(uint64_t message_id, absl::Time when);
  void Killed(absl::Time when);

  // What was broken, for people; at most a few of each kind. Asked at the end,
  // when everything that could be delivered was.
  std::vector<std::string> Violations() const;

  std::string Summary() const;

 private:
  struct Message {
    absl::optional<uint64_t> key;
    bool acknowledged = false;
    uint64_t deliveries = 0;
    absl::Time finished = absl::InfiniteFuture();
  };

  // Ties an id to a key, both ways.
  Message& Know(uint64_t message_id, uint64_t key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool ACrashExplains(absl::Time finished, absl::Time delivered) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Break(std::string what) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  mutable absl::Mutex mu_;
  std::unordered_map<uint64_t, Message> messages_ ABSL_GUARDED_BY(mu_);
  std::unordered_map<uint64_t, uint64_t> id_of_key_ ABSL_GUARDED_BY(mu_);
  std::vector<absl::Time> kills_ ABSL_GUARDED_BY(mu_);
  std::vector<std::string> violations_ ABSL_GUARDED_BY(mu_);
  uint64_t redeliveries_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CRASH_HISTORY_H_
