// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/subscribe_commands.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;

TEST(SubscribeCommands, AreNoneAtFirst) {
  SubscribeCommands commands;
  v1::SubscribeRequest request;
  EXPECT_FALSE(commands.Next(&request));
}

TEST(SubscribeCommands, ThoseOfAKindGoTogether) {
  SubscribeCommands commands;
  commands.Finish(1);
  commands.Touch(2);
  commands.Finish(3);
  v1::SubscribeRequest request;
  ASSERT_TRUE(commands.Next(&request));
  EXPECT_THAT(request.finish().delivery_ids(), ElementsAre(1, 3));
  ASSERT_TRUE(commands.Next(&request));
  EXPECT_THAT(request.touch().delivery_ids(), ElementsAre(2));
  EXPECT_FALSE(commands.Next(&request));
}

TEST(SubscribeCommands, ReadyAndCloseComeBeforeWhatMakesRoom) {
  SubscribeCommands commands;
  commands.Requeue(1, absl::ZeroDuration(), true);
  commands.Close();
  commands.SetReady(5, 100);
  v1::SubscribeRequest request;
  ASSERT_TRUE(commands.Next(&request));
  EXPECT_EQ(request.ready().count(), 5u);
  EXPECT_EQ(request.ready().bytes(), 100u);
  ASSERT_TRUE(commands.Next(&request));
  EXPECT_TRUE(request.has_close());
  ASSERT_TRUE(commands.Next(&request));
  EXPECT_TRUE(request.has_requeue());
  EXPECT_FALSE(commands.Next(&request));
}

TEST(SubscribeCommands, OnlyTheLastReadyCounts) {
  SubscribeCommands commands;
  commands.SetReady(5, 100);
  commands.SetReady(7, 200);
  v1::SubscribeRequest request;
  ASSERT_TRUE(commands.Next(&request));
  EXPECT_EQ(request.ready().count(), 7u);
  EXPECT_FALSE(commands.Next(&request));
}

TEST(SubscribeCommands, RequeuesWithTheSameTermsGoTogether) {
  SubscribeCommands commands;
  commands.Requeue(1, absl::Milliseconds(1500), false);
  commands.Requeue(2, absl::ZeroDuration(), true);
  commands.Requeue(3, absl::Milliseconds(1500), false);
  v1::SubscribeRequest request;
  ASSERT_TRUE(commands.Next(&request));
  EXPECT_THAT(request.requeue().delivery_ids(), ElementsAre(2));
  EXPECT_TRUE(request.requeue().keep_attempts());
  ASSERT_TRUE(commands.Next(&request));
  EXPECT_THAT(request.requeue().delivery_ids(), ElementsAre(1, 3));
  EXPECT_EQ(request.requeue().delay().seconds(), 1);
  EXPECT_EQ(request.requeue().delay().nanos(), 500'000'000);
  EXPECT_FALSE(request.requeue().keep_attempts());
  EXPECT_FALSE(commands.Next(&request));
}

}  // namespace
}  // namespace sluice
