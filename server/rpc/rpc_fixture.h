// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_RPC_FIXTURE_H_
#define SLUICE_SERVER_RPC_RPC_FIXTURE_H_

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "server/rpc/rpc_server.h"
#include "server/storage/memory_message_store.h"
#include "sluice/v1/admin.grpc.pb.h"
#include "sluice/v1/publisher.grpc.pb.h"
#include "sluice/v1/subscriber.grpc.pb.h"

namespace sluice {

// For tests of the services over a real connection.

// The reason in the details of an error; empty without.
inline std::string Reason(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  for (const auto& detail : status.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

inline std::string Reason(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  return Reason(details);
}

inline v1::SubscribeRequest OpenCommand(const std::string& topic = "orders",
                                        const std::string& channel = "mail") {
  v1::SubscribeRequest request;
  request.mutable_open()->set_topic(topic);
  request.mutable_open()->set_channel(channel);
  return request;
}

inline v1::SubscribeRequest ReadyCommand(uint32_t count) {
  v1::SubscribeRequest request;
  request.mutable_ready()->set_count(count);
  return request;
}

inline v1::SubscribeRequest FinishCommand(uint64_t id) {
  v1::SubscribeRequest request;
  request.mutable_finish()->add_delivery_ids(id);
  return request;
}

inline v1::SubscribeRequest CloseCommand() {
  v1::SubscribeRequest request;
  request.mutable_close();
  return request;
}

inline v1::PublishRequest Batch(const std::string& topic, int messages) {
  v1::PublishRequest request;
  request.set_topic(topic);
  for (int i = 0; i < messages; ++i) {
    request.add_messages()->set_body(absl::StrCat("message ", i));
  }
  return request;
}

// A subscriber as a client has it. Every call has a deadline, so that a test
// that fails does not hang.
class TestSubscriber {
 public:
  explicit TestSubscriber(v1::SubscriberService::Stub& stub) {
    context_.set_deadline(std::chrono::system_clock::now() +
                          std::chrono::seconds(20));
    stream_ = stub.Subscribe(&context_);
  }

  void Send(const v1::SubscribeRequest& request) { stream_->Write(request); }
  void HalfClose() { stream_->WritesDone(); }
  void Cancel() { context_.TryCancel(); }

  // The next event; one without content when the stream ended.
  v1::SubscribeResponse Next() {
    v1::SubscribeResponse response;
    stream_->Read(&response);
    return response;
  }

  // Opens and checks the answer.
  void Open(const v1::SubscribeRequest& request = OpenCommand()) {
    Send(request);
    ASSERT_TRUE(Next().has_opened());
  }

  // The next `count` deliveries.
  std::vector<v1::Delivery> Deliveries(size_t count) {
    std::vector<v1::Delivery> deliveries;
    while (deliveries.size() < count) {
      const v1::SubscribeResponse response = Next();
      EXPECT_TRUE(response.has_deliveries()) << response.ShortDebugString();
      if (!response.has_deliveries()) break;
      for (const auto& delivery : response.deliveries().deliveries()) {
        deliveries.push_back(delivery);
      }
    }
    return deliveries;
  }

  // Reads to the end.
  grpc::Status End() {
    v1::SubscribeResponse response;
    while (stream_->Read(&response)) {
    }
    return stream_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::SubscribeRequest, v1::SubscribeResponse>>
      stream_;
};

// A server over a real broker, and stubs that talk to it.
class RpcFixture : public testing::Test {
 protected:
  using Subscriber = TestSubscriber;

  void SetUp() override {
    BrokerOptions broker_options;
    auto broker = Broker::Open(broker_options, store_, Clock::Real());
    ASSERT_TRUE(broker.ok()) << broker.status();
    broker_ = *std::move(broker);
    StartServer();
  }
  // Over `broker_`.
  void StartServer() {
    options_.identity.node_id = "node-1";
    options_.identity.version = "0.1.0";
    auto server = RpcServer::Start(options_, *broker_, Clock::Real());
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                   grpc::InsecureChannelCredentials());
    publisher_ = v1::PublisherService::NewStub(channel_);
    subscriber_ = v1::SubscriberService::NewStub(channel_);
    admin_ = v1::AdminService::NewStub(channel_);
  }

  void TearDown() override {
    server_.reset();
    if (broker_ != nullptr) {
      EXPECT_TRUE(broker_->Stop().ok());
    }
  }

  grpc::Status Publish(const v1::PublishRequest& request,
                       v1::PublishResponse* response) {
    grpc::ClientContext context;
    return publisher_->Publish(&context, request, response);
  }

  void PublishMessages(const std::string& topic, int count) {
    v1::PublishResponse response;
    const grpc::Status status = Publish(Batch(topic, count), &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  v1::ChannelStats StatsOf(const std::string& topic,
                           const std::string& channel) {
    grpc::ClientContext context;
    v1::GetStatsRequest request;
    request.set_topic(topic);
    request.set_channel(channel);
    request.set_include_clients(true);
    v1::GetStatsResponse response;
    const grpc::Status status = admin_->GetStats(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (response.topics_size() != 1 ||
        response.topics(0).channels_size() != 1) {
      return {};
    }
    return response.topics(0).channels(0);
  }

  // What the server does about a client that went is seen only from outside.
  template <typename Condition>
  bool Eventually(const Condition& condition) {
    for (int i = 0; i < 500; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  MemoryMessageStore store_;
  std::unique_ptr<Broker> broker_;
  RpcServerOptions options_;
  std::unique_ptr<RpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::PublisherService::Stub> publisher_;
  std::unique_ptr<v1::SubscriberService::Stub> subscriber_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_RPC_FIXTURE_H_
