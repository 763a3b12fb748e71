// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What other queues got wrong about connections, storage and the process.
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

class NodeRegressionTest : public testing::Test {
 protected:
  void Start(const std::vector<std::string>& flags = {}) {
    node_.set_flags(flags);
    ASSERT_TRUE(node_.Start().ok()) << node_.standard_error();
    client_ = std::make_unique<NodeClient>(node_.grpc_address());
  }
  void Stop(int signal) {
    node_.Kill(signal);
    EXPECT_EQ(node_.Wait(), 0) << node_.standard_error();
  }

  NodeProcess node_;
  std::unique_ptr<NodeClient> client_;
};

// A socket that connects and says nothing was kept for ever.
TEST_F(NodeRegressionTest, AConnectionThatNeverSaysAnythingIsClosed) {
  ASSERT_NO_FATAL_FAILURE(Start());
  int port = 0;
  const std::string& address = node_.grpc_address();
  ASSERT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
  sockaddr_in to;
  std::memset(&to, 0, sizeof(to));
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int mute = socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(connect(mute, static_cast<sockaddr*>(static_cast<void*>(&to)),
                    sizeof(to)),
            0);
  // The node may say hello first; then it hangs up.
  char buffer[1024];
  bool closed = false;
  for (int i = 0; i < 100 && !closed; ++i) {
    pollfd wanted = {mute, POLLIN, 0};
    if (poll(&wanted, 1, 30'000) <= 0) break;
    closed = recv(mute, buffer, sizeof(buffer), 0) <= 0;
  }
  close(mute);
  EXPECT_TRUE(closed);
}

// A hang-up of the terminal ended the process without a flush.
TEST_F(NodeRegressionTest, AHangUpIsACleanStop) {
  ASSERT_NO_FATAL_FAILURE(Start({"--mem-queue-size=1000"}));
  client_->PublishNumbers("t", 10);
  EXPECT_EQ(client_->TopicStatsOf("t").memory_depth(), 10);
  Stop(SIGHUP);
  ASSERT_NO_FATAL_FAILURE(Start({"--mem-queue-size=1000"}));
  EXPECT_EQ(client_->TopicStatsOf("t").depth(), 10);
}

// Stored messages above a limit that was lowered later were thrown away.
TEST_F(NodeRegressionTest, ALowerLimitKeepsLargerMessagesThatAreStored) {
  ASSERT_NO_FATAL_FAILURE(Start());
  const std::string body(100'000, 'x');
  client_->PublishOne("t", body);
  Stop(SIGTERM);
  ASSERT_NO_FATAL_FAILURE(
      Start({"--max-msg-size=1000", "--max-body-size=5000"}));
  EXPECT_TRUE(IsInvalid(client_->Call(PublishOf("t", {body})),
                        "MESSAGE_TOO_LARGE", "messages[0].body"));
  SubscriberSession session(*client_, OpenOf("t", "c", 1));
  EXPECT_EQ(session.ExpectDelivery().body(), body);
}

// A percent sign in the data path was taken for a format.
TEST_F(NodeRegressionTest, ADataPathMayHoldAnything) {
  const std::string path =
      absl::StrCat("--data-path=", node_.directory(), "/100%s %d #ephemeral");
  ASSERT_NO_FATAL_FAILURE(Start({path}));
  client_->PublishNumbers("t", 3);
  Stop(SIGTERM);
  ASSERT_NO_FATAL_FAILURE(Start({path}));
  EXPECT_EQ(client_->TopicStatsOf("t").depth(), 3);
}

// Everything published in the first seconds of a new queue was lost by a
// SIGKILL, although it was on disk: its metadata was not.
TEST_F(NodeRegressionTest, AKillRightAfterTheFirstPublishLosesNothing) {
  for (int i = 1; i <= 3; ++i) {
    ASSERT_NO_FATAL_FAILURE(Start());
    const std::string topic = absl::StrCat("t", i);
    client_->PublishNumbers(topic, 5);
    node_.Kill(SIGKILL);
    node_.Wait();
  }
  ASSERT_NO_FATAL_FAILURE(Start());
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(client_->TopicStatsOf(absl::StrCat("t", i)).depth(), 5);
  }
}

}  // namespace
}  // namespace sluice
