// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/relay_id.h"

#include <cstdint>
#include <set>

#include "gtest/gtest.h"

namespace sluice {
namespace {

Message Make() {
  Message message;
  message.node = "host:4150";
  message.topic = "orders";
  message.id = 7;
  message.publish_time = absl::FromUnixSeconds(1'700'000'000);
  return message;
}

TEST(RelayId, IsTheSameForTheSameMessage) {
  Message again = Make();
  again.attempts = 5;
  again.channel = "other";
  EXPECT_EQ(RelayId(Make(), "t"), RelayId(again, "t"));
}

TEST(RelayId, DiffersWithAllThatMakesAMessageAnother) {
  std::set<std::string> ids = {RelayId(Make(), "t"), RelayId(Make(), "u")};
  Message message = Make();
  message.id = 8;
  ids.insert(RelayId(message, "t"));
  message = Make();
  message.node = "other:4150";
  ids.insert(RelayId(message, "t"));
  message = Make();
  message.topic = "bills";
  ids.insert(RelayId(message, "t"));
  message = Make();
  message.publish_time += absl::Nanoseconds(1);
  ids.insert(RelayId(message, "t"));
  EXPECT_EQ(ids.size(), 6u);
}

TEST(RelayId, FitsIntoARequestId) {
  Message message = Make();
  message.id = UINT64_MAX;
  EXPECT_LE(RelayId(message, "t").size(), 64u);
}

}  // namespace
}  // namespace sluice
