// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// A publisher that floods a node is held back; the node's memory stays small.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/kept_back_memory.h"
#include "tests/conformance/node_test.h"
#include "tests/conformance/publisher_session.h"

namespace sluice {
namespace {

constexpr int64_t kOfferedBytes = int64_t{1} << 30;
constexpr absl::Duration kFlood = absl::Seconds(3);
constexpr int64_t kResidentKilobytesMax = 600 * 1024 + kKeptBackKilobytes;

class BackpressureTest : public NodeTest {
 protected:
  BackpressureTest()
      : NodeTest({"--memory-limit=64MiB", "--mem-queue-size=10000000"}) {}

  int64_t ResidentKilobytes() {
    std::ifstream status(absl::StrCat("/proc/", node().pid(), "/status"));
    std::string word;
    int64_t kilobytes = 0;
    while (status >> word) {
      if (word == "VmRSS:") status >> kilobytes;
    }
    return kilobytes;
  }

  // Publishes as much as it can for a while. The most memory the node used.
  int64_t Flood(PublisherSession& session) {
    std::atomic<bool> over{false};
    int64_t peak = 0;
    std::thread watch([&] {
      while (!over) {
        peak = std::max(peak, ResidentKilobytes());
        absl::SleepFor(absl::Milliseconds(20));
      }
      // Frees a Send that the node holds back.
      session.Cancel();
    });
    std::thread alarm([&] {
      const absl::Time deadline = absl::Now() + kFlood;
      while (!over && absl::Now() < deadline) {
        absl::SleepFor(absl::Milliseconds(20));
      }
      over = true;
    });
    const v1::PublishRequest batch = PublishOf(
        topic(), std::vector<std::string>(100, std::string(10'000, 'x')));
    int64_t offered = 0;
    for (uint64_t i = 0; !over && offered < kOfferedBytes; ++i) {
      if (!session.Send(i, batch)) break;
      offered += 1'000'000;
    }
    over = true;
    alarm.join();
    watch.join();
    RecordProperty("offered_megabytes", static_cast<int>(offered / 1'000'000));
    RecordProperty("peak_kilobytes", static_cast<int>(peak));
    return peak;
  }
};

TEST_F(BackpressureTest, BoundsTheMemoryForAPublisherThatReadsResults) {
  PublisherSession session(client());
  EXPECT_LT(Flood(session), kResidentKilobytesMax);
  EXPECT_TRUE(IsOk(client().Call(PublishOf(topic() + "x", {"goes on"}))));
}

TEST_F(BackpressureTest, BoundsTheMemoryForAPublisherThatReadsNothing) {
  PublisherSession session(client(), PublisherSession::Reading::kLater);
  EXPECT_LT(Flood(session), kResidentKilobytesMax);
  EXPECT_TRUE(IsOk(client().Call(PublishOf(topic() + "x", {"goes on"}))));
}

TEST_F(BackpressureTest, BoundsTheMemoryForResultsThatNobodyReads) {
  // Errors cost no storage: only their results could pile up.
  PublisherSession session(client(), PublisherSession::Reading::kLater);
  const v1::PublishRequest bad = PublishOf(topic(), {});
  std::atomic<bool> over{false};
  std::thread alarm([&] {
    absl::SleepFor(absl::Seconds(2));
    over = true;
    session.Cancel();
  });
  const int64_t before = ResidentKilobytes();
  while (!over && session.Send(1, bad)) {
  }
  const int64_t after = ResidentKilobytes();
  alarm.join();
  EXPECT_LT(after - before, 200 * 1024);
  EXPECT_TRUE(IsOk(client().Call(PublishOf(topic() + "x", {"goes on"}))));
}

}  // namespace
}  // namespace sluice
