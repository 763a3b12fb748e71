// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/publish_conversion.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "gtest/gtest.h"
#include "rpc/server_builder_options.h"

namespace sluice {
namespace {

Limits SmallLimits() {
  Limits limits;
  limits.max_message_bytes = 10;
  limits.max_batch_bytes = 25;
  return limits;
}

v1::PublishRequest Request(int messages = 1) {
  v1::PublishRequest request;
  request.set_topic("orders");
  for (int i = 0; i < messages; ++i) {
    request.add_messages()->set_body(absl::StrCat("body ", i));
  }
  return request;
}

void ExpectRefused(const v1::PublishRequest& request, const char* reason,
                   const char* field) {
  const absl::Status status = CheckPublish(request, SmallLimits()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(ErrorReason(status), reason) << status;
  EXPECT_EQ(ErrorField(status), field) << status;
}

TEST(PublishConversion, TheTopicNeedsAName) {
  v1::PublishRequest request = Request();
  request.set_topic("no name");
  ExpectRefused(request, "INVALID_NAME", "topic");
}

TEST(PublishConversion, ABatchNeedsAMessage) {
  ExpectRefused(Request(0), "EMPTY_BATCH", "messages");
}

TEST(PublishConversion, NamesTheMessageThatIsTooLarge) {
  v1::PublishRequest request = Request(2);
  request.mutable_messages(1)->set_body(std::string(11, 'x'));
  ExpectRefused(request, "MESSAGE_TOO_LARGE", "messages[1].body");
}

TEST(PublishConversion, TheBodiesTogetherAreLimited) {
  v1::PublishRequest request = Request(3);
  for (auto& message : *request.mutable_messages()) {
    message.set_body(std::string(10, 'x'));
  }
  ExpectRefused(request, "BATCH_TOO_LARGE", "messages");
}

TEST(PublishConversion, TheirNumberIsLimitedHoweverSmallTheyAre) {
  v1::PublishRequest request;
  request.set_topic("orders");
  for (size_t i = 0; i < kMaxBatchMessages; ++i) request.add_messages();
  EXPECT_TRUE(CheckPublish(request, SmallLimits()).ok());
  request.add_messages();
  ExpectRefused(request, "BATCH_TOO_LARGE", "messages");
}

TEST(PublishConversion, AttributesDoNotCountTowardTheBatch) {
  v1::PublishRequest request = Request();
  (*request.mutable_messages(0)->mutable_attributes())["key"] =
      std::string(1000, 'x');
  EXPECT_TRUE(CheckPublish(request, SmallLimits()).ok());
}

TEST(PublishConversion, TooManyAttributesAreRefused) {
  v1::PublishRequest request = Request();
  for (size_t i = 0; i <= kMaxAttributes; ++i) {
    (*request.mutable_messages(0)->mutable_attributes())[absl::StrCat(i)] = "";
  }
  ExpectRefused(request, "ATTRIBUTES_TOO_LARGE", "messages[0].attributes");
}

TEST(PublishConversion, AttributesAreLimitedInBytes) {
  v1::PublishRequest request = Request();
  auto& attributes = *request.mutable_messages(0)->mutable_attributes();
  attributes["k"] = std::string(kMaxAttributeBytes - 1, 'x');
  EXPECT_TRUE(CheckPublish(request, SmallLimits()).ok());
  attributes["l"] = "";
  ExpectRefused(request, "ATTRIBUTES_TOO_LARGE", "messages[0].attributes");
}

TEST(PublishConversion, AttributesOfAllMessagesTogetherAreLimitedToo) {
  v1::PublishRequest request;
  request.set_topic("orders");
  const size_t each = kMaxAttributeBytes - 8;  // and 8 more count
  for (size_t i = 0; i < kMaxBatchAttributeBytes / kMaxAttributeBytes; ++i) {
    (*request.add_messages()->mutable_attributes())["k"] =
        std::string(each - 1, 'x');
  }
  EXPECT_TRUE(CheckPublish(request, SmallLimits()).ok());
  (*request.add_messages()->mutable_attributes())["k"] = "";
  ExpectRefused(request, "ATTRIBUTES_TOO_LARGE", "messages");
}

TEST(PublishConversion, WhatIsAllowedIsNotTooMuchForGrpc) {
  const Limits limits;
  v1::PublishRequest request;
  request.set_topic("orders");
  const std::string body(limits.max_batch_bytes / kMaxBatchMessages, 'x');
  for (size_t i = 0; i < kMaxBatchMessages; ++i) {
    v1::Message& message = *request.add_messages();
    message.set_body(body);
    message.mutable_delay()->set_seconds(300 * 86400);
    message.mutable_delay()->set_nanos(999'999'999);
    for (const char* key : {"a", "b", "c", "d", "e"}) {
      (*message.mutable_attributes())[key] = "x";
    }
  }
  ASSERT_TRUE(CheckPublish(request, limits).ok());
  EXPECT_LT(request.ByteSizeLong(),
            static_cast<size_t>(MaxReceiveBytes(limits.max_batch_bytes)));
}

TEST(PublishConversion, ANegativeDelayIsRefused) {
  v1::PublishRequest request = Request(4);
  request.mutable_messages(3)->mutable_delay()->set_nanos(-1);
  ExpectRefused(request, "INVALID_DURATION", "messages[3].delay");
}

TEST(PublishConversion, ADelayAboveTheMaximumIsRefused) {
  v1::PublishRequest request = Request();
  request.mutable_messages(0)->mutable_delay()->set_seconds(366 * 86400);
  ExpectRefused(request, "INVALID_DURATION", "messages[0].delay");
}

TEST(PublishConversion, ALongRequestIdIsRefused) {
  v1::PublishRequest request = Request();
  request.set_request_id(std::string(65, 'x'));
  ExpectRefused(request, "INVALID_REQUEST_ID", "request_id");
}

TEST(PublishConversion, AnUnknownDurabilityIsRefused) {
  v1::PublishRequest request = Request();
  request.set_durability(static_cast<v1::Durability>(17));
  ExpectRefused(request, "INVALID_ENUM", "durability");
}

TEST(PublishConversion, ADelayBecomesADueTime) {
  v1::PublishRequest request = Request(3);
  request.mutable_messages(0)->mutable_delay();
  EXPECT_FALSE(CheckPublish(request, SmallLimits())->with_delays);
  request.mutable_messages(2)->mutable_delay()->set_seconds(90);
  request.mutable_messages(2)->mutable_delay()->set_nanos(7);
  const auto totals = CheckPublish(request, SmallLimits());
  ASSERT_TRUE(totals.ok()) << totals.status();
  EXPECT_TRUE(totals->with_delays);
  const absl::Time now = absl::FromUnixSeconds(1000);
  const auto block = BuildRecordBlock(request, *totals, now);
  EXPECT_EQ(block->due_unix_nano(0), 0);
  EXPECT_EQ(block->due_unix_nano(1), 0);
  EXPECT_EQ(block->due_unix_nano(2), 1'090'000'000'007);
  EXPECT_EQ(block->body(2), request.messages(2).body());
}

TEST(PublishConversion, ABlockHoldsTheBodiesInOrder) {
  v1::PublishRequest request = Request(3);
  request.mutable_messages(1)->clear_body();
  request.set_durability(v1::DURABILITY_OS);
  const auto totals = CheckPublish(request, SmallLimits());
  ASSERT_TRUE(totals.ok());
  EXPECT_EQ(totals->durability, Durability::kOs);
  const std::unique_ptr<RecordBlock> block =
      BuildRecordBlock(request, *totals, absl::FromUnixNanos(42));
  ASSERT_EQ(block->message_count(), 3u);
  EXPECT_EQ(block->body(0), "body 0");
  EXPECT_EQ(block->body(1), "");
  EXPECT_EQ(block->body(2), "body 2");
  EXPECT_EQ(block->publish_time_unix_nano(), 42);
  EXPECT_FALSE(block->has_attributes());
}

TEST(PublishConversion, ABlockHoldsTheAttributesOfTheirMessage) {
  v1::PublishRequest request = Request(2);
  (*request.mutable_messages(1)->mutable_attributes())["color"] = "red";
  const auto totals = CheckPublish(request, SmallLimits());
  ASSERT_TRUE(totals.ok());
  const std::unique_ptr<RecordBlock> block =
      BuildRecordBlock(request, *totals, absl::UnixEpoch());
  EXPECT_TRUE(block->attributes(0).empty());
  const std::vector<AttributeView> attributes = block->attributes(1);
  ASSERT_EQ(attributes.size(), 1u);
  EXPECT_EQ(attributes[0].key, "color");
  EXPECT_EQ(attributes[0].value, "red");
  EXPECT_EQ(block->body(1), "body 1");
}

}  // namespace
}  // namespace sluice
