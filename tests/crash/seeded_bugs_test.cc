// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// The judge against queues that are wrong in known ways, and one that is not.
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/crash/judge.h"
#include "tests/crash/simulated_queue.h"

namespace sluice {
namespace {

constexpr int kSteps = 1500;

Verdict JudgeRun(uint32_t seed, Bug bug) {
  SimulatedQueue queue(seed, bug);
  queue.Run(kSteps);
  JudgeOptions options;
  options.channels = {SimulatedQueue::kOrdered, SimulatedQueue::kShared,
                      SimulatedQueue::kMortal};
  options.letter_rule = {SimulatedQueue::kMortal, SimulatedQueue::kLetters,
                         SimulatedQueue::kMaxAttempts};
  options.in_order = {SimulatedQueue::kOrdered};
  options.grace = absl::Milliseconds(100);
  return Judge(queue.events(), options);
}

bool IsAbout(const std::string& violation, const std::string& kind) {
  return absl::StartsWith(violation, kind);
}

TEST(Judge, FindsNothingInACorrectQueue) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    const Verdict verdict = JudgeRun(seed, Bug::kNone);
    EXPECT_THAT(verdict.violations, testing::IsEmpty())
        << "seed " << seed << ": " << verdict.Summary();
    EXPECT_GT(verdict.kills, 2u);
    EXPECT_GT(verdict.redeliveries, 10u);
    EXPECT_GT(verdict.letters, 5u);
  }
}

struct SeededBug {
  Bug bug;
  std::string kind;  // of the violation that names it
  friend std::ostream& operator<<(std::ostream& out, const SeededBug& bug) {
    return out << bug.kind;
  }
};

class SeededBugTest : public testing::TestWithParam<SeededBug> {};

TEST_P(SeededBugTest, IsNoticedWhateverTheSeed) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    const Verdict verdict = JudgeRun(seed, GetParam().bug);
    EXPECT_TRUE(std::any_of(verdict.violations.begin(),
                            verdict.violations.end(),
                            [](const std::string& violation) {
                              return IsAbout(violation, GetParam().kind);
                            }))
        << "seed " << seed << ": " << verdict.Summary() << "\n"
        << absl::StrJoin(verdict.violations, "\n");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Judge, SeededBugTest,
    testing::Values(
        SeededBug{Bug::kDropsAMessage, "lost"},
        SeededBug{Bug::kRepeatsAfterFinish, "finished and delivered again"},
        SeededBug{Bug::kReorders, "out of order"},
        SeededBug{Bug::kAnswersBeforeItWrites, "lost"},
        SeededBug{Bug::kForgetsAttempts, "attempts do not grow"},
        SeededBug{Bug::kReusesAnId, "id used twice"},
        SeededBug{Bug::kCorruptsABody, "other bytes"},
        SeededBug{Bug::kDeliversEarly, "early"},
        SeededBug{Bug::kRequeuesEarly, "early"},
        SeededBug{Bug::kLeasesTwice, "held by two"},
        SeededBug{Bug::kIgnoresReady, "past RDY"},
        SeededBug{Bug::kDeliversARefused, "refused and delivered"},
        SeededBug{Bug::kDeliversWhilePaused, "delivered while paused"},
        SeededBug{Bug::kForgetsToEmpty, "delivered after it was emptied"},
        SeededBug{Bug::kMiscounts, "miscounted"},
        SeededBug{Bug::kLosesALetter, "dead letter lost"},
        SeededBug{Bug::kKeepsWhatItGaveUp, "dead and delivered again"},
        SeededBug{Bug::kStoresALetterTwice, "two dead letters"},
        SeededBug{Bug::kGivesUpEarly, "dead letter early"},
        SeededBug{Bug::kNeverGivesUp, "past its last attempt"},
        SeededBug{Bug::kGivesUpAFinished, "finished and a dead letter"}));

}  // namespace
}  // namespace sluice
