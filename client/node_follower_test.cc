// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/node_follower.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/scripted_lookup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using Nodes = std::vector<std::string>;

// A follower on a loop, and the last answer of each lookup.
class Following {
 public:
  Following(const ClientOptions& options, const std::string& topic)
      : runtime_(options) {
    OnLoop([&] {
      follower_ = std::make_unique<NodeFollower>(
          &runtime_, topic, [this](size_t lookup, const Nodes& nodes) {
            const absl::MutexLock lock(&mu_);
            answers_[lookup] = nodes;
            ++count_;
          });
      follower_->Start();
    });
  }
  ~Following() {
    OnLoop([this] { follower_.reset(); });
  }

  bool WaitFor(size_t lookup, const Nodes& nodes) {
    const absl::MutexLock lock(&mu_);
    const auto there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      const auto found = answers_.find(lookup);
      return found != answers_.end() && found->second == nodes;
    };
    return mu_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(10));
  }
  // So many answers more than now.
  bool WaitForMore(int more) {
    const absl::MutexLock lock(&mu_);
    const int goal = count_ + more;
    const auto there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      return count_ >= goal;
    };
    return mu_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(10));
  }

 private:
  void OnLoop(const std::function<void()>& task) {
    absl::Notification done;
    runtime_.loop().Post([&] {
      task();
      done.Notify();
    });
    done.WaitForNotification();
  }

  ClientRuntime runtime_;
  std::unique_ptr<NodeFollower> follower_;
  absl::Mutex mu_;
  std::map<size_t, Nodes> answers_ ABSL_GUARDED_BY(mu_);
  int count_ ABSL_GUARDED_BY(mu_) = 0;
};

ClientOptions LookupsAt(const Nodes& addresses) {
  ClientOptions options;
  options.lookup_addresses = addresses;
  return options;
}

TEST(NodeFollower, AFixedListIsToldOnce) {
  ClientOptions options;
  options.addresses = {"a:1", "b:2"};
  Following following(options, "t");
  EXPECT_TRUE(following.WaitFor(0, {"a:1", "b:2"}));
}

TEST(NodeFollower, HearsOfAChangeWithoutAsking) {
  ScriptedLookup lookup;
  ClientOptions options = LookupsAt({lookup.address()});
  options.lookup_poll_interval = absl::Hours(1);
  Following following(options, "t");
  EXPECT_TRUE(following.WaitFor(0, {}));
  lookup.SetNodes({"127.0.0.1:1"});
  EXPECT_TRUE(following.WaitFor(0, {"127.0.0.1:1"}));
}

TEST(NodeFollower, EveryLookupSpeaksForItself) {
  ScriptedLookup one;
  ScriptedLookup two;
  one.SetNodes({"127.0.0.1:1"});
  two.SetNodes({"127.0.0.1:2"});
  Following following(LookupsAt({one.address(), two.address()}), "t");
  EXPECT_TRUE(following.WaitFor(0, {"127.0.0.1:1"}));
  EXPECT_TRUE(following.WaitFor(1, {"127.0.0.1:2"}));
}

TEST(NodeFollower, ALookupThatFailsIsSilentUntilItIsBack) {
  ScriptedLookup lookup;
  lookup.SetNodes({"127.0.0.1:1"});
  Following following(LookupsAt({lookup.address()}), "t");
  EXPECT_TRUE(following.WaitFor(0, {"127.0.0.1:1"}));
  lookup.SetFailing(true);
  const int calls = lookup.calls();
  // It is asked again and again meanwhile, and nothing is concluded from it.
  const absl::Time deadline = absl::Now() + absl::Seconds(10);
  while (lookup.calls() < calls + 3 && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_GE(lookup.calls(), calls + 3);
  EXPECT_TRUE(following.WaitFor(0, {"127.0.0.1:1"}));
  lookup.SetNodes({"127.0.0.1:2"});
  lookup.SetFailing(false);
  EXPECT_TRUE(following.WaitFor(0, {"127.0.0.1:2"}));
}

TEST(NodeFollower, AllNodesAreAskedForAtTheInterval) {
  ScriptedLookup lookup;
  lookup.SetNodes({"127.0.0.1:1"});
  ClientOptions options = LookupsAt({lookup.address()});
  options.lookup_poll_interval = absl::Milliseconds(10);
  Following following(options, "");
  EXPECT_TRUE(following.WaitForMore(3));
  lookup.SetNodes({"127.0.0.1:2"});
  EXPECT_TRUE(following.WaitFor(0, {"127.0.0.1:2"}));
}

}  // namespace
}  // namespace sluice
