// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/dedup_window.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using Written = DedupWindow::Written;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

DedupWindow AWindow(uint64_t max_ids = 1000) {
  return DedupWindow({absl::Minutes(5), max_ids});
}

PublishOutcome Outcome(Sequence first) { return {first, 2, Durability::kOs}; }

// The first message of the answer; 0 when there is none.
Sequence Found(const DedupWindow& window, absl::string_view id,
               absl::Time now = kStart) {
  const auto outcome = window.Find(id, now);
  return outcome.has_value() ? outcome->first_message_id : 0;
}

TEST(DedupWindow, GivesTheFirstAnswerWhole) {
  DedupWindow window = AWindow();
  EXPECT_FALSE(window.Find("a", kStart).has_value());
  window.Add("a", {7, 3, Durability::kDisk}, kStart, Written::kYes);
  const auto answer = window.Find("a", kStart);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->first_message_id, 7u);
  EXPECT_EQ(answer->message_count, 3u);
  EXPECT_EQ(answer->durability, Durability::kDisk);
  EXPECT_EQ(Found(window, "b"), 0u);
  EXPECT_EQ(Found(window, std::string("a\0", 2)), 0u);
}

TEST(DedupWindow, ForgetsByAge) {
  DedupWindow window = AWindow();
  window.Add("a", Outcome(1), kStart, Written::kYes);
  window.Add("b", Outcome(3), kStart + absl::Minutes(1), Written::kYes);
  const absl::Time before = kStart + absl::Minutes(5) - absl::Nanoseconds(1);
  EXPECT_EQ(Found(window, "a", before), 1u);
  // Whether or not anybody called Expire.
  EXPECT_EQ(Found(window, "a", kStart + absl::Minutes(5)), 0u);
  EXPECT_EQ(Found(window, "b", kStart + absl::Minutes(5)), 3u);
  EXPECT_EQ(window.size(), 2u);
  window.Expire(kStart + absl::Minutes(5));
  EXPECT_EQ(window.size(), 1u);
  EXPECT_EQ(window.first(), 3u);
  window.Expire(kStart + absl::Hours(1));
  EXPECT_TRUE(window.empty());
  EXPECT_EQ(window.first(), 4u);
}

TEST(DedupWindow, ForgetsTheOldestPastItsNumber) {
  DedupWindow window = AWindow(3);
  for (Sequence i = 1; i <= 5; ++i) {
    window.Add(absl::StrCat(i), Outcome(10 * i), kStart, Written::kNo);
  }
  EXPECT_EQ(window.size(), 3u);
  EXPECT_EQ(Found(window, "2"), 0u);
  EXPECT_EQ(Found(window, "3"), 30u);
  EXPECT_EQ(window.first(), 30u);
  EXPECT_EQ(window.Unwritten().size(), 3u);
}

TEST(DedupWindow, AnIdThatExpiredMayBeUsedAgain) {
  DedupWindow window = AWindow();
  window.Add("a", Outcome(1), kStart, Written::kYes);
  const absl::Time later = kStart + absl::Minutes(6);
  window.Add("a", Outcome(9), later, Written::kYes);
  EXPECT_EQ(window.size(), 1u);
  EXPECT_EQ(Found(window, "a", later), 9u);
}

TEST(DedupWindow, WhatWasTakenBackIsNew) {
  DedupWindow window = AWindow();
  window.Add("a", Outcome(1), kStart, Written::kYes);
  window.Add("b", Outcome(3), kStart, Written::kYes);
  window.Add("c", Outcome(5), kStart, Written::kNo);
  window.TakeBack(3);
  EXPECT_EQ(Found(window, "a"), 1u);
  EXPECT_EQ(Found(window, "b"), 0u);
  EXPECT_EQ(Found(window, "c"), 0u);
  EXPECT_TRUE(window.Unwritten().empty());
  window.Add("c", Outcome(3), kStart, Written::kYes);
  EXPECT_EQ(Found(window, "c"), 3u);
}

TEST(DedupWindow, AClockThatGoesBackForgetsNothingEarly) {
  DedupWindow window = AWindow();
  window.Add("a", Outcome(1), kStart, Written::kYes);
  window.Add("b", Outcome(3), kStart - absl::Hours(1), Written::kYes);
  EXPECT_EQ(Found(window, "b", kStart - absl::Hours(1)), 3u);
  EXPECT_EQ(Found(window, "b", kStart + absl::Minutes(4)), 3u);
  EXPECT_EQ(Found(window, "b", kStart + absl::Minutes(5)), 0u);
}

TEST(DedupWindow, OnlyWhatIsInMemoryIsLeftToWrite) {
  DedupWindow window = AWindow();
  window.Add("a", Outcome(1), kStart, Written::kYes);
  window.Add("b", {3, 4, Durability::kMemory}, kStart, Written::kNo);
  window.Add("c", Outcome(7), kStart, Written::kYes);
  const auto unwritten = window.Unwritten();
  ASSERT_EQ(unwritten.size(), 1u);
  EXPECT_EQ(unwritten[0].first, 3u);
  EXPECT_EQ(unwritten[0].second.request_id, "b");
  EXPECT_EQ(unwritten[0].second.message_count, 4u);
  EXPECT_EQ(unwritten[0].second.durability, Durability::kMemory);
  EXPECT_EQ(unwritten[0].second.time, kStart);
}

TEST(DedupWindow, ARestoredAnswerCountsFromWhenItWasGiven) {
  DedupWindow window = AWindow();
  window.Restore(5, {"a", 2, Durability::kDisk, kStart});
  EXPECT_EQ(Found(window, "a", kStart + absl::Minutes(4)), 5u);
  EXPECT_EQ(Found(window, "a", kStart + absl::Minutes(5)), 0u);
  EXPECT_TRUE(window.Unwritten().empty());
}

TEST(DedupWindow, OfTwoRecordsWithOneIdTheFirstCounts) {
  DedupWindow window({absl::Hours(1), 1000});
  window.Restore(5, {"a", 2, Durability::kDisk, kStart});
  window.Restore(9, {"a", 2, Durability::kDisk, kStart + absl::Minutes(6)});
  EXPECT_EQ(Found(window, "a", kStart + absl::Minutes(7)), 5u);
  window.Expire(kStart + absl::Hours(2));
  EXPECT_TRUE(window.empty());
}

}  // namespace
}  // namespace sluice
