// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/nsq_frames.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

// Spelled out, byte by byte, since it may contain zeros.
template <size_t kSize>
std::string Bytes(const char (&text)[kSize]) {
  return std::string(text, kSize - 1);
}

TEST(NsqFrames, WritesCommandsAsTheProtocolHasThem) {
  EXPECT_EQ(NsqPublish("orders", "hello"),
            Bytes("PUB orders\n\x00\x00\x00\x05hello"));
  EXPECT_EQ(NsqIdentify("{}"), Bytes("IDENTIFY\n\x00\x00\x00\x02{}"));
  EXPECT_EQ(NsqSubscribe("orders", "mail"), "SUB orders mail\n");
  EXPECT_EQ(NsqReady(2500), "RDY 2500\n");
  EXPECT_EQ(NsqFinish("0123456789abcdef"), "FIN 0123456789abcdef\n");
  EXPECT_EQ(NsqNop(), "NOP\n");
}

TEST(NsqFrames, WritesALongBodysSizeBigEndian) {
  EXPECT_EQ(NsqPublish("t", std::string(0x010203, 'x')).substr(6, 4),
            Bytes("\x00\x01\x02\x03"));
}

TEST(NsqFrames, TakesOneFrameAfterAnother) {
  const std::string bytes = Bytes(
      "\x00\x00\x00\x06\x00\x00\x00\x00OK"
      "\x00\x00\x00\x09\x00\x00\x00\x01"
      "E_BAD");
  absl::string_view left = bytes;
  const auto first = TakeNsqFrame(&left);
  ASSERT_TRUE(first.ok() && first->has_value());
  EXPECT_EQ((*first)->type, NsqFrame::kResponse);
  EXPECT_EQ((*first)->data, "OK");
  const auto second = TakeNsqFrame(&left);
  ASSERT_TRUE(second.ok() && second->has_value());
  EXPECT_EQ((*second)->type, NsqFrame::kError);
  EXPECT_EQ((*second)->data, "E_BAD");
  EXPECT_TRUE(left.empty());
}

TEST(NsqFrames, WaitsForTheRestOfAFrame) {
  const std::string bytes = Bytes("\x00\x00\x00\x06\x00\x00\x00\x00OK");
  for (size_t length = 0; length < bytes.size(); ++length) {
    absl::string_view left = absl::string_view(bytes).substr(0, length);
    const auto frame = TakeNsqFrame(&left);
    ASSERT_TRUE(frame.ok());
    EXPECT_FALSE(frame->has_value()) << length;
    EXPECT_EQ(left.size(), length);
  }
}

TEST(NsqFrames, RefusesALengthThatNoFrameHas) {
  const std::string too_short = Bytes("\x00\x00\x00\x03\x00\x00\x00\x00");
  absl::string_view left = too_short;
  EXPECT_FALSE(TakeNsqFrame(&left).ok());
  const std::string too_long = Bytes("\xff\xff\xff\xff\x00\x00\x00\x00");
  left = too_long;
  EXPECT_FALSE(TakeNsqFrame(&left).ok());
}

TEST(NsqFrames, ReadsAMessage) {
  const std::string data = Bytes(
      "\x00\x00\x00\x00\x00\x00\x01\x02"
      "\x01\x03"
      "0123456789abcdef"
      "body");
  const auto message = ParseNsqMessage(data);
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->timestamp, 0x0102);
  EXPECT_EQ(message->attempts, 0x0103);
  EXPECT_EQ(message->id, "0123456789abcdef");
  EXPECT_EQ(message->body, "body");
  EXPECT_FALSE(ParseNsqMessage(data.substr(0, 25)).ok());
  EXPECT_EQ(ParseNsqMessage(absl::string_view(data).substr(0, 26))->body, "");
}

}  // namespace
}  // namespace sluice
