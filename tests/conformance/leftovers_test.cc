// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What nobody uses any more leaves nothing behind: memory, threads, disk.
#include <signal.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/conformance/client.h"
#include "tests/conformance/kept_back_memory.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

// A number of /proc/<pid>/status, such as VmRSS (kB) or Threads.
int64_t StatusOf(pid_t pid, const std::string& field) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(status, line);) {
    const std::vector<std::string> words =
        absl::StrSplit(line, absl::ByAnyChar(": \t"), absl::SkipEmpty());
    int64_t value = 0;
    if (words.size() > 1 && words[0] == field &&
        absl::SimpleAtoi(words[1], &value)) {
      return value;
    }
  }
  ADD_FAILURE() << "no " << field;
  return 0;
}

uint64_t BytesUnder(const std::string& directory) {
  uint64_t bytes = 0;
  std::error_code gone;  // files come and go
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(directory, gone)) {
    const uint64_t size =
        entry.is_regular_file(gone) ? entry.file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

class LeftoversTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node_.Start().ok()) << node_.standard_error();
    client_ = std::make_unique<NodeClient>(node_.grpc_address());
  }
  // Subscribers that come, get a message, and go.
  void Churn(int count, int first) {
    for (int i = first; i < first + count; ++i) {
      const std::string channel = absl::StrCat("c", i, "#ephemeral");
      SubscriberSession session(*client_, OpenOf("t", channel, 1));
      session.ExpectOpened();
      if (i % 10 == 0) {
        client_->PublishOne("t", "x");
        session.ExpectDelivery();
      }
      if (i % 2 == 0) session.Close();
    }
  }

  NodeProcess node_;
  std::unique_ptr<NodeClient> client_;
};

TEST_F(LeftoversTest, TenThousandEphemeralSubscribersLeaveNothing) {
  client_->CreateTopic("t");
  client_->CreateChannel("t", "warm");
  Churn(2'000, 0);
  const int64_t memory_kib = StatusOf(node_.pid(), "VmRSS");
  const int64_t threads = StatusOf(node_.pid(), "Threads");
  Churn(8'000, 2'000);
  EXPECT_TRUE(Eventually([this] {
    return client_->TopicStatsOf("t").channels().size() == 1;
  })) << "ephemeral channels go with their subscribers";
  EXPECT_LE(StatusOf(node_.pid(), "VmRSS"),
            memory_kib + 32 * 1024 + kKeptBackKilobytes);
  EXPECT_LE(StatusOf(node_.pid(), "Threads"), threads + 4);
}

TEST_F(LeftoversTest, AnEphemeralTopicGoesWithItsLastChannel) {
  for (int round = 0; round < 20; ++round) {
    {
      client_->PublishOne("e#ephemeral", "x");
      SubscriberSession session(*client_, OpenOf("e#ephemeral", "c", 10));
      EXPECT_EQ(session.ExpectDelivery().message_id(), 1u) << "made anew";
      ASSERT_TRUE(IsOk(client_->Call(
          OnChannel<v1::DeleteChannelRequest>("e#ephemeral", "c"))));
      session.ExpectEnd();
    }
    EXPECT_TRUE(
        Eventually([this] { return !client_->TopicExists("e#ephemeral"); }));
  }
}

TEST_F(LeftoversTest, ADeletedTopicsDiskSpaceComesBack) {
  const uint64_t before = BytesUnder(node_.data_path());
  const std::vector<std::string> megabytes(4, std::string(1'000'000, 'x'));
  for (int i = 0; i < 60; ++i) client_->Publish("big", megabytes);
  EXPECT_GT(BytesUnder(node_.data_path()), before + 100'000'000);
  ASSERT_TRUE(IsOk(client_->Call(OnTopic<v1::DeleteTopicRequest>("big"))));
  EXPECT_TRUE(Eventually(
      [&] { return BytesUnder(node_.data_path()) < before + 100'000'000; },
      absl::Seconds(60)))
      << BytesUnder(node_.data_path());
}

TEST_F(LeftoversTest, ADeletedChannelsBacklogComesBack) {
  client_->CreateTopic("t");
  client_->CreateChannel("t", "slow");
  client_->CreateChannel("t", "fast");
  const std::vector<std::string> megabytes(4, std::string(1'000'000, 'x'));
  for (int i = 0; i < 5; ++i) {
    client_->Publish("t", megabytes);
    SubscriberSession session(*client_, OpenOf("t", "fast", 10));
    session.Finish(IdsOf(session.ExpectDeliveries(4)));
    session.Close();
    session.ExpectClosed();
  }
  EXPECT_GE(client_->TopicStatsOf("t").log_bytes(), 20'000'000u);
  ASSERT_TRUE(
      IsOk(client_->Call(OnChannel<v1::DeleteChannelRequest>("t", "slow"))));
  EXPECT_TRUE(
      Eventually([this] { return client_->TopicStatsOf("t").log_bytes() == 0; },
                 absl::Seconds(20)));
}

}  // namespace
}  // namespace sluice
