// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// A node whose disk fills up: by what is published, down to the floor, and by
// somebody else, past it.
#include <signal.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/faults/small_disk.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

constexpr char kTopic[] = "t";
constexpr char kChannel[] = "c";
constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr absl::Duration kSpaceComesBack = absl::Seconds(40);
// From the moment there is room to the first publish that is taken. The store
// looks every 250 ms, and after a vain try at most 4 s later.
constexpr absl::Duration kOpenAgainWithin = absl::Seconds(5);

class DiskFullTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.mounted()) {
      GTEST_SKIP() << "no right to mount a file system: A FULL DISK IS NOT "
                      "TESTED HERE";
    }
  }

  void Start(const std::string& floor) {
    node_.set_flags({absl::StrCat("--data-path=", disk_.path(), "/data"),
                     absl::StrCat("--disk-floor=", floor)});
    ASSERT_TRUE(node_.Start().ok()) << node_.standard_error();
    client_ = std::make_unique<NodeClient>(node_.grpc_address());
    client_->CreateTopic(kTopic);
    client_->CreateChannel(kTopic, kChannel);
  }

  // A message of 32 KiB, with a body that was not there before.
  Outcome PublishOne() {
    const std::string body = absl::StrCat(++last_, std::string(32 << 10, 'x'));
    v1::PublishResponse response;
    const Outcome outcome = client_->Call(PublishOf(kTopic, {body}), &response);
    if (outcome.ok()) {
      EXPECT_TRUE(acknowledged_.insert(body).second);
      EXPECT_GT(response.first_message_id(), last_id_) << "an id came twice";
      last_id_ = response.first_message_id();
    }
    return outcome;
  }
  // Until one is refused.
  Outcome PublishUntilRefused() {
    Outcome outcome;
    for (int i = 0; i < 20000 && outcome.ok(); ++i) outcome = PublishOne();
    return outcome;
  }
  bool PublishesGoOn(absl::Duration patience = kPatience) {
    return Eventually([this] { return PublishOne().ok(); }, patience);
  }
  bool IsHealthy() {
    v1::GetServerInfoResponse info;
    return client_->Call(v1::GetServerInfoRequest(), &info).ok() &&
           info.server().healthy();
  }

  // Takes and finishes everything; each acknowledged message is there.
  void ExpectAllToCome(SubscriberSession& session) {
    std::set<std::string> missing = acknowledged_;
    while (!missing.empty()) {
      const auto delivery = session.NextDelivery(kPatience);
      ASSERT_TRUE(delivery.has_value()) << missing.size() << " are missing";
      missing.erase(delivery->body());
      session.Finish({delivery->delivery_id()});
    }
  }

  SmallDisk disk_{140 * kMiB};
  NodeProcess node_;
  std::unique_ptr<NodeClient> client_;
  std::set<std::string> acknowledged_;
  uint64_t last_ = 0;
  uint64_t last_id_ = 0;
};

TEST_F(DiskFullTest, AtTheFloorPublishesAreRefusedAndFinishingMakesRoom) {
  ASSERT_NO_FATAL_FAILURE(Start("48MiB"));
  EXPECT_TRUE(IsRetryable(PublishUntilRefused(),
                          absl::StatusCode::kResourceExhausted, "DISK_FLOOR"));
  EXPECT_GT(acknowledged_.size(), 500u);
  EXPECT_TRUE(IsHealthy());
  v1::Open open = OpenOf(kTopic, kChannel, 100);
  open.set_confirm_commands(true);
  SubscriberSession session(*client_, open);
  ASSERT_NO_FATAL_FAILURE(ExpectAllToCome(session));
  for (const auto& result : session.ExpectResults(acknowledged_.size())) {
    EXPECT_EQ(result.outcome(), v1::COMMAND_OUTCOME_OK);
  }
  EXPECT_TRUE(PublishesGoOn(kSpaceComesBack));
  EXPECT_TRUE(node_.running());
}

TEST_F(DiskFullTest, SomebodyElsesFileAtTheFloorStopsPublishesWhileItIsThere) {
  ASSERT_NO_FATAL_FAILURE(Start("48MiB"));
  ASSERT_TRUE(PublishOne().ok());
  disk_.FillUpTo(40 * kMiB);
  EXPECT_TRUE(IsRetryable(PublishUntilRefused(),
                          absl::StatusCode::kResourceExhausted, "DISK_FLOOR"));
  disk_.RemoveFiller();
  EXPECT_TRUE(PublishesGoOn());
}

