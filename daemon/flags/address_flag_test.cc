// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags/address_flag.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(AddressFlag, SetsWhereToListen) {
  HostPort address{"0.0.0.0", 4150};
  const Flag flag = AddressFlag("grpc-address", &address, "");
  EXPECT_EQ(flag.get(), "\"0.0.0.0:4150\"");
  ASSERT_TRUE(flag.set("[::1]:0").ok());
  EXPECT_EQ(address.host, "::1");
  EXPECT_EQ(address.port, 0);
  EXPECT_FALSE(flag.set("nowhere").ok());
  EXPECT_EQ(address.host, "::1");
}

TEST(AddressListFlag, IsEmptyUntilItIsSet) {
  std::vector<HostPort> addresses;
  const Flag flag = AddressListFlag("lookup-address", &addresses, "");
  EXPECT_EQ(flag.get(), "");
  EXPECT_EQ(flag.when_empty, "none");
}

TEST(AddressListFlag, TakesSeveralAndPrintsThemSoThatTheyCanBeReadBack) {
  std::vector<HostPort> addresses;
  const Flag flag = AddressListFlag("lookup-address", &addresses, "");
  ASSERT_TRUE(flag.set("a:4160,[::1]:4161").ok());
  ASSERT_EQ(addresses.size(), 2u);
  EXPECT_EQ(addresses[1].host, "::1");
  EXPECT_EQ(flag.get(), "\"a:4160,[::1]:4161\"");
}

TEST(AddressListFlag, RefusesWhatNobodyCanCall) {
  std::vector<HostPort> addresses;
  const Flag flag = AddressListFlag("lookup-address", &addresses, "");
  for (const char* text : {"", "a", "a:0", ":4160", "a:4160,", "a:70000"}) {
    EXPECT_FALSE(flag.set(text).ok()) << text;
  }
  EXPECT_TRUE(addresses.empty());
}

}  // namespace
}  // namespace sluice
