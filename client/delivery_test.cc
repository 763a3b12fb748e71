// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/delivery.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FakeSink final : public DeliverySink {
 public:
  void Complete(uint64_t ticket, const Message& message,
                const HandlerResult& result) override {
    const bool finished = result.kind() == HandlerResult::Kind::kFinish;
    completed.push_back((finished ? "finish " : "requeue ") + message.body +
                        " " + std::to_string(ticket));
  }
  void Touch(uint64_t ticket) override { touched.push_back(ticket); }

  std::vector<std::string> completed;
  std::vector<uint64_t> touched;
};

class DeliveryTest : public testing::Test {
 protected:
  Delivery Make(uint64_t ticket, const std::string& body) {
    auto message = std::make_unique<Message>();
    message->body = body;
    return Delivery(sink_, ticket, std::move(message));
  }

  const std::shared_ptr<FakeSink> sink_ = std::make_shared<FakeSink>();
};

TEST_F(DeliveryTest, IsCompletedOnce) {
  {
    Delivery delivery = Make(7, "one");
    EXPECT_THAT(sink_->completed, IsEmpty());
    delivery.Finish();
    delivery.Complete(HandlerResult::Requeue());
  }
  EXPECT_THAT(sink_->completed, ElementsAre("finish one 7"));
}

TEST_F(DeliveryTest, IsRequeuedWhenItIsDroppedWithoutAWord) {
  { const Delivery delivery = Make(7, "one"); }
  EXPECT_THAT(sink_->completed, ElementsAre("requeue one 7"));
}

TEST_F(DeliveryTest, MovesItsDutyAlong) {
  Delivery first = Make(1, "one");
  Delivery second = std::move(first);
  EXPECT_THAT(sink_->completed, IsEmpty());
  Delivery third = Make(2, "two");
  third = std::move(second);
  EXPECT_THAT(sink_->completed, ElementsAre("requeue two 2"));
  third.Finish();
  EXPECT_THAT(sink_->completed, ElementsAre("requeue two 2", "finish one 1"));
}

TEST_F(DeliveryTest, IsTouchedOnlyWhileItIsHeld) {
  Delivery delivery = Make(7, "one");
  delivery.Touch();
  delivery.Finish();
  delivery.Touch();
  EXPECT_THAT(sink_->touched, ElementsAre(7));
}

}  // namespace
}  // namespace sluice
