// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CRASH_COURT_H_
#define SLUICE_TESTS_CRASH_COURT_H_

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "tests/crash/history.h"
#include "tests/crash/judge.h"

namespace sluice {

// Judge() at work: hears the events one after the other (judge.cc) and checks
// each against what was before (judge_checks.cc).
class Court {
 public:
  explicit Court(const JudgeOptions& options) : options_(options) {
    for (const std::string& channel : options.channels) channels_[channel];
  }

  void Hear(const Event& event);
  Verdict Close();

 private:
  // What became of one message, as the clients tell it.
  struct Publish {
    absl::Time invoked = absl::InfiniteFuture();
    absl::Time answered = absl::InfiniteFuture();  // OK
    absl::Duration delay;
    bool refused = false;
    absl::optional<uint64_t> id;
    // As a dead letter.
    absl::optional<uint64_t> letter_id;
    absl::Time letter_seen = absl::InfiniteFuture();
  };

  // One delivery, and how it ended.
  struct Lease {
    absl::Time delivered;
    uint64_t client = 0;
    uint64_t delivery_id = 0;
    uint32_t attempts = 0;
    size_t epoch = 0;  // kills before its stream was opened
    absl::Time touched = absl::InfinitePast();
    // When the client gave it up in whatever way.
    absl::Time released = absl::InfiniteFuture();
    absl::Time finish_sent = absl::InfiniteFuture();
    absl::Time finish_ok = absl::InfiniteFuture();
    absl::optional<absl::Duration> requeued_for;
  };

  // What one message met on one channel.
  struct Story {
    std::vector<Lease> leases;  // in the order in which they were read
  };

  struct Stream {
    std::string channel;
    uint64_t ready_max = 0;
    size_t epoch = 0;  // kills before it was opened
    std::map<uint64_t, std::pair<uint64_t, size_t>> held;  // by delivery id
  };

  struct ChannelState {
    std::unordered_map<uint64_t, Story> stories;  // by key
    absl::Time paused = absl::InfiniteFuture();
    absl::Time empty_invoked = absl::InfinitePast();
    absl::Time emptied = absl::InfinitePast();  // the latest that was answered
    bool deleted = false;
    uint64_t last_first_id = 0;
  };

  void HearPublish(const Event& event);
  void HearDelivery(const Event& event);
  void HearCommand(const Event& event);
  void HearChannel(const Event& event);
  void EndStream(uint64_t client, absl::Time when);
  void Count(const Event& event);

  void CheckIdentity(const Event& event, const Publish& publish);
  void CheckPlace(const Event& event, const Publish& publish);
  void CheckAgainst(const Event& event, const Lease& earlier);
  // A delivery on the channel that gives up, and one of what it gave up.
  void CheckLives(const Event& event, const Publish& publish);
  void CheckLetter(const Event& event, Publish* publish);
  // What became of a message in the end.
  void CheckFate(uint64_t key, const Publish& publish,
                 const std::string& channel);
  // A crash may have taken back what a lease of an earlier life ended in.
  bool MayBeForgotten(const Lease& lease, size_t epoch) const;
  // A kill in [from, to] that came before `seen`.
  bool Killed(absl::Time from, absl::Time to, absl::Time seen) const;
  Lease* FindLease(const Event& event);

  template <typename... Parts>
  void Break(const char* kind, const Parts&... parts) {
    if (++broken_[kind] <= kViolationsMax) {
      verdict_.violations.push_back(absl::StrCat(kind, ": ", parts...));
    }
  }

  static constexpr size_t kViolationsMax = 10;  // of a kind

  const JudgeOptions& options_;
  std::map<uint64_t, Publish> publishes_;  // by key
  std::unordered_map<uint64_t, uint64_t> key_of_id_;
  std::unordered_map<uint64_t, uint64_t> key_of_letter_;  // by the letter's id
  std::map<std::string, ChannelState> channels_;
  std::map<uint64_t, Stream> streams_;
  std::vector<absl::Time> kills_;
  std::map<std::string, uint64_t> broken_;
  Verdict verdict_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CRASH_COURT_H_
