// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/topic_selection.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(TopicSelection, WantsNamesOrAPattern) {
  TopicSelection selection;
  EXPECT_FALSE(CheckTopicFlags(selection).ok());
  selection.topics = {"a"};
  EXPECT_TRUE(CheckTopicFlags(selection).ok());
  selection.pattern = *ParsePattern(".*");
  EXPECT_FALSE(CheckTopicFlags(selection).ok());
  selection.topics.clear();
  EXPECT_TRUE(CheckTopicFlags(selection).ok());
}

TEST(TopicSelection, RefusesANameThatIsNone) {
  TopicSelection selection;
  selection.topics = {"a", "b b"};
  EXPECT_EQ(CheckTopicFlags(selection).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(TopicSelection, AsksNobodyForNames) {
  TopicSelection selection;
  selection.topics = {"b", "a"};
  Settings nowhere;
  nowhere.addresses.clear();
  EXPECT_THAT(*FindTopics(selection, nowhere), ElementsAre("b", "a"));
}

TEST(TopicSelection, SaysWhatIsWrongWithAPattern) {
  EXPECT_THAT(std::string(ParsePattern("(").status().message()),
              HasSubstr("\"(\" is not a regular expression"));
}

}  // namespace
}  // namespace sluice
