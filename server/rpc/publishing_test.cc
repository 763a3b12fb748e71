// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// PublisherService over a real broker and a real connection.
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "server/rpc/rpc_fixture.h"

namespace sluice {
namespace {

using PublishingTest = RpcFixture;

TEST_F(PublishingTest, PublishNumbersMessages) {
  v1::PublishResponse response;
  ASSERT_TRUE(Publish(Batch("orders", 3), &response).ok());
  EXPECT_EQ(response.first_message_id(), 1u);
  EXPECT_EQ(response.message_count(), 3u);
  EXPECT_EQ(response.durability(), v1::DURABILITY_DISK);
  ASSERT_TRUE(Publish(Batch("orders", 1), &response).ok());
  EXPECT_EQ(response.first_message_id(), 4u);
}

TEST_F(PublishingTest, ARefusedPublishMakesNoTopic) {
  v1::PublishResponse response;
  const grpc::Status status = Publish(Batch("orders", 0), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(status), "EMPTY_BATCH");
  EXPECT_TRUE(broker_->ListTopics().empty());
}

TEST_F(PublishingTest, ABatchFarTooLargeGetsOurOwnError) {
  v1::PublishRequest request;
  request.set_topic("orders");
  for (int i = 0; i < 9; ++i) {
    request.add_messages()->set_body(std::string(1 << 20, 'x'));
  }
  v1::PublishResponse response;
  EXPECT_EQ(Reason(Publish(request, &response)), "BATCH_TOO_LARGE");
}

TEST_F(PublishingTest, APublishStreamAnswersEveryRequest) {
  constexpr uint64_t kRequests = 3000;
  grpc::ClientContext context;
  const auto stream = publisher_->PublishStream(&context);
  std::thread writer([&] {
    v1::PublishStreamRequest request;
    for (uint64_t id = 1; id <= kRequests; ++id) {
      request.set_correlation_id(id);
      *request.mutable_publish() = Batch("orders", 2);
      ASSERT_TRUE(stream->Write(request));
    }
    stream->WritesDone();
  });
  std::set<uint64_t> answered;
  std::set<uint64_t> message_ids;
  v1::PublishStreamResponse response;
  while (stream->Read(&response)) {
    for (const auto& result : response.results()) {
      EXPECT_TRUE(result.has_published()) << result.ShortDebugString();
      EXPECT_TRUE(answered.insert(result.correlation_id()).second);
      message_ids.insert(result.published().first_message_id());
    }
  }
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answered.size(), kRequests);
  EXPECT_EQ(message_ids.size(), kRequests);
  EXPECT_EQ(*message_ids.rbegin(), 2 * kRequests - 1);
}

TEST_F(PublishingTest, AnErrorOnAPublishStreamConcernsItsRequestOnly) {
  grpc::ClientContext context;
  const auto stream = publisher_->PublishStream(&context);
  v1::PublishStreamRequest request;
  request.set_correlation_id(1);
  stream->Write(request);  // no publish
  request.set_correlation_id(2);
  *request.mutable_publish() = Batch("no name", 1);
  stream->Write(request);
  request.set_correlation_id(3);
  *request.mutable_publish() = Batch("orders", 1);
  stream->Write(request);
  stream->WritesDone();
  std::vector<std::string> outcomes(4);
  v1::PublishStreamResponse response;
  while (stream->Read(&response)) {
    for (const auto& result : response.results()) {
      outcomes[result.correlation_id()] =
          result.has_published() ? "published" : Reason(result.error());
    }
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(outcomes, (std::vector<std::string>{"", "EMPTY_BATCH",
                                                "INVALID_NAME", "published"}));
}

TEST_F(PublishingTest, APublishStreamCountsAsAPublisherWhileItLives) {
  const auto publishers = [&]() -> uint64_t {
    const auto stats = broker_->GetStats("orders", "", false);
    return stats.ok() && !stats->empty() ? (*stats)[0].publisher_count : 99;
  };
  {
    grpc::ClientContext context;
    const auto stream = publisher_->PublishStream(&context);
    v1::PublishStreamRequest request;
    *request.mutable_publish() = Batch("orders", 1);
    v1::PublishStreamResponse response;
    for (int i = 0; i < 2; ++i) {
      stream->Write(request);
      ASSERT_TRUE(stream->Read(&response));
    }
    EXPECT_EQ(publishers(), 1u);
    context.TryCancel();
    EXPECT_FALSE(stream->Finish().ok());
  }
  EXPECT_TRUE(Eventually([&] { return publishers() == 0; }));
}

TEST_F(PublishingTest, APublishStreamMakesADeletedTopicAnew) {
  grpc::ClientContext context;
  const auto stream = publisher_->PublishStream(&context);
  v1::PublishStreamRequest request;
  *request.mutable_publish() = Batch("orders", 5);
  v1::PublishStreamResponse response;
  stream->Write(request);
  ASSERT_TRUE(stream->Read(&response));
  {
    grpc::ClientContext delete_context;
    v1::DeleteTopicRequest delete_request;
    delete_request.set_topic("orders");
    v1::DeleteTopicResponse deleted;
    ASSERT_TRUE(
        admin_->DeleteTopic(&delete_context, delete_request, &deleted).ok());
  }
  stream->Write(request);
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.results(0).published().first_message_id(), 1u)
      << response.ShortDebugString();
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

}  // namespace
}  // namespace sluice
