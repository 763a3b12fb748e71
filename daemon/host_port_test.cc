// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/host_port.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(HostPort, ReadsNamesAndAddresses) {
  for (const char* text : {"0.0.0.0:4150", "127.0.0.1:0", "localhost:65535",
                           "queue-1.example:80", "[::1]:4150", "[::]:1"}) {
    const auto address = ParseHostPort(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->ToString(), text);
  }
  EXPECT_EQ(ParseHostPort("[::1]:7")->host, "::1");
  EXPECT_EQ(ParseHostPort("[::1]:7")->port, 7);
}

TEST(HostPort, NoHostMeansAllAddresses) {
  EXPECT_EQ(ParseHostPort(":4150")->ToString(), "0.0.0.0:4150");
}

TEST(HostPort, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", "localhost", "4150", "localhost:", "localhost:65536",
        "localhost:-1", "localhost:http", "::1:4150x", "a b:1", "[]:1",
        "http://x:1", "::1:4150"}) {
    EXPECT_FALSE(ParseHostPort(text).has_value()) << text;
  }
}

TEST(HostPort, AWildcardIsReachedThroughTheLoopback) {
  EXPECT_EQ(ParseHostPort("0.0.0.0:1")->Reachable().ToString(), "127.0.0.1:1");
  EXPECT_EQ(ParseHostPort("[::]:1")->Reachable().ToString(), "127.0.0.1:1");
  EXPECT_EQ(ParseHostPort("localhost:1")->Reachable().ToString(),
            "localhost:1");
}

}  // namespace
}  // namespace sluice
