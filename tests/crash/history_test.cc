// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/history.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(HistoryBody, TellsItsKeyAndNoticesAnyOtherByte) {
  for (uint64_t key : {0u, 1u, 77u, 1'000'000'007u}) {
    std::string body = BodyOf(key);
    EXPECT_EQ(KeyOf(body), key);
    EXPECT_EQ(KeyOf(body + "x"), absl::nullopt);
    body.back() = static_cast<char>(body.back() ^ 1);
    EXPECT_EQ(KeyOf(body), absl::nullopt);
  }
  EXPECT_EQ(KeyOf(""), absl::nullopt);
}

TEST(History, KeepsEventsInTheOrderOfTheirTimes) {
  History history;
  for (uint64_t i = 0; i < 10; ++i) {
    Event event;
    event.key = i;
    history.Add(event);
  }
  const std::vector<Event> events = history.Events();
  ASSERT_EQ(events.size(), 10u);
  for (size_t i = 1; i < 10; ++i) {
    EXPECT_EQ(events[i].key, i);
    EXPECT_LE(events[i - 1].when, events[i].when);
  }
}

}  // namespace
}  // namespace sluice
