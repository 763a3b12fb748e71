// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/dead_letter.h"

#include <map>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

RecordBlockPtr Block() {
  RecordBlockBuilder builder(2, 6, /*with_attributes=*/true);
  builder.Add("one", {{"colour", "red"}});
  builder.Add("two", {{kDeadLetterTopic, "older"}, {kDeadLetterAttempts, "9"}});
  auto block = std::move(builder).Build(absl::UnixEpoch());
  block->Seal(41, 0);
  return block;
}

std::map<std::string, std::string> AttributesOf(const RecordBlock& block,
                                                uint32_t index) {
  std::map<std::string, std::string> attributes;
  for (const AttributeView& each : block.attributes(index)) {
    EXPECT_TRUE(attributes.emplace(each.key, each.value).second) << each.key;
  }
  return attributes;
}

TEST(DeadLetter, KeepsBodyAndAttributesAndSaysWhereItComesFrom) {
  const auto block = Block();
  const absl::Time now = absl::FromUnixSeconds(100);
  const auto letters =
      BuildDeadLetters("orders", "billing", {{block, 0, 3}}, now);
  ASSERT_EQ(letters->message_count(), 1u);
  EXPECT_EQ(letters->body(0), "one");
  EXPECT_EQ(letters->publish_time_unix_nano(), absl::ToUnixNanos(now));
  EXPECT_THAT(AttributesOf(*letters, 0),
              UnorderedElementsAre(Pair("colour", "red"),
                                   Pair(kDeadLetterTopic, "orders"),
                                   Pair(kDeadLetterChannel, "billing"),
                                   Pair(kDeadLetterMessageId, "41"),
                                   Pair(kDeadLetterAttempts, "3")));
}

TEST(DeadLetter, TheNewerOriginReplacesTheOlder) {
  const auto block = Block();
  const auto letters = BuildDeadLetters(
      "t", "c", {{block, 0, 1}, {block, 1, 2}}, absl::UnixEpoch());
  ASSERT_EQ(letters->message_count(), 2u);
  EXPECT_EQ(letters->body(1), "two");
  EXPECT_THAT(AttributesOf(*letters, 1),
              UnorderedElementsAre(Pair(kDeadLetterTopic, "t"),
                                   Pair(kDeadLetterChannel, "c"),
                                   Pair(kDeadLetterMessageId, "42"),
                                   Pair(kDeadLetterAttempts, "2")));
}

}  // namespace
}  // namespace sluice
