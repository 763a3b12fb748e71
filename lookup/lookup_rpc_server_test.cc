// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// LookupService over a real connection.
#include "lookup/lookup_rpc_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/fake_clock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "lookup/expiry.h"
#include "lookup/lookup_registry.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Reason(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  google::rpc::ErrorInfo info;
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

// A node as it speaks to a lookup server.
class RegisteredNode {
 public:
  explicit RegisteredNode(v1::LookupService::Stub* stub)
      : stream_(stub->Register(&context_)) {}

  v1::RegisterResponse Present(const std::string& node_id) {
    v1::RegisterRequest request;
    request.mutable_node()->set_node_id(node_id);
    request.mutable_node()->set_broadcast_address("127.0.0.1");
    request.mutable_node()->set_grpc_port(4150);
    return Send(request);
  }
  v1::RegisterResponse Add(const std::string& topic,
                           const std::string& channel = "") {
    v1::RegisterRequest request;
    request.mutable_add()->set_topic(topic);
    request.mutable_add()->set_channel(channel);
    return Send(request);
  }
  v1::RegisterResponse Remove(const std::string& topic) {
    v1::RegisterRequest request;
    request.mutable_remove()->set_topic(topic);
    return Send(request);
  }
  v1::RegisterResponse Ping() {
    v1::RegisterRequest request;
    request.mutable_ping();
    return Send(request);
  }
  v1::RegisterResponse Send(const v1::RegisterRequest& request) {
    v1::RegisterResponse response;
    answered_ = stream_->Write(request) && stream_->Read(&response);
    return response;
  }
  bool answered() const { return answered_; }

  grpc::Status End() {
    stream_->WritesDone();
    return stream_->Finish();
  }
  grpc::Status Vanish() {
    context_.TryCancel();
    return stream_->Finish();
  }

 private:
  grpc::ClientContext context_;
  bool answered_ = false;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::RegisterRequest, v1::RegisterResponse>>
      stream_;
};

class LookupRpcServerTest : public ::testing::Test {
 protected:
  LookupRpcServerTest()
      : server_(LookupRpcServer::Start("127.0.0.1:0", absl::Seconds(7),
                                       registry_, expiry_)
                    .value()),
        stub_(v1::LookupService::NewStub(
            grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                grpc::InsecureChannelCredentials()))) {}
  ~LookupRpcServerTest() override { server_->Stop(); }

  grpc::Status Lookup(const std::string& topic, v1::LookupResponse* response) {
    grpc::ClientContext context;
    v1::LookupRequest request;
    request.set_topic(topic);
    return stub_->Lookup(&context, request, response);
  }
  std::vector<std::string> NodesOf(const std::string& topic) {
    v1::LookupResponse response;
    EXPECT_TRUE(Lookup(topic, &response).ok());
    return Ids(response);
  }
  static std::vector<std::string> Ids(const v1::LookupResponse& response) {
    std::vector<std::string> ids;
    for (const auto& node : response.producers()) ids.push_back(node.node_id());
    return ids;
  }

  FakeClock clock_;
  LookupRegistry registry_{LookupRegistry::Options(), clock_};
  Expiry expiry_{registry_, clock_};
  std::unique_ptr<LookupRpcServer> server_;
  std::unique_ptr<v1::LookupService::Stub> stub_;
};

TEST_F(LookupRpcServerTest, ANodeIsToldThatItIsNewAndHowOftenToPing) {
  RegisteredNode node(stub_.get());
  const v1::RegisterResponse response = node.Present("n1");
  EXPECT_TRUE(node.answered());
  EXPECT_EQ(response.ping_interval().seconds(), 7);
  EXPECT_FALSE(response.known());
  EXPECT_TRUE(node.Add("orders", "mail").known());
  EXPECT_TRUE(node.Ping().known());
  EXPECT_TRUE(node.End().ok());
}

TEST_F(LookupRpcServerTest, LookupFindsWhatWasAdded) {
  RegisteredNode node(stub_.get());
  node.Present("n1");
  node.Add("orders", "mail");
  v1::LookupResponse response;
  ASSERT_TRUE(Lookup("orders", &response).ok());
  EXPECT_THAT(Ids(response), ElementsAre("n1"));
  EXPECT_EQ(response.producers(0).grpc_port(), 4150u);
  EXPECT_THAT(std::vector<std::string>(response.channels().begin(),
                                       response.channels().end()),
              ElementsAre("mail"));
  node.Remove("orders");
  EXPECT_THAT(NodesOf("orders"), IsEmpty());
  node.End();
}

