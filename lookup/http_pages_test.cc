// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/http_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "base/fake_clock.h"
#include "httplib.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

using Json = nlohmann::json;

class HttpPagesTest : public ::testing::Test {
 protected:
  HttpPagesTest() : server_(HttpServer::Listen("127.0.0.1", 0).value()) {
    AddLookupPages(registry_, server_.get());
    server_->Serve([] { return absl::OkStatus(); },
                   [] { return absl::OkStatus(); },
                   [] { return LookupInfo().ToJson(); });
    NodeRecord node;
    node.node_id = "n1";
    node.hostname = "machine";
    node.broadcast_address = "queue.example";
    node.grpc_port = 4150;
    node.http_port = 4151;
    node.version = "1.2.3";
    stream_ = registry_.Connect(node);
    registry_.Add(stream_, "orders", "mail");
  }

  Json Get(const std::string& path, int status = 200) {
    httplib::Client client("127.0.0.1", server_->port());
    const auto answer = client.Get(path.c_str());
    if (!answer) return {};
    EXPECT_EQ(answer->status, status) << path;
    return Json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
  }

  FakeClock clock_;
  LookupRegistry registry_{LookupRegistry::Options(), clock_};
  LookupRegistry::StreamId stream_ = 0;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpPagesTest, LookupAnswersChannelsAndProducers) {
  const Json json = Get("/lookup?topic=orders");
  EXPECT_EQ(json["channels"], Json::array({"mail"}));
  ASSERT_EQ(json["producers"].size(), 1u);
  EXPECT_EQ(json["producers"][0], (Json{{"nodeId", "n1"},
                                        {"hostname", "machine"},
                                        {"broadcastAddress", "queue.example"},
                                        {"grpcPort", 4150},
                                        {"httpPort", 4151},
                                        {"version", "1.2.3"}}));
}

TEST_F(HttpPagesTest, ListsTopicsAndChannels) {
  EXPECT_EQ(Get("/topics"), (Json{{"topics", {"orders"}}}));
  EXPECT_EQ(Get("/channels?topic=orders"), (Json{{"channels", {"mail"}}}));
}

TEST_F(HttpPagesTest, ListsNodesWithTheirTombstones) {
  registry_.Tombstone("orders", "n1");
  clock_.Advance(absl::Milliseconds(1500));
  const Json node = Get("/nodes")["nodes"][0];
  EXPECT_EQ(node["nodeId"], "n1");
  EXPECT_EQ(node["topicCount"], 1);
  EXPECT_EQ(node["silence"], "1.5s");
  EXPECT_EQ(node["tombstones"], Json::array({"orders"}));
}

TEST_F(HttpPagesTest, CountsWhatIsThere) {
  const Json json = Get("/stats");
  EXPECT_EQ(json["nodes"], 1);
  EXPECT_EQ(json["registrations"], 1);
}

TEST_F(HttpPagesTest, SaysWhichArgumentIsMissingOrWrong) {
  EXPECT_EQ(Get("/lookup", 400)["reason"], "MISSING_ARGUMENT");
  EXPECT_EQ(Get("/channels?topic=a%20b", 400)["reason"], "INVALID_NAME");
  EXPECT_EQ(Get("/lookup?topic=bills", 404)["reason"], "TOPIC_NOT_FOUND");
}

}  // namespace
}  // namespace sluice
