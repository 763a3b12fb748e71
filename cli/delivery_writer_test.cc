// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/delivery_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "gtest/gtest.h"

namespace sluice {
namespace {

class DeliveryWriterTest : public ::testing::Test {
 protected:
  DeliveryWriterTest() {
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(pipe(fds_), 0);
  }
  ~DeliveryWriterTest() override {
    close(fds_[0]);
    close(fds_[1]);
  }

  void Add(const std::string& body) {
    deliveries_.add_deliveries()->set_body(body);
  }

  std::string Written() {
    std::string text(1 << 16, '\0');
    const ssize_t got = read(fds_[0], text.data(), text.size());
    text.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return text;
  }

  int fds_[2];
  v1::Deliveries deliveries_;
};

TEST_F(DeliveryWriterTest, WritesBodiesAndDelimiters) {
  Add("a");
  Add(std::string("\0\n\xff", 3));
  Add("");
  DeliveryWriter writer(fds_[1], OutputFormat::kRaw, "\n");
  EXPECT_EQ(writer.Write(deliveries_, 3), 3);
  EXPECT_EQ(Written(), std::string("a\n\0\n\xff\n\n", 7));
}

TEST_F(DeliveryWriterTest, WritesNoMoreThanAskedFor) {
  Add("a");
  Add("b");
  DeliveryWriter writer(fds_[1], OutputFormat::kRaw, "\n");
  EXPECT_EQ(writer.Write(deliveries_, 1), 1);
  EXPECT_EQ(Written(), "a\n");
}

TEST_F(DeliveryWriterTest, CountsDeliveriesOfNoBytesAsWritten) {
  Add("");
  Add("");
  DeliveryWriter writer(fds_[1], OutputFormat::kRaw, "");
  EXPECT_EQ(writer.Write(deliveries_, 2), 2);
  EXPECT_TRUE(writer.status().ok());
}

TEST_F(DeliveryWriterTest, WritesAJsonObjectPerLine) {
  Add("hi");
  DeliveryWriter writer(fds_[1], OutputFormat::kJsonl, "ignored");
  EXPECT_EQ(writer.Write(deliveries_, 1), 1);
  EXPECT_EQ(Written(),
            "{\"deliveryId\":\"0\",\"messageId\":\"0\","
            "\"publishTimeUnixNano\":\"0\",\"attempts\":0,\"body\":\"aGk=\","
            "\"attributes\":{}}\n");
}

TEST_F(DeliveryWriterTest, NamesTheNodeOfEachJsonObject) {
  Add("a");
  Add("b");
  DeliveryWriter writer(fds_[1], OutputFormat::kJsonl, "");
  EXPECT_EQ(writer.Write(deliveries_, 2, {"one:4150", "\"two\":4150"}), 2);
  const std::string written = Written();
  EXPECT_EQ(written.find("{\"node\":\"one:4150\",\"deliveryId\":"), 0u);
  EXPECT_NE(written.find("\n{\"node\":\"\\\"two\\\":4150\",\"deliveryId\":"),
            std::string::npos)
      << written;
}

TEST_F(DeliveryWriterTest, NamesNoNodeBesideBodies) {
  Add("a");
  DeliveryWriter writer(fds_[1], OutputFormat::kRaw, "\n");
  EXPECT_EQ(writer.Write(deliveries_, 1, {"one:4150"}), 1);
  EXPECT_EQ(Written(), "a\n");
}

TEST_F(DeliveryWriterTest, NoticesThatTheReaderIsGone) {
  Add("a");
  close(fds_[0]);
  DeliveryWriter writer(fds_[1], OutputFormat::kRaw, "\n");
  EXPECT_EQ(writer.Write(deliveries_, 1), 0);
  EXPECT_TRUE(writer.reader_gone());
  EXPECT_EQ(writer.Write(deliveries_, 1), 0);
}

// A pipe that takes no more bytes stands in for a reader that dies half-way
// through.
TEST_F(DeliveryWriterTest, CountsOnlyWhatWasWrittenWhole) {
  fcntl(fds_[1], F_SETFL, O_NONBLOCK);
  fcntl(fds_[1], F_SETPIPE_SZ, 4096);
  Add(std::string(3000, 'a'));
  Add(std::string(3000, 'b'));
  DeliveryWriter writer(fds_[1], OutputFormat::kRaw, "\n");
  EXPECT_EQ(writer.Write(deliveries_, 2), 1);
  EXPECT_FALSE(writer.status().ok());
  EXPECT_FALSE(writer.reader_gone());
}

}  // namespace
}  // namespace sluice
