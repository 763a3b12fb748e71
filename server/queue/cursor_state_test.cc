// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/cursor_state.h"

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

CursorState Sample() {
  CursorState state;
  state.cursor = 1000;
  state.unfinished = {
      {3, 1}, {500, 70000}, {999, 2, 1'700'000'000'000'000'000, 99}};
  return state;
}

TEST(CursorState, SurvivesARoundTrip) {
  const auto decoded = CursorState::Decode(Sample().Encode());
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->cursor, 1000u);
  EXPECT_THAT(decoded->unfinished,
              testing::ElementsAreArray(Sample().unfinished));
}

TEST(CursorState, RefusesEveryTruncation) {
  const std::string bytes = Sample().Encode();
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(CursorState::Decode(bytes.substr(0, length)).ok()) << length;
  }
}

TEST(CursorState, RefusesTrailingBytesAndOtherVersions) {
  EXPECT_FALSE(CursorState::Decode(Sample().Encode() + "x").ok());
  std::string other = Sample().Encode();
  other[0] = 4;
  EXPECT_FALSE(CursorState::Decode(other).ok());
}

TEST(CursorState, ListsShelvesWhenThereAreSome) {
  CursorState state = Sample();
  state.shelves = {{1, 10'000, 1'700'000'000'000'000'000, 2'000'000},
                   {9, 1, 7, 1}};
  const std::string bytes = state.Encode();
  const auto decoded = CursorState::Decode(bytes);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_THAT(decoded->shelves, testing::ElementsAreArray(state.shelves));
  EXPECT_THAT(decoded->unfinished, testing::ElementsAreArray(state.unfinished));
  EXPECT_EQ(bytes[0], 3);
  EXPECT_EQ(Sample().Encode()[0], 2) << "older nodes read it";
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(CursorState::Decode(bytes.substr(0, length)).ok()) << length;
  }
}

TEST(CursorState, HasTheDocumentedBytes) {
  CursorState state;
  state.cursor = 1000;
  state.unfinished = {{3, 1}, {500, 70000, 300}, {600, 2, 0, 200}};
  EXPECT_EQ(absl::BytesToHexString(state.Encode()),
            "02e807030304f103c18b11ac02640ac801");
}

TEST(CursorState, ReadsARecordWithoutDueTimes) {
  const auto state =
      CursorState::Decode(absl::HexStringToBytes("01e807020301f103f0a204"));
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->cursor, 1000u);
  ASSERT_EQ(state->unfinished.size(), 2u);
  EXPECT_EQ(state->unfinished[0], (CursorState::Unfinished{3, 1}));
  EXPECT_EQ(state->unfinished[1], (CursorState::Unfinished{500, 70000}));
}

TEST(CursorState, RefusesAMessageAtOrAboveTheCursor) {
  CursorState state;
  state.cursor = 5;
  state.unfinished = {{5, 1}};
  EXPECT_FALSE(CursorState::Decode(state.Encode()).ok());
}

TEST(CursorState, RefusesAWildCountWithoutReservingMemory) {
  EXPECT_FALSE(
      CursorState::Decode("\x01\x05\xff\xff\xff\xff\xff\xff\x7f").ok());
}

}  // namespace
}  // namespace sluice