TEST_F(DiskFullTest, AFullDiskIsOverBeforePublishesAreTakenAgain) {
  // Too little for the room that RocksDB sets aside for a write-ahead log: it
  // could write a long time into that.
  disk_.FillUpTo(30 * kMiB);
  ASSERT_NO_FATAL_FAILURE(Start("24MiB"));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(PublishOne().ok());
  disk_.FillUpTo(0);
  int topics = 0;
  ASSERT_TRUE(Eventually([&] {  // the last page of a file takes a few
    v1::CreateTopicRequest request;
    request.set_topic(absl::StrCat("x", ++topics));
    client_->Call(request);
    return !IsHealthy();
  }));
  std::string health;
  EXPECT_TRUE(client_->CheckHealth("", &health).ok());
  EXPECT_EQ(health, "NOT_SERVING");

  disk_.FillUpTo(20 * kMiB);
  EXPECT_TRUE(Eventually([this] { return IsHealthy(); }, kOpenAgainWithin));
  EXPECT_TRUE(client_->CheckHealth("", &health).ok());
  EXPECT_EQ(health, "SERVING");
  EXPECT_TRUE(IsRetryable(PublishOne(), absl::StatusCode::kResourceExhausted,
                          "DISK_FLOOR"));
  SubscriberSession session(*client_, OpenOf(kTopic, kChannel, 100));
  ASSERT_NO_FATAL_FAILURE(ExpectAllToCome(session));
}

// With a floor the store waits for it; without one it tries by itself.
class PastTheFloorTest : public DiskFullTest,
                         public testing::WithParamInterface<const char*> {};

TEST_P(PastTheFloorTest, TheNodeLivesThroughAFullDiskAndLosesNothing) {
  ASSERT_NO_FATAL_FAILURE(Start(GetParam()));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(PublishOne().ok());
  SubscriberSession session(*client_, OpenOf(kTopic, kChannel, 1));
  const v1::Delivery held = session.ExpectDelivery();

  // Faster than anybody looks.
  disk_.FillUpTo(0);
  const Outcome refused = PublishUntilRefused();
  EXPECT_FALSE(refused.ok());
  if (absl::string_view(GetParam()) == "0") {
    EXPECT_TRUE(IsRetryable(refused, absl::StatusCode::kUnavailable,
                            "STORE_UNAVAILABLE"));
    EXPECT_FALSE(IsHealthy());
  }
  ASSERT_TRUE(node_.running()) << node_.standard_error();

  disk_.RemoveFiller();
  ASSERT_TRUE(PublishesGoOn(kOpenAgainWithin)) << node_.standard_error();
  EXPECT_TRUE(IsHealthy());
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(PublishOne().ok());

  // The subscriber's stream and lease are still good.
  acknowledged_.erase(held.body());
  session.Finish({held.delivery_id()});
  session.Ready(100);
  ASSERT_NO_FATAL_FAILURE(ExpectAllToCome(session));
  session.ExpectNoDelivery();
  EXPECT_EQ(client_->ChannelStatsOf(kTopic, kChannel).depth(), 0);
}

TEST_P(PastTheFloorTest, ACrashAfterAFullDiskLosesNothingEither) {
  ASSERT_NO_FATAL_FAILURE(Start(GetParam()));
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 5; ++j) ASSERT_TRUE(PublishOne().ok());
    disk_.FillUpTo(0);
    EXPECT_FALSE(PublishUntilRefused().ok());
    disk_.RemoveFiller();
    ASSERT_TRUE(PublishesGoOn(kOpenAgainWithin)) << node_.standard_error();
  }
  node_.Kill(SIGKILL);
  node_.Wait();
  ASSERT_NO_FATAL_FAILURE(Start(GetParam()));
  ASSERT_TRUE(PublishOne().ok());
  EXPECT_EQ(client_->ChannelStatsOf(kTopic, kChannel).depth(),
            acknowledged_.size());
  SubscriberSession session(*client_, OpenOf(kTopic, kChannel, 100));
  ASSERT_NO_FATAL_FAILURE(ExpectAllToCome(session));
  session.ExpectNoDelivery();
}

INSTANTIATE_TEST_SUITE_P(Floors, PastTheFloorTest,
                         testing::Values("0", "1MiB"));

}  // namespace
}  // namespace sluice
