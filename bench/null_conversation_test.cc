// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/null_conversation.h"

#include <gtest/gtest.h>

#include "bench/frames.h"
#include "sluice/v1/publisher.pb.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {
namespace {

constexpr char kPublish[] = "/sluice.v1.PublisherService/PublishStream";
constexpr char kSubscribe[] = "/sluice.v1.SubscriberService/Subscribe";

v1::SubscribeResponse NextEvent(NullConversation* conversation) {
  grpc::ByteBuffer bytes;
  v1::SubscribeResponse response;
  if (conversation->Next(&bytes)) {
    EXPECT_TRUE(Parse(bytes, &response));
  }
  return response;
}

TEST(UnaryPublish, IsAnsweredOnce) {
  const NullConversationOptions options;
  const auto conversation =
      MakeNullConversation("/sluice.v1.PublisherService/Publish", options);
  grpc::ByteBuffer bytes;
  EXPECT_FALSE(conversation->Next(&bytes));
  v1::PublishRequest request;
  request.add_messages();
  request.add_messages();
  ASSERT_TRUE(conversation->Receive(Serialize(request)));
  conversation->HalfClose();
  ASSERT_TRUE(conversation->Next(&bytes));
  v1::PublishResponse response;
  ASSERT_TRUE(Parse(bytes, &response));
  EXPECT_EQ(response.message_count(), 2u);
  EXPECT_TRUE(conversation->over());
  EXPECT_FALSE(conversation->Next(&bytes));
}

class Subscription : public ::testing::TestWithParam<bool> {
 protected:
  Subscription() {
    options_.use_protobuf = GetParam();
    options_.deliver_batch = 10;
    conversation_ = MakeNullConversation(kSubscribe, options_);
    v1::SubscribeRequest request;
    request.mutable_open()->set_ready(25);
    EXPECT_TRUE(conversation_->Receive(Serialize(request)));
    EXPECT_TRUE(NextEvent(conversation_.get()).has_opened());
  }

  NullConversationOptions options_;
  std::unique_ptr<NullConversation> conversation_;
};

TEST_P(Subscription, DeliversFullFramesWithinReady) {
  EXPECT_EQ(NextEvent(conversation_.get()).deliveries().deliveries_size(), 10);
  EXPECT_EQ(NextEvent(conversation_.get()).deliveries().deliveries_size(), 10);
  EXPECT_EQ(NextEvent(conversation_.get()).event_case(),
            v1::SubscribeResponse::EVENT_NOT_SET);
}

TEST_P(Subscription, DeliversAgainWhatWasFinished) {
  NextEvent(conversation_.get());
  NextEvent(conversation_.get());
  v1::SubscribeRequest finish;
  for (uint64_t id = 1; id <= 5; ++id) {
    finish.mutable_finish()->add_delivery_ids(id);
  }
  ASSERT_TRUE(conversation_->Receive(Serialize(finish)));
  EXPECT_EQ(NextEvent(conversation_.get()).deliveries().deliveries_size(), 10);
}

TEST_P(Subscription, ClosesWhenNothingIsLeased) {
  const auto delivered = NextEvent(conversation_.get());
  v1::SubscribeRequest request;
  request.mutable_close();
  ASSERT_TRUE(conversation_->Receive(Serialize(request)));
  EXPECT_EQ(NextEvent(conversation_.get()).event_case(),
            v1::SubscribeResponse::EVENT_NOT_SET);
  EXPECT_FALSE(conversation_->over());
  for (const v1::Delivery& delivery : delivered.deliveries().deliveries()) {
    request.mutable_finish()->add_delivery_ids(delivery.delivery_id());
  }
  ASSERT_TRUE(conversation_->Receive(Serialize(request)));
  EXPECT_TRUE(NextEvent(conversation_.get()).has_closed());
  EXPECT_TRUE(conversation_->over());
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutProtobuf, Subscription,
                         ::testing::Bool());

TEST(PublishConversation, AnswersWhatCameTogether) {
  for (const bool use_protobuf : {false, true}) {
    NullConversationOptions options;
    options.use_protobuf = use_protobuf;
    const auto conversation = MakeNullConversation(kPublish, options);
    ASSERT_TRUE(conversation->Receive(SerializePublish({}, 7)));
    ASSERT_TRUE(conversation->Receive(SerializePublish({}, 8)));
    grpc::ByteBuffer bytes;
    v1::PublishStreamResponse response;
    ASSERT_TRUE(conversation->Next(&bytes));
    ASSERT_TRUE(Parse(bytes, &response));
    ASSERT_EQ(response.results_size(), 2);
    EXPECT_EQ(response.results(0).correlation_id(), 7u);
    EXPECT_EQ(response.results(1).correlation_id(), 8u);
    EXPECT_FALSE(conversation->Next(&bytes));
  }
}

TEST(NullConversation, KnowsNoOtherMethod) {
  EXPECT_EQ(MakeNullConversation("/sluice.v1.AdminService/GetStats", {}),
            nullptr);
}

}  // namespace
}  // namespace sluice
