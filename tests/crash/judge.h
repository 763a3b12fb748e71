// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CRASH_JUDGE_H_
#define SLUICE_TESTS_CRASH_JUDGE_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/crash/history.h"

namespace sluice {

// A channel that gives its messages up after so many attempts, and the channel
// of the dead-letter topic on which they are delivered.
struct LetterRule {
  std::string channel;
  std::string letters;
  uint32_t max_attempts = 0;
};

struct JudgeOptions {
  // Channels that existed before the first publish: each must get everything.
  std::set<std::string> channels;
  // Those with a lone subscriber of RDY 1 that requeues nothing: first
  // deliveries come in the order of the log.
  std::set<std::string> in_order;
  // None where `channel` is empty.
  LetterRule letter_rule;
  // How long a lease lasts.
  absl::Duration message_timeout = absl::Seconds(60);
  // What a crash may take back: what was finished, counted as an attempt, or
  // deferred again so shortly before it.
  absl::Duration durable_within = absl::Seconds(1);
  // How late a client may notice, on a busy machine.
  absl::Duration grace = absl::Milliseconds(500);
};

struct Verdict {
  // What the node did that the contract rules out, for people; at most a few of
  // each kind.
  std::vector<std::string> violations;
  uint64_t published = 0;  // answered OK
  uint64_t unknown = 0;    // neither answered OK nor refused
  uint64_t deliveries = 0;
  uint64_t redeliveries = 0;
  // Delivered again although finished, as a crash within the second may.
  uint64_t repeats = 0;
  // From the answer to the oldest finish that a crash took back to the kill.
  absl::Duration longest_unsaved;
  uint64_t letters = 0;
  uint64_t kills = 0;

  std::string Summary() const;
};

// Whether the node kept its word through this history, which ends when
// everything that could be delivered was delivered and finished:
//  - what was published is delivered on each channel, with its bytes;
//  - what was refused is not, and nothing comes that nobody published;
//  - an id stands for one message, and a message has one id;
//  - what was finished comes again only after a crash within the second;
//  - attempts grow, except that a crash may forget those of its last second;
//  - a message is never with two subscribers of a channel at a time;
//  - a subscriber never holds more than its RDY;
//  - a delay, of a publish or a requeue, is never cut short;
//  - a message whose attempts are used up becomes a dead letter, once, and is
//    on its channel no more; any other becomes none;
//  - a paused channel delivers nothing, an emptied one nothing from before;
//  - what the node counts is what is left.
// Pure: no clock, no I/O.
Verdict Judge(const std::vector<Event>& events, const JudgeOptions& options);

}  // namespace sluice

#endif  // SLUICE_TESTS_CRASH_JUDGE_H_
