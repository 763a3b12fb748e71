// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/client.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "tests/conformance/stubs.h"

namespace sluice {
namespace {

using Admin = v1::AdminService::Stub;

// Longer than any call may take, so that a hang fails its test.
constexpr std::chrono::seconds kCallDeadline(30);

void SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + kCallDeadline);
}

template <typename Stub, typename Request, typename Response>
Outcome Unary(Stub& stub,
              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                           Response*),
              const Request& request, Response* response) {
  grpc::ClientContext context;
  SetDeadline(&context);
  Response ignored;
  return OutcomeOf((stub.*method)(&context, request,
                                  response != nullptr ? response : &ignored));
}

}  // namespace

bool Eventually(const std::function<bool()>& condition,
                absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  while (!condition()) {
    if (absl::Now() >= deadline) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

NodeClient::NodeClient(const std::string& address)
    : stubs_(std::make_unique<Stubs>()) {
  grpc::ChannelArguments arguments;
  // Otherwise clients of one address share a connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  stubs_->channel = grpc::CreateCustomChannel(
      address, grpc::InsecureChannelCredentials(), arguments);
  stubs_->publisher = v1::PublisherService::NewStub(stubs_->channel);
  stubs_->subscriber = v1::SubscriberService::NewStub(stubs_->channel);
  stubs_->admin = v1::AdminService::NewStub(stubs_->channel);
  stubs_->health = grpc::health::v1::Health::NewStub(stubs_->channel);
}

NodeClient::~NodeClient() = default;

Outcome NodeClient::Call(const v1::PublishRequest& request,
                         v1::PublishResponse* response) {
  return Unary(*stubs_->publisher, &v1::PublisherService::Stub::Publish,
               request, response);
}

Outcome NodeClient::Call(const v1::CreateTopicRequest& request,
                         v1::CreateTopicResponse* response) {
  return Unary(*stubs_->admin, &Admin::CreateTopic, request, response);
}

Outcome NodeClient::Call(const v1::DeleteTopicRequest& request,
                         v1::DeleteTopicResponse* response) {
  return Unary(*stubs_->admin, &Admin::DeleteTopic, request, response);
}

Outcome NodeClient::Call(const v1::GetTopicRequest& request,
                         v1::GetTopicResponse* response) {
  return Unary(*stubs_->admin, &Admin::GetTopic, request, response);
}

Outcome NodeClient::Call(const v1::ListTopicsRequest& request,
                         v1::ListTopicsResponse* response) {
  return Unary(*stubs_->admin, &Admin::ListTopics, request, response);
}

Outcome NodeClient::Call(const v1::UpdateTopicRequest& request,
                         v1::UpdateTopicResponse* response) {
  return Unary(*stubs_->admin, &Admin::UpdateTopic, request, response);
}

Outcome NodeClient::Call(const v1::PauseTopicRequest& request,
                         v1::PauseTopicResponse* response) {
  return Unary(*stubs_->admin, &Admin::PauseTopic, request, response);
}

Outcome NodeClient::Call(const v1::ResumeTopicRequest& request,
                         v1::ResumeTopicResponse* response) {
  return Unary(*stubs_->admin, &Admin::ResumeTopic, request, response);
}

Outcome NodeClient::Call(const v1::EmptyTopicRequest& request,
                         v1::EmptyTopicResponse* response) {
  return Unary(*stubs_->admin, &Admin::EmptyTopic, request, response);
}

Outcome NodeClient::Call(const v1::CreateChannelRequest& request,
                         v1::CreateChannelResponse* response) {
  return Unary(*stubs_->admin, &Admin::CreateChannel, request, response);
}

Outcome NodeClient::Call(const v1::DeleteChannelRequest& request,
                         v1::DeleteChannelResponse* response) {
  return Unary(*stubs_->admin, &Admin::DeleteChannel, request, response);
}

Outcome NodeClient::Call(const v1::GetChannelRequest& request,
                         v1::GetChannelResponse* response) {
  return Unary(*stubs_->admin, &Admin::GetChannel, request, response);
}

Outcome NodeClient::Call(const v1::ListChannelsRequest& request,
                         v1::ListChannelsResponse* response) {
  return Unary(*stubs_->admin, &Admin::ListChannels, request, response);
}

Outcome NodeClient::Call(const v1::UpdateChannelRequest& request,
                         v1::UpdateChannelResponse* response) {
  return Unary(*stubs_->admin, &Admin::UpdateChannel, request, response);
}

Outcome NodeClient::Call(const v1::PauseChannelRequest& request,
                         v1::PauseChannelResponse* response) {
  return Unary(*stubs_->admin, &Admin::PauseChannel, request, response);
}

Outcome NodeClient::Call(const v1::ResumeChannelRequest& request,
                         v1::ResumeChannelResponse* response) {
  return Unary(*stubs_->admin, &Admin::ResumeChannel, request, response);
}

Outcome NodeClient::Call(const v1::EmptyChannelRequest& request,
                         v1::EmptyChannelResponse* response) {
  return Unary(*stubs_->admin, &Admin::EmptyChannel, request, response);
}

Outcome NodeClient::Call(const v1::GetStatsRequest& request,
                         v1::GetStatsResponse* response) {
  return Unary(*stubs_->admin, &Admin::GetStats, request, response);
}

Outcome NodeClient::Call(const v1::GetServerInfoRequest& request,
                         v1::GetServerInfoResponse* response) {
  return Unary(*stubs_->admin, &Admin::GetServerInfo, request, response);
}

Outcome NodeClient::Call(const v1::PeekMessagesRequest& request,
                         v1::PeekMessagesResponse* response) {
  return Unary(*stubs_->admin, &Admin::PeekMessages, request, response);
}

Outcome NodeClient::Call(const v1::DrainRequest& request,
                         v1::DrainResponse* response) {
  return Unary(*stubs_->admin, &Admin::Drain, request, response);
}

Outcome NodeClient::WatchStats(
    const v1::WatchStatsRequest& request,
    const std::function<bool(const v1::WatchStatsResponse&)>& on_answer) {
  grpc::ClientContext context;
  SetDeadline(&context);
  auto stream = stubs_->admin->WatchStats(&context, request);
  v1::WatchStatsResponse answer;
  while (stream->Read(&answer)) {
    if (!on_answer(answer)) {
      context.TryCancel();
      break;
    }
  }
  return OutcomeOf(stream->Finish());
}

Outcome NodeClient::CheckHealth(const std::string& service,
                                std::string* status) {
  grpc::health::v1::HealthCheckRequest request;
  grpc::health::v1::HealthCheckResponse response;
  request.set_service(service);
  const Outcome outcome =
      Unary(*stubs_->health, &grpc::health::v1::Health::Stub::Check, request,
            &response);
  *status = grpc::health::v1::HealthCheckResponse::ServingStatus_Name(
      response.status());
  return outcome;
}

Outcome NodeClient::ListServices(const std::string& version,
                                 std::vector<std::string>* services) {
  // v1 and v1alpha differ in the name of the service only.
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
  grpc::TemplatedGenericStub<Request, Response> stub(stubs_->channel);
  grpc::ClientContext context;
  SetDeadline(&context);
  grpc::CompletionQueue queue;
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  auto call =
      stub.PrepareCall(&context,
                       absl::StrCat("/grpc.reflection.", version,
                                    ".ServerReflection/ServerReflectionInfo"),
                       &queue);
  Request request;
  request.set_list_services("*");
  Response response;
  call->StartCall(nullptr);
  bool sound = wait();
  if (sound) {
    call->Write(request, nullptr);
    sound = wait();
  }
  if (sound) {
    call->Read(&response, nullptr);
    wait();
    call->WritesDone(nullptr);
    wait();
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  wait();
  for (const auto& service : response.list_services_response().service()) {
    services->push_back(service.name());
  }
  return OutcomeOf(status);
}

v1::PublishResponse NodeClient::Publish(
    const std::string& topic, const std::vector<std::string>& bodies) {
  v1::PublishResponse response;
  EXPECT_TRUE(IsOk(Call(PublishOf(topic, bodies), &response)));
  EXPECT_EQ(response.message_count(), bodies.size());
  return response;
}

uint64_t NodeClient::PublishOne(const std::string& topic,
                                const std::string& body) {
  return Publish(topic, {body}).first_message_id();
}

void NodeClient::PublishNumbers(const std::string& topic, int count,
                                int first) {
  std::vector<std::string> bodies;
  for (int i = 0; i < count; ++i) bodies.push_back(absl::StrCat(first + i));
  Publish(topic, bodies);
}

v1::TopicStats NodeClient::TopicStatsOf(const std::string& topic) {
  v1::GetStatsResponse response;
  EXPECT_TRUE(IsOk(Call(OnTopic<v1::GetStatsRequest>(topic), &response)));
  EXPECT_EQ(response.topics_size(), 1);
  return response.topics_size() == 1 ? response.topics(0) : v1::TopicStats();
}

v1::ChannelStats NodeClient::ChannelStatsOf(const std::string& topic,
                                            const std::string& channel,
                                            bool include_clients) {
  v1::GetStatsResponse response;
  auto request = OnChannel<v1::GetStatsRequest>(topic, channel);
  request.set_include_clients(include_clients);
  EXPECT_TRUE(IsOk(Call(request, &response)));
  if (response.topics_size() != 1 || response.topics(0).channels_size() != 1) {
    ADD_FAILURE() << "not one topic with one channel: "
                  << response.ShortDebugString();
    return v1::ChannelStats();
  }
  return response.topics(0).channels(0);
}

void NodeClient::CreateTopic(const std::string& topic) {
  EXPECT_TRUE(IsOk(Call(OnTopic<v1::CreateTopicRequest>(topic))));
}

void NodeClient::CreateChannel(const std::string& topic,
                               const std::string& channel,
                               v1::StartPosition start) {
  auto request = OnChannel<v1::CreateChannelRequest>(topic, channel);
  request.set_start(start);
  EXPECT_TRUE(IsOk(Call(request)));
}

bool NodeClient::TopicExists(const std::string& topic) {
  const Outcome outcome = Call(OnTopic<v1::GetTopicRequest>(topic));
  if (outcome.ok()) return true;
  EXPECT_TRUE(IsTopicNotFound(outcome, topic));
  return false;
}

bool NodeClient::ChannelExists(const std::string& topic,
                               const std::string& channel) {
  const Outcome outcome =
      Call(OnChannel<v1::GetChannelRequest>(topic, channel));
  if (outcome.ok()) return true;
  EXPECT_EQ(outcome.code, absl::StatusCode::kNotFound) << outcome;
  return false;
}

v1::PublishRequest PublishOf(const std::string& topic,
                             const std::vector<std::string>& bodies) {
  v1::PublishRequest request;
  request.set_topic(topic);
  for (const std::string& body : bodies) request.add_messages()->set_body(body);
  return request;
}

v1::Open OpenOf(const std::string& topic, const std::string& channel,
                uint32_t ready) {
  v1::Open open;
  open.set_topic(topic);
  open.set_channel(channel);
  open.set_ready(ready);
  return open;
}

}  // namespace sluice
