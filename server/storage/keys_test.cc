// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/keys.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(Keys, LogKeysSortByTopicThenBySequence) {
  EXPECT_LT(LogKey(1, 255), LogKey(1, 256));
  EXPECT_LT(LogKey(1, UINT64_MAX), LogKey(2, 0));
  EXPECT_LT(LogKey(255, 1), LogKey(256, 0));
}

TEST(Keys, LogKeyHasTheDocumentedBytes) {
  EXPECT_EQ(LogKey(0x01020304, 0x05060708090a0b0c),
            "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c");
}

TEST(Keys, LogKeyComesApartAgain) {
  const auto parts = ParseLogKey(LogKey(UINT32_MAX, UINT64_MAX - 1));
  ASSERT_TRUE(parts.ok());
  EXPECT_EQ(parts->topic, UINT32_MAX);
  EXPECT_EQ(parts->first_sequence, UINT64_MAX - 1);
}

TEST(Keys, ALogKeyOfAnotherLengthIsCorruption) {
  for (const char* key : {"", "short", "much longer than it"}) {
    const absl::Status status = ParseLogKey(key).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << key;
    EXPECT_EQ(ErrorReason(status), "CORRUPTION") << key;
  }
}

TEST(Keys, TopicKeyComesApartAgain) {
  EXPECT_EQ(*ParseTopicKey(TopicKey(77)), 77u);
  EXPECT_FALSE(ParseTopicKey(ChannelKey(77, 1)).ok());
  EXPECT_EQ(*ParseTopicKey(DeletedTopicKey(77)), 77u);
  EXPECT_FALSE(ParseTopicKey(LogMarkKey(77)).ok());
  EXPECT_FALSE(ParseTopicKey("t123").ok());
}

TEST(Keys, ChannelAndCursorKeysComeApartAgain) {
  for (const std::string& key : {ChannelKey(7, 9), CursorKey(7, 9)}) {
    const auto parts = ParseChannelKey(key);
    ASSERT_TRUE(parts.ok());
    EXPECT_EQ(parts->topic, 7u);
    EXPECT_EQ(parts->channel, 9u);
  }
  EXPECT_FALSE(ParseChannelKey(TopicKey(7)).ok());
  EXPECT_FALSE(ParseChannelKey("t12345678").ok());
}

TEST(Keys, ShelvesAreBehindTheParkedMessagesOfTheirChannel) {
  EXPECT_LT(ParkedKey(1, 2, UINT64_MAX - 1), ShelfKey(1, 2, 0));
  EXPECT_LT(ShelfKey(1, 2, 255), ShelfKey(1, 2, 256));
  EXPECT_LT(ShelfKey(1, 2, UINT64_MAX), ParkedKeyEnd(1, 2));
}

TEST(Keys, ParkedKeysAreInTheOrderOfTheLog) {
  EXPECT_LT(ParkedKey(1, 2, 255), ParkedKey(1, 2, 256));
  EXPECT_LT(ParkedKey(1, 2, UINT64_MAX), ParkedKey(1, 3, 1));
  EXPECT_TRUE(absl::StartsWith(ParkedKey(1, 2, 3), ParkedKeyPrefix(1, 2)));
  EXPECT_TRUE(absl::StartsWith(ParkedKey(1, 2, 3), ParkedKeyPrefix(1)));
  EXPECT_FALSE(absl::StartsWith(ParkedKey(1, 3, 3), ParkedKeyPrefix(1, 2)));
  EXPECT_LT(ParkedKey(1, 2, UINT64_MAX), ParkedKeyEnd(1, 2));
  EXPECT_LE(ParkedKeyEnd(1, 2), ParkedKey(1, 3, 1));
  EXPECT_LT(ParkedKey(1, UINT32_MAX, 1), ParkedKeyEnd(1));
}

TEST(Keys, PrefixesCoverTheirOwnKeysOnly) {
  EXPECT_TRUE(absl::StartsWith(TopicKey(7), TopicKeyPrefix()));
  EXPECT_TRUE(absl::StartsWith(DeletedTopicKey(7), DeletedTopicKeyPrefix()));
  EXPECT_TRUE(absl::StartsWith(ChannelKey(7, 9), ChannelKeyPrefix(7)));
  EXPECT_TRUE(absl::StartsWith(CursorKey(7, 9), CursorKeyPrefix(7)));
  EXPECT_FALSE(absl::StartsWith(ChannelKey(8, 9), ChannelKeyPrefix(7)));
  EXPECT_FALSE(absl::StartsWith(CursorKey(7, 9), ChannelKeyPrefix(7)));
  EXPECT_FALSE(absl::StartsWith(NextTopicIdKey(), TopicKeyPrefix()));
}

}  // namespace
}  // namespace sluice
