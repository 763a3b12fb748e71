// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publisher_check.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "cli/fake_node.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;

// Nothing listens on the discard port of this machine.
constexpr char kNowhere[] = "127.0.0.1:9";

grpc::Status ReadAll(FakeNode::PublishStream* stream) {
  v1::PublishStreamRequest request;
  while (stream->Read(&request)) ADD_FAILURE() << "something was published";
  return grpc::Status::OK;
}

class PublisherCheck : public ::testing::Test {
 protected:
  absl::Status Check(std::vector<std::string> addresses) {
    Settings settings;
    settings.addresses = std::move(addresses);
    return CheckForPublisher(settings, &stop_);
  }

  StopSignal stop_{StopSignal::Options()};
  FakeNode node_{FakeNode::PublishScript(ReadAll)};
};

TEST_F(PublisherCheck, IsContentWithOneNodeThatLives) {
  EXPECT_TRUE(Check({node_.address()}).ok());
  EXPECT_TRUE(Check({kNowhere, node_.address()}).ok());
}

TEST_F(PublisherCheck, NamesTheNodeThatCannotBeReached) {
  const absl::Status alone = Check({kNowhere});
  EXPECT_EQ(alone.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(alone.message()),
              HasSubstr("no connection to 127.0.0.1:9"));
  const absl::Status both = Check({kNowhere, "127.0.0.1:10"});
  EXPECT_EQ(both.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(both.message()),
              HasSubstr("none of 2 nodes can be used: no connection to "
                        "127.0.0.1:10"));
}

TEST_F(PublisherCheck, FindsThatAnAddressIsSomethingElse) {
  FakeNode other{FakeNode::SubscribeScript(
      [](FakeNode::SubscribeStream*) { return grpc::Status::OK; })};
  EXPECT_EQ(Check({other.address()}).code(), absl::StatusCode::kUnimplemented);
}

TEST_F(PublisherCheck, EndsWhenItIsTimeToStop) {
  absl::Notification asked;
  absl::Notification over;
  FakeNode silent{FakeNode::PublishScript([&](FakeNode::PublishStream*) {
    asked.Notify();
    over.WaitForNotification();
    return grpc::Status::OK;
  })};
  std::thread stopper([&] {
    asked.WaitForNotification();
    stop_.Stop();
  });
  EXPECT_EQ(Check({silent.address()}).code(), absl::StatusCode::kCancelled);
  stopper.join();
  over.Notify();
}

}  // namespace
}  // namespace sluice
