// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CRASH_SIMULATED_QUEUE_H_
#define SLUICE_TESTS_CRASH_SIMULATED_QUEUE_H_

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/crash/history.h"

namespace sluice {

// What a queue can get wrong.
enum class Bug {
  kNone,
  kDropsAMessage,          // one in a hundred is never delivered on a channel
  kRepeatsAfterFinish,     // a finish is sometimes forgotten without a crash
  kReorders,               // takes the newest now and then
  kAnswersBeforeItWrites,  // a crash takes acknowledged messages
  kForgetsAttempts,        // counts each delivery as the first
  kReusesAnId,             // numbers go back after a crash
  kCorruptsABody,
  kDeliversEarly,        // a deferred publish at half its delay
  kRequeuesEarly,        // the same of a requeue
  kLeasesTwice,          // gives a leased message to somebody else
  kIgnoresReady,         // one more than RDY
  kDeliversARefused,     // a refused publish is stored all the same
  kDeliversWhilePaused,  //
  kForgetsToEmpty,       // delivers what an empty should have dropped
  kMiscounts,
  kLosesALetter,        // gives a message up, and stores no dead letter
  kKeepsWhatItGaveUp,   // stores the dead letter, and keeps the original
  kStoresALetterTwice,  //
  kGivesUpEarly,        // an attempt before the last
  kNeverGivesUp,        // goes on after the last attempt
  kGivesUpAFinished,    // a finished message becomes a dead letter
};

// A small queue in one thread, with clients that publish, finish, requeue,
// crash it, pause and empty a channel as chance wills, on a clock of its own;
// and what they saw of it. One channel gives messages up, and somebody consumes
// those, too. It exists to be wrong in known ways: the judge must
// notice each, and nothing in a run without a bug.
class SimulatedQueue {
 public:
  SimulatedQueue(uint32_t seed, Bug bug);

  // Works, stops publishing, lets the clients finish all.
  void Run(int steps);

  const std::vector<Event>& events() const { return events_; }
  // The channel whose lone subscriber has RDY 1.
  static constexpr char kOrdered[] = "ordered";
  static constexpr char kShared[] = "shared";
  // Gives up after so many attempts, and what is delivered then.
  static constexpr char kMortal[] = "mortal";
  static constexpr char kLetters[] = "letters";
  static constexpr uint32_t kMaxAttempts = 3;

 private:
  struct Message {
    uint64_t id;
    uint64_t key;
    absl::Time due;
    // Of a dead letter.
    uint64_t origin_id = 0;
    uint32_t origin_attempts = 0;
  };
  enum class State { kReady, kLeased, kFinished };
  struct Place {
    State state = State::kReady;
    uint32_t attempts = 0;
    absl::Time due = absl::InfinitePast();
    uint64_t client = 0;
    uint64_t delivery_id = 0;
  };
  struct Channel {
    std::map<uint64_t, Place> places;  // by id
    bool paused = false;
  };

  Event Made(Event::Kind kind, const std::string& channel = "") const;
  void Note(Event event);
  bool Chance(int one_in) { return random_() % one_in == 0; }
  bool Wrong(Bug bug, int one_in) { return bug_ == bug && Chance(one_in); }

  void Step(bool publishes);
  void Publish();
  void Deliver(const std::string& name);
  bool Deliverable(const Channel& channel, const Place& place, absl::Time due);
  void Hand(const std::string& name, uint64_t id, uint64_t client);
  void Release(const std::string& name);
  void Requeue(const std::string& name, uint64_t id, Event event);
  void GiveUp(uint64_t id, Place* place);
  void StoreLetter(uint64_t id, uint32_t attempts);
  // The message or the dead letter.
  const Message& MessageOf(const std::string& name, uint64_t id) {
    return name == kLetters ? letters_[id] : log_[id];
  }
  void EmptyOrPause();
  void Save();
  void Crash();
  void Open();
  // Messages not finished.
  uint64_t Left() const;
  static uint64_t LeftOn(const Channel& channel);
  void CountAll();

  std::mt19937 random_;
  const Bug bug_;
  absl::Time now_ = absl::UnixEpoch();
  std::vector<Event> events_;

  uint64_t last_key_ = 0;
  uint64_t last_id_ = 0;
  uint64_t last_delivery_ = 0;
  uint64_t last_client_ = 0;
  uint64_t last_letter_ = 0;
  std::map<uint64_t, Message> log_;      // by id
  std::map<uint64_t, Message> letters_;  // likewise
  std::map<std::string, Channel> channels_;
  std::map<std::string, std::vector<uint64_t>> clients_;
  std::map<std::string, Channel> saved_;  // what a crash leaves
  uint64_t written_id_ = 0;               // likewise, of the log
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CRASH_SIMULATED_QUEUE_H_
