// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/info_page.h"

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

TEST(InfoPage, TellsWhoTheNodeIs) {
  InfoPage page;
  page.version = "1.2.3";
  page.node_id = "node-\"1\"";
  page.broadcast_address = "host";
  page.grpc_port = 4150;
  page.http_port = 4151;
  page.start_time = absl::FromUnixSeconds(0);
  page.lookups.push_back({"lookup:4160", false, 3, "nobody there"});
  const auto json = nlohmann::json::parse(page.ToJson());
  EXPECT_EQ(json["version"], "1.2.3");
  EXPECT_EQ(json["node_id"], "node-\"1\"");
  EXPECT_EQ(json["broadcast_address"], "host");
  EXPECT_EQ(json["grpc_port"], 4150);
  EXPECT_EQ(json["http_port"], 4151);
  EXPECT_EQ(json["start_time"], "1970-01-01T00:00:00+00:00");
  ASSERT_EQ(json["lookups"].size(), 1u);
  EXPECT_EQ(json["lookups"][0]["address"], "lookup:4160");
  EXPECT_EQ(json["lookups"][0]["registered"], false);
  EXPECT_EQ(json["lookups"][0]["failures"], 3);
  EXPECT_EQ(json["lookups"][0]["last_error"], "nobody there");
}

TEST(InfoPage, SurvivesTextThatIsNoUtf8) {
  InfoPage page;
  page.broadcast_address = "\xff";
  EXPECT_TRUE(nlohmann::json::accept(page.ToJson()));
}

}  // namespace
}  // namespace sluice