TEST_F(LookupRpcServerTest, ANodeThatVanishesIsGoneAtOnce) {
  RegisteredNode node(stub_.get());
  node.Present("n1");
  node.Add("orders");
  node.Vanish();
  const auto deadline = absl::Now() + absl::Seconds(10);
  while (!NodesOf("orders").empty() && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_THAT(NodesOf("orders"), IsEmpty());
}

TEST_F(LookupRpcServerTest, TheFirstCommandMustBeNodeAndLaterOnesMustNot) {
  RegisteredNode eager(stub_.get());
  eager.Add("orders");
  EXPECT_FALSE(eager.answered());
  const grpc::Status early = eager.End();
  EXPECT_EQ(early.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(early), "OUT_OF_ORDER");

  RegisteredNode twice(stub_.get());
  twice.Present("n1");
  twice.Present("n1");
  EXPECT_EQ(Reason(twice.End()), "OUT_OF_ORDER");

  RegisteredNode silent(stub_.get());
  silent.Present("n1");
  silent.Send(v1::RegisterRequest());
  EXPECT_EQ(Reason(silent.End()), "OUT_OF_ORDER");
}

TEST_F(LookupRpcServerTest, AnErrorEndsTheRegistrationOfAll) {
  RegisteredNode node(stub_.get());
  node.Present("n1");
  node.Add("orders");
  node.Add("no name");
  const grpc::Status status = node.End();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(status), "INVALID_NAME");
  EXPECT_THAT(NodesOf("orders"), IsEmpty());
}

TEST_F(LookupRpcServerTest, AWatchBeginsWithAllAndGoesOnWithEachChange) {
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_topic("orders");
  const auto watch = stub_->Watch(&context, request);
  v1::WatchResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.snapshot().producers_size(), 0);
  uint64_t version = response.version();

  RegisteredNode node(stub_.get());
  node.Present("n1");
  node.Add("orders");
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_THAT(Ids(response.snapshot()), ElementsAre("n1"));
  EXPECT_LT(version, response.version());
  version = response.version();

  node.End();
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_THAT(Ids(response.snapshot()), IsEmpty());
  EXPECT_LT(version, response.version());
  context.TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
  while (registry_.GetCounts().watchers > 0) {
    absl::SleepFor(absl::Milliseconds(1));
  }
}

TEST_F(LookupRpcServerTest, AWatchOfABadNameEndsWithTheError) {
  grpc::ClientContext context;
  const auto watch = stub_->Watch(&context, v1::WatchRequest());
  v1::WatchResponse response;
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_EQ(Reason(watch->Finish()), "INVALID_NAME");
}

TEST_F(LookupRpcServerTest, BadNamesAreRefusedEverywhere) {
  const auto refused = [](const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::INVALID_ARGUMENT &&
           Reason(status) == "INVALID_NAME";
  };
  v1::LookupResponse lookup;
  EXPECT_TRUE(refused(Lookup("", &lookup)));
  {
    grpc::ClientContext context;
    v1::LookupServiceListChannelsResponse response;
    EXPECT_TRUE(refused(stub_->ListChannels(
        &context, v1::LookupServiceListChannelsRequest(), &response)));
  }
  {
    grpc::ClientContext context;
    v1::LookupServiceCreateTopicResponse response;
    EXPECT_TRUE(refused(stub_->CreateTopic(
        &context, v1::LookupServiceCreateTopicRequest(), &response)));
  }
  {
    grpc::ClientContext context;
    v1::LookupServiceCreateChannelRequest request;
    request.set_topic("orders");
    v1::LookupServiceCreateChannelResponse response;
    EXPECT_TRUE(refused(stub_->CreateChannel(&context, request, &response)));
  }
  {
    grpc::ClientContext context;
    v1::LookupServiceTombstoneTopicResponse response;
    EXPECT_TRUE(refused(stub_->TombstoneTopic(
        &context, v1::LookupServiceTombstoneTopicRequest(), &response)));
  }
  EXPECT_THAT(registry_.Topics(), IsEmpty());
}

TEST_F(LookupRpcServerTest, StoppingEndsTheStreams) {
  RegisteredNode node(stub_.get());
  node.Present("n1");
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_topic("orders");
  const auto watch = stub_->Watch(&context, request);
  v1::WatchResponse response;
  ASSERT_TRUE(watch->Read(&response));
  server_->Stop();
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_FALSE(watch->Finish().ok());
  EXPECT_FALSE(node.End().ok());
  EXPECT_EQ(registry_.GetCounts().nodes, 0u);
}

}  // namespace
}  // namespace sluice
