// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/delivery_inbox.h"

#include <poll.h>

#include <memory>
#include <thread>

#include "gtest/gtest.h"

namespace sluice {
namespace {

// Takes whatever becomes of a delivery.
class NoSink final : public DeliverySink {
 public:
  void Complete(uint64_t, const Message&, const HandlerResult&) override {}
  void Touch(uint64_t) override {}
};

Delivery Make(const std::string& body) {
  auto message = std::make_unique<Message>();
  message->body = body;
  return Delivery(std::make_shared<NoSink>(), 1, std::move(message));
}

bool Readable(const DeliveryInbox& inbox) {
  pollfd wait = {inbox.fd(), POLLIN, 0};
  return poll(&wait, 1, 0) == 1;
}

TEST(DeliveryInbox, KeepsTheOrder) {
  DeliveryInbox inbox;
  inbox.Put(Make("a"));
  inbox.Put(Make("b"));
  const std::vector<Delivery> taken = inbox.TakeAll();
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].message().body, "a");
  EXPECT_EQ(taken[1].message().body, "b");
}

TEST(DeliveryInbox, IsReadableWhileSomethingIsThere) {
  DeliveryInbox inbox;
  EXPECT_FALSE(Readable(inbox));
  inbox.Put(Make("a"));
  EXPECT_TRUE(Readable(inbox));
  inbox.TakeAll();
  EXPECT_FALSE(Readable(inbox));
  inbox.Put(Make("b"));
  EXPECT_TRUE(Readable(inbox));
}

TEST(DeliveryInbox, LosesNothingBetweenThreads) {
  DeliveryInbox inbox;
  constexpr size_t kCount = 1000;
  std::thread putter([&inbox] {
    for (size_t i = 0; i < kCount; ++i) inbox.Put(Make("x"));
  });
  size_t taken = 0;
  while (taken < kCount) {
    pollfd wait = {inbox.fd(), POLLIN, 0};
    poll(&wait, 1, -1);
    taken += inbox.TakeAll().size();
  }
  putter.join();
  EXPECT_EQ(taken, kCount);
}

}  // namespace
}  // namespace sluice
