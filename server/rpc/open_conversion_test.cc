// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/open_conversion.h"

#include <string>

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

v1::Open Open() {
  v1::Open open;
  open.set_topic("orders");
  open.set_channel("mail");
  return open;
}

absl::StatusOr<OpenRequest> Check(const v1::Open& open) {
  return CheckOpen(open, "ipv4:127.0.0.1:1", Limits());
}

void ExpectRefused(const v1::Open& open, const char* reason,
                   const char* field) {
  const absl::Status status = Check(open).status();
  EXPECT_EQ(ErrorReason(status), reason) << status;
  EXPECT_EQ(ErrorField(status), field) << status;
}

TEST(OpenConversion, DefaultsAreTheNodes) {
  const auto request = Check(Open());
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->spec.message_timeout, Limits().message_timeout);
  EXPECT_EQ(request->spec.peer, "ipv4:127.0.0.1:1");
  EXPECT_EQ(request->ready, 0u);
  EXPECT_EQ(request->start, StartPosition::kUnspecified);
}

TEST(OpenConversion, TopicAndChannelNeedNames) {
  v1::Open open = Open();
  open.clear_topic();
  ExpectRefused(open, "INVALID_NAME", "open.topic");
  open = Open();
  open.set_channel("#ephemeral");
  ExpectRefused(open, "INVALID_NAME", "open.channel");
}

TEST(OpenConversion, TheMessageTimeoutHasARange) {
  v1::Open open = Open();
  for (const int64_t seconds : {1, 900}) {
    open.mutable_message_timeout()->set_seconds(seconds);
    EXPECT_EQ(Check(open)->spec.message_timeout, absl::Seconds(seconds));
  }
  for (const int64_t seconds : {-1, 901}) {
    open.mutable_message_timeout()->set_seconds(seconds);
    ExpectRefused(open, "INVALID_DURATION", "open.message_timeout");
  }
  open.mutable_message_timeout()->set_seconds(0);
  ExpectRefused(open, "INVALID_DURATION", "open.message_timeout");
  open.mutable_message_timeout()->set_nanos(999'999'999);
  ExpectRefused(open, "INVALID_DURATION", "open.message_timeout");
}

TEST(OpenConversion, NothingAndAHundredPercentAreAll) {
  v1::Open open = Open();
  EXPECT_EQ(Check(open)->spec.sample_percent, 100u);
  open.set_sample_percent(100);
  EXPECT_EQ(Check(open)->spec.sample_percent, 100u);
  open.set_sample_percent(101);
  ExpectRefused(open, "INVALID_SAMPLE_PERCENT", "open.sample_percent");
  open.set_sample_percent(50);
  EXPECT_EQ(Check(open)->spec.sample_percent, 50u);
}

TEST(OpenConversion, ClientsHaveShortNames) {
  v1::Open open = Open();
  open.set_client_id(std::string(256, 'c'));
  open.set_user_agent(std::string(256, 'u'));
  EXPECT_TRUE(Check(open).ok());
  open.set_user_agent(std::string(257, 'u'));
  ExpectRefused(open, "INVALID_NAME", "open.user_agent");
  open.set_client_id(std::string(257, 'c'));
  ExpectRefused(open, "INVALID_NAME", "open.client_id");
}

TEST(OpenConversion, ACommandNamesNoMoreMessagesThanCanBeLeased) {
  Limits limits;
  EXPECT_TRUE(CheckDeliveryIds("touch.delivery_ids", 100'000, limits).ok());
  const absl::Status status =
      CheckDeliveryIds("touch.delivery_ids", 100'001, limits);
  EXPECT_EQ(ErrorReason(status), "TOO_MANY_IDS");
  EXPECT_EQ(ErrorField(status), "touch.delivery_ids");
  limits.max_ready = 200'000;
  EXPECT_TRUE(CheckDeliveryIds("touch.delivery_ids", 200'000, limits).ok());
}

TEST(OpenConversion, ReadyHasAMaximum) {
  v1::Open open = Open();
  open.set_ready(2500);
  EXPECT_EQ(Check(open)->ready, 2500u);
  open.set_ready(2501);
  ExpectRefused(open, "INVALID_READY", "open.ready");
}

TEST(OpenConversion, AnUnknownStartIsRefused) {
  v1::Open open = Open();
  open.set_start(static_cast<v1::StartPosition>(3));
  ExpectRefused(open, "INVALID_ENUM", "open.start");
}

}  // namespace
}  // namespace sluice
