// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/client_options.h"

#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

// The option that is refused; empty when all are fine.
std::string Refused(const ClientOptions& options) {
  return ErrorField(ValidateClientOptions(options));
}

TEST(ClientOptions, TakeNodesOrLookups) {
  ClientOptions nodes;
  nodes.addresses = {"localhost:4150", "[::1]:4150"};
  EXPECT_EQ(Refused(nodes), "");
  ClientOptions lookups;
  lookups.lookup_addresses = {"lookup.example.com:4160"};
  EXPECT_EQ(Refused(lookups), "");
}

TEST(ClientOptions, RefuseNeitherAndBoth) {
  ClientOptions options;
  EXPECT_EQ(Refused(options), "addresses");
  options.addresses = {"a:1"};
  options.lookup_addresses = {"b:1"};
  EXPECT_EQ(Refused(options), "addresses");
}

TEST(ClientOptions, RefuseWhatIsNoAddress) {
  for (const char* address : {"", "a", "a:", ":1", "a:0", "a:65536", "a:x"}) {
    ClientOptions options;
    options.addresses = {address};
    EXPECT_EQ(Refused(options), "addresses") << address;
    options.addresses.clear();
    options.lookup_addresses = {address};
    EXPECT_EQ(Refused(options), "lookup_addresses") << address;
  }
}

TEST(ClientOptions, RefuseTimesOutOfRange) {
  ClientOptions good;
  good.addresses = {"a:1"};
  ClientOptions options = good;
  options.lookup_poll_interval = absl::Milliseconds(9);
  EXPECT_EQ(Refused(options), "lookup_poll_interval");
  options = good;
  options.min_reconnect_delay = absl::Seconds(2);
  EXPECT_EQ(Refused(options), "min_reconnect_delay");
  options = good;
  options.forget_node_after = absl::Seconds(-1);
  EXPECT_EQ(Refused(options), "forget_node_after");
}

}  // namespace
}  // namespace sluice
