// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/registry.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "gtest/gtest.h"
#include "server/queue/fake_commit_sink.h"
#include "server/queue/fake_node.h"

namespace sluice {
namespace {

class RegistryTest : public testing::Test {
 protected:
  std::shared_ptr<Topic> Make(const std::string& name, TopicId id) {
    TopicRecord record;
    record.name = name;
    auto log =
        std::make_shared<TopicLog>(id, false, TopicLog::Start{}, node_.budget);
    return std::make_shared<Topic>(record, WriteRules{}, std::move(log),
                                   node_.env(), sink_, [](Topic&) {});
  }
  std::pair<std::shared_ptr<Topic>, bool> FindOrMake(const std::string& name) {
    return registry_.FindOrMake(name,
                                [&](TopicId id) { return Make(name, id); });
  }

  FakeNode node_;
  FakeCommitSink sink_;
  Registry registry_{7};
};

TEST_F(RegistryTest, MakesATopicOnceAndGivesItTheNextId) {
  const auto [first, made] = FindOrMake("a");
  EXPECT_TRUE(made);
  EXPECT_EQ(first->id(), 7u);
  const auto [again, made_again] = FindOrMake("a");
  EXPECT_FALSE(made_again);
  EXPECT_EQ(again, first);
  EXPECT_EQ(FindOrMake("b").first->id(), 8u);
}

TEST_F(RegistryTest, SaysWhatItDoesNotHave) {
  EXPECT_EQ(ErrorReason(registry_.Find("a").status()), "TOPIC_NOT_FOUND");
  registry_.Add(Make("a", 1));
  EXPECT_EQ((*registry_.Find("a"))->id(), 1u);
}

TEST_F(RegistryTest, ListsByName) {
  for (const char* name : {"c", "a", "b"}) FindOrMake(name);
  const auto all = registry_.All();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0]->name(), "a");
  EXPECT_EQ(all[2]->name(), "c");
}

TEST_F(RegistryTest, ANameIsFreeAfterRemovalAndGetsANewId) {
  const auto old = FindOrMake("a").first;
  int removals = 0;
  const auto removing = [&] { return ++removals > 0; };
  EXPECT_TRUE(registry_.Remove(*old, removing));
  EXPECT_FALSE(registry_.Remove(*old, removing));
  EXPECT_EQ(removals, 1);
  const auto fresh = FindOrMake("a").first;
  EXPECT_NE(fresh->id(), old->id());
  // The old one does not take the new one out.
  EXPECT_FALSE(registry_.Remove(*old, removing));
  EXPECT_TRUE(registry_.Find("a").ok());
}

TEST_F(RegistryTest, ATopicThatIsInUseAgainStays) {
  const auto topic = FindOrMake("a").first;
  EXPECT_FALSE(registry_.Remove(*topic, [] { return false; }));
  EXPECT_EQ(*registry_.Find("a"), topic);
}

TEST_F(RegistryTest, ManyThreadsMakeOneTopic) {
  std::atomic<int> made{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { made += FindOrMake("a").second ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace sluice
