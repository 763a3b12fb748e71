// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/plain_publish.h"

#include <cstring>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "grpcpp/support/slice.h"
#include "gtest/gtest.h"
#include "server/rpc/publish_stream_request.h"
#include "server/rpc/reuse.h"

namespace sluice {
namespace {

constexpr int64_t kPublishTimeNanos = 1'700'000'000'000'000'000;
const absl::Time kPublishTime = absl::FromUnixNanos(kPublishTimeNanos);

// In slices of `slice_bytes`, as the network may deliver it.
grpc::ByteBuffer Frame(const std::string& bytes,
                       size_t slice_bytes = SIZE_MAX) {
  std::vector<grpc::Slice> slices;
  for (size_t at = 0; at < bytes.size(); at += slices.back().size()) {
    slices.emplace_back(bytes.substr(at, slice_bytes));
  }
  return grpc::ByteBuffer(slices.data(), slices.size());
}

grpc::ByteBuffer Frame(const v1::PublishStreamRequest& request) {
  return Frame(request.SerializeAsString());
}

v1::PublishStreamRequest Request(int messages = 2) {
  v1::PublishStreamRequest request;
  request.set_correlation_id(7);
  request.mutable_publish()->set_topic("orders");
  for (int i = 0; i < messages; ++i) {
    request.mutable_publish()->add_messages()->set_body("body " +
                                                        std::to_string(i));
  }
  return request;
}

bool IsPlain(const v1::PublishStreamRequest& request,
             const Limits& limits = Limits()) {
  PlainPublish plain;
  return plain.Read(Frame(request), limits);
}

TEST(PlainPublish, ReadsARequestInOneSlice) {
  v1::PublishStreamRequest request = Request();
  request.mutable_publish()->set_durability(v1::DURABILITY_OS);
  request.mutable_publish()->set_request_id(std::string(64, 'x'));
  PlainPublish plain;
  ASSERT_TRUE(plain.Read(Frame(request), Limits()));
  EXPECT_EQ(plain.correlation_id(), 7u);
  EXPECT_EQ(plain.topic(), "orders");
  EXPECT_EQ(plain.durability(), Durability::kOs);
  EXPECT_EQ(plain.request_id(), std::string(64, 'x'));
  const auto block = plain.BuildRecordBlock(kPublishTime);
  ASSERT_EQ(block->message_count(), 2u);
  EXPECT_EQ(block->body(0), "body 0");
  EXPECT_EQ(block->body(1), "body 1");
  EXPECT_FALSE(block->has_attributes());
  EXPECT_EQ(block->publish_time_unix_nano(), kPublishTimeNanos);
}

TEST(PlainPublish, ReadsARequestCutAnywhere) {
  const std::string bytes = Request(20).SerializeAsString();
  for (size_t slice_bytes = 1; slice_bytes < bytes.size(); ++slice_bytes) {
    PlainPublish plain;
    ASSERT_TRUE(plain.Read(Frame(bytes, slice_bytes), Limits())) << slice_bytes;
    const auto block = plain.BuildRecordBlock(kPublishTime);
    ASSERT_EQ(block->message_count(), 20u);
    ASSERT_EQ(block->body(19), "body 19");
  }
}

TEST(PlainPublish, ReadsEmptyAndLargeBodies) {
  v1::PublishStreamRequest request = Request(0);
  request.mutable_publish()->add_messages();
  request.mutable_publish()->add_messages()->set_body(
      std::string(Limits().max_message_bytes, 'x'));
  request.mutable_publish()->add_messages()->set_body(std::string(1, '\0'));
  PlainPublish plain;
  ASSERT_TRUE(plain.Read(Frame(request), Limits()));
  const auto block = plain.BuildRecordBlock(kPublishTime);
  ASSERT_EQ(block->message_count(), 3u);
  EXPECT_EQ(block->body(0), "");
  EXPECT_EQ(block->body(1).size(), Limits().max_message_bytes);
  EXPECT_EQ(block->body(2), absl::string_view("\0", 1));
}

TEST(PlainPublish, KeepsNothingOfTheRequestBefore) {
  PlainPublish plain;
  v1::PublishStreamRequest first = Request(9);
  first.mutable_publish()->set_durability(v1::DURABILITY_DISK);
  first.mutable_publish()->set_request_id("once");
  ASSERT_TRUE(plain.Read(Frame(first), Limits()));
  plain.Release();
  v1::PublishStreamRequest second = Request(1);
  second.clear_correlation_id();
  ASSERT_TRUE(plain.Read(Frame(second), Limits()));
  EXPECT_EQ(plain.correlation_id(), 0u);
  EXPECT_EQ(plain.durability(), Durability::kUnspecified);
  EXPECT_EQ(plain.request_id(), "");
  EXPECT_EQ(plain.BuildRecordBlock(kPublishTime)->message_count(), 1u);
}

TEST(PlainPublish, LeavesWhateverIsMoreThanBodiesToTheGeneratedParser) {
  const std::vector<std::function<void(v1::PublishStreamRequest*)>> changes = {
      [](auto* r) {
        (*r->mutable_publish()
              ->mutable_messages(1)
              ->mutable_attributes())["a"] = "b";
      },
      [](auto* r) {
        r->mutable_publish()->mutable_messages(1)->mutable_delay();
      },
      [](auto* r) { r->mutable_publish()->set_request_id("\xc3\xbcnique"); },
      [](auto* r) {
        r->mutable_publish()->set_request_id(std::string(65, 'x'));
      },
      [](auto* r) {
        r->mutable_publish()->set_durability(static_cast<v1::Durability>(9));
      },
      [](auto* r) { r->mutable_publish()->set_topic("no/name"); },
      [](auto* r) { r->mutable_publish()->clear_topic(); },
      [](auto* r) { r->mutable_publish()->clear_messages(); },
      [](auto* r) { r->clear_publish(); },
      [](auto* r) { r->set_correlation_id(UINT64_MAX); },
  };
  ASSERT_TRUE(IsPlain(Request()));
  for (size_t i = 0; i < changes.size(); ++i) {
    v1::PublishStreamRequest request = Request();
    changes[i](&request);
    EXPECT_FALSE(IsPlain(request)) << "change " << i;
  }
}

TEST(PlainPublish, LeavesWhatIsTooLargeToTheOneWhoSaysSo) {
  Limits limits;
  limits.max_message_bytes = 6;
  limits.max_batch_bytes = 12;
  EXPECT_TRUE(IsPlain(Request(2), limits));   // 2 x "body 0"
  EXPECT_FALSE(IsPlain(Request(3), limits));  // 18 bytes together
  limits.max_message_bytes = 5;
  EXPECT_FALSE(IsPlain(Request(1), limits));
}

TEST(PlainPublish, LeavesFieldsThatComeTwiceToTheGeneratedParser) {
  const std::string once = Request().SerializeAsString();
  PlainPublish plain;
  EXPECT_FALSE(plain.Read(Frame(once + once), Limits()));
}

TEST(PlainPublish, IsNotFooledByTruncatedFrames) {
  const std::string bytes = Request(3).SerializeAsString();
  for (size_t size = 0; size < bytes.size(); ++size) {
    PlainPublish plain;
    EXPECT_FALSE(plain.Read(Frame(bytes.substr(0, size)), Limits())) << size;
  }
}

// Whatever it takes in, the generated parser would have understood alike.
TEST(PlainPublish, AgreesWithTheGeneratedParserOnDamagedFrames) {
  const uint32_t seed = std::random_device()();
  std::cout << "seed " << seed << std::endl;
  std::mt19937 random(seed);
  v1::PublishStreamRequest request = Request(5);
  request.mutable_publish()->set_request_id("once");
  const std::string whole = request.SerializeAsString();
  int taken_in = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole;
    for (unsigned change = 0; change <= random() % 3; ++change) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    PlainPublish plain;
    if (!plain.Read(Frame(bytes, 1 + random() % bytes.size()), Limits())) {
      continue;
    }
    ++taken_in;
    PublishStreamRequestBuffer parsed;
    grpc::ByteBuffer frame = Frame(bytes);
    ASSERT_TRUE(parsed.Parse(&frame));
    ASSERT_EQ(plain.correlation_id(), parsed.correlation_id());
    ASSERT_EQ(plain.topic(), parsed.publish().topic());
    ASSERT_EQ(plain.request_id(), parsed.publish().request_id());
    const auto block = plain.BuildRecordBlock(kPublishTime);
    ASSERT_EQ(static_cast<int>(block->message_count()),
              parsed.publish().messages_size());
    for (uint32_t m = 0; m < block->message_count(); ++m) {
      ASSERT_EQ(block->body(m),
                parsed.publish().messages(static_cast<int>(m)).body());
    }
  }
  EXPECT_GT(taken_in, 0);
}

}  // namespace
}  // namespace sluice
