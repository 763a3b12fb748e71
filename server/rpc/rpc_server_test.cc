// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// AdminService, the standard services, and the end of a server.
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "server/rpc/rpc_fixture.h"

namespace sluice {
namespace {

using RpcServerTest = RpcFixture;

TEST_F(RpcServerTest, ListsTopicsInPages) {
  for (const char* const topic : {"c", "a", "b"}) PublishMessages(topic, 1);
  std::vector<std::string> names;
  std::string token;
  do {
    grpc::ClientContext context;
    v1::ListTopicsRequest request;
    request.set_page_size(2);
    request.set_page_token(token);
    v1::ListTopicsResponse response;
    ASSERT_TRUE(admin_->ListTopics(&context, request, &response).ok());
    for (const auto& topic : response.topics()) names.push_back(topic.name());
    token = response.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(RpcServerTest, CreatesAndReturnsATopic) {
  grpc::ClientContext context;
  v1::CreateTopicRequest request;
  request.set_topic("orders");
  request.mutable_config()->set_durability(v1::DURABILITY_OS);
  v1::CreateTopicResponse response;
  ASSERT_TRUE(admin_->CreateTopic(&context, request, &response).ok());
  EXPECT_EQ(response.topic().name(), "orders");
  EXPECT_EQ(response.topic().config().durability(), v1::DURABILITY_OS);
}

TEST_F(RpcServerTest, AnUnknownTopicIsNotFound) {
  grpc::ClientContext context;
  v1::GetTopicRequest request;
  request.set_topic("orders");
  v1::GetTopicResponse response;
  const grpc::Status status = admin_->GetTopic(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Reason(status), "TOPIC_NOT_FOUND");
}

TEST_F(RpcServerTest, PeekTakesNothing) {
  PublishMessages("orders", 3);
  grpc::ClientContext context;
  v1::PeekMessagesRequest request;
  request.set_topic("orders");
  request.set_from_message_id(2);
  v1::PeekMessagesResponse response;
  ASSERT_TRUE(admin_->PeekMessages(&context, request, &response).ok());
  ASSERT_EQ(response.messages_size(), 2);
  EXPECT_EQ(response.messages(0).message_id(), 2u);
  EXPECT_EQ(response.messages(0).body(), "message 1");
}

TEST_F(RpcServerTest, WatchStatsGoesOnUntilCancelled) {
  PublishMessages("orders", 3);
  grpc::ClientContext context;
  v1::WatchStatsRequest request;
  request.mutable_interval()->set_nanos(100'000'000);
  const auto stream = admin_->WatchStats(&context, request);
  v1::WatchStatsResponse response;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.topics(0).message_count(), 3u);
    EXPECT_EQ(response.server().node_id(), "node-1");
  }
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(RpcServerTest, ServerInfoNamesThePort) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse response;
  ASSERT_TRUE(
      admin_->GetServerInfo(&context, v1::GetServerInfoRequest(), &response)
          .ok());
  EXPECT_EQ(response.server().grpc_port(),
            static_cast<uint32_t>(server_->port()));
  EXPECT_TRUE(response.server().healthy());
}

// --- Beginning and end -----------------------------------------------------

TEST_F(RpcServerTest, ABusyPortIsAnErrorThatNamesIt) {
  RpcServerOptions options;
  options.address = absl::StrCat("127.0.0.1:", server_->port());
  const auto second = RpcServer::Start(options, *broker_, Clock::Real());
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.status().message().find(absl::StrCat(server_->port())),
            absl::string_view::npos);
}

// The number of services that reflection lists, asked twice in one of its
// versions.
template <typename Reflection, typename Request, typename Response>
int CountServices(const std::shared_ptr<grpc::Channel>& channel) {
  const auto stub = Reflection::NewStub(channel);
  grpc::ClientContext context;
  const auto stream = stub->ServerReflectionInfo(&context);
  Request request;
  request.set_list_services("");
  Response response;
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(stream->Write(request));
    EXPECT_TRUE(stream->Read(&response));
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  return response.list_services_response().service_size();
}

TEST_F(RpcServerTest, AnswersReflectionInBothVersions) {
  namespace v1 = grpc::reflection::v1;
  namespace v1alpha = grpc::reflection::v1alpha;
  EXPECT_EQ((CountServices<v1::ServerReflection, v1::ServerReflectionRequest,
                           v1::ServerReflectionResponse>(channel_)),
            6);
  EXPECT_EQ((CountServices<v1alpha::ServerReflection,
                           v1alpha::ServerReflectionRequest,
                           v1alpha::ServerReflectionResponse>(channel_)),
            6);
}

TEST_F(RpcServerTest, ADrainRefusesNewWorkAndLetsOldWorkEnd) {
  PublishMessages("orders", 3);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(1);
  open.mutable_open()->set_confirm_commands(true);
  subscriber.Open(open);
  const uint64_t id = subscriber.Deliveries(1)[0].delivery_id();

  server_->BeginDrain();

  EXPECT_TRUE(subscriber.Next().has_draining());
  v1::PublishResponse response;
  EXPECT_EQ(Reason(Publish(Batch("orders", 1), &response)), "DRAINING");
  Subscriber late(*subscriber_);
  late.Send(OpenCommand());
  EXPECT_EQ(Reason(late.End()), "DRAINING");
  const auto health = grpc::health::v1::Health::NewStub(channel_);
  grpc::ClientContext context;
  grpc::health::v1::HealthCheckResponse condition;
  ASSERT_TRUE(
      health
          ->Check(&context, grpc::health::v1::HealthCheckRequest(), &condition)
          .ok());
  EXPECT_EQ(condition.status(),
            grpc::health::v1::HealthCheckResponse::NOT_SERVING);

  subscriber.Send(FinishCommand(id));
  EXPECT_EQ(subscriber.Next().results().results(0).outcome(),
            v1::COMMAND_OUTCOME_OK);
  EXPECT_EQ(broker_->in_flight(), 0u);
  subscriber.Send(CloseCommand());
  EXPECT_TRUE(subscriber.Next().has_closed());
  EXPECT_TRUE(subscriber.End().ok());
}

TEST_F(RpcServerTest, AStopEndsIdleAndBusyStreams) {
  Subscriber idle(*subscriber_);
  idle.Open();
  Subscriber busy(*subscriber_);
  v1::SubscribeRequest open = OpenCommand("orders", "other");
  open.mutable_open()->set_ready(2500);
  busy.Open(open);
  for (int i = 0; i < 30; ++i) PublishMessages("orders", 100);
  grpc::ClientContext publish_context;
  const auto publish = publisher_->PublishStream(&publish_context);
  v1::PublishStreamRequest request;
  *request.mutable_publish() = Batch("orders", 1);
  v1::PublishStreamResponse response;
  publish->Write(request);
  ASSERT_TRUE(publish->Read(&response));
  grpc::ClientContext watch_context;
  const auto watch =
      admin_->WatchStats(&watch_context, v1::WatchStatsRequest());

  server_->Stop();

  EXPECT_EQ(Reason(idle.End()), "DRAINING");
  EXPECT_FALSE(busy.End().ok());
  while (publish->Read(&response)) {
  }
  EXPECT_EQ(Reason(publish->Finish()), "DRAINING");
  v1::WatchStatsResponse stats;
  while (watch->Read(&stats)) {
  }
  EXPECT_FALSE(watch->Finish().ok());
}

TEST_F(RpcServerTest, StopsWhileStreamsComeAndGo) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&, i] {
      while (!stop.load()) {
        Subscriber subscriber(*subscriber_);
        v1::SubscribeRequest open =
            OpenCommand("orders", absl::StrCat("channel", i));
        open.mutable_open()->set_ready(10);
        subscriber.Send(open);
        subscriber.Next();
        v1::PublishResponse response;
        Publish(Batch("orders", 1), &response);
        if (i % 2 == 0) subscriber.Cancel();
        if (i % 2 == 1) subscriber.HalfClose();
        subscriber.End();
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  server_->Stop();
  stop.store(true);
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(broker_->in_flight(), 0u);
}

}  // namespace
}  // namespace sluice
