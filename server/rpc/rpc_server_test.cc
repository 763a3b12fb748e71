// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// The services over a real broker and a real connection.
#include "server/rpc/rpc_server.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "server/storage/memory_message_store.h"
#include "sluice/v1/admin.grpc.pb.h"
#include "sluice/v1/publisher.grpc.pb.h"
#include "sluice/v1/subscriber.grpc.pb.h"

namespace sluice {
namespace {

// The reason in the details of an error; empty without.
std::string Reason(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  for (const auto& detail : status.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

std::string Reason(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  return Reason(details);
}

v1::SubscribeRequest OpenCommand(const std::string& topic = "orders",
                                 const std::string& channel = "mail") {
  v1::SubscribeRequest request;
  request.mutable_open()->set_topic(topic);
  request.mutable_open()->set_channel(channel);
  return request;
}

v1::SubscribeRequest ReadyCommand(uint32_t count) {
  v1::SubscribeRequest request;
  request.mutable_ready()->set_count(count);
  return request;
}

v1::SubscribeRequest FinishCommand(uint64_t id) {
  v1::SubscribeRequest request;
  request.mutable_finish()->add_delivery_ids(id);
  return request;
}

v1::SubscribeRequest CloseCommand() {
  v1::SubscribeRequest request;
  request.mutable_close();
  return request;
}

v1::PublishRequest Batch(const std::string& topic, int messages) {
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
  std::unique_ptr<grpc::ClientReaderWriter<v1::SubscribeRequest,
                                           v1::SubscribeResponse>>
      stream_;
};

class RpcServerTest : public testing::Test {
 protected:
  using Subscriber = TestSubscriber;

  void SetUp() override {
    BrokerOptions broker_options;
    auto broker = Broker::Open(broker_options, store_, Clock::Real());
    ASSERT_TRUE(broker.ok()) << broker.status();
    broker_ = *std::move(broker);
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
    if (response.topics_size() != 1 || response.topics(0).channels_size() != 1) {
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

// --- Publishing ------------------------------------------------------------

TEST_F(RpcServerTest, PublishNumbersMessages) {
  v1::PublishResponse response;
  ASSERT_TRUE(Publish(Batch("orders", 3), &response).ok());
  EXPECT_EQ(response.first_message_id(), 1u);
  EXPECT_EQ(response.message_count(), 3u);
  EXPECT_EQ(response.durability(), v1::DURABILITY_DISK);
  ASSERT_TRUE(Publish(Batch("orders", 1), &response).ok());
  EXPECT_EQ(response.first_message_id(), 4u);
}

TEST_F(RpcServerTest, ARefusedPublishMakesNoTopic) {
  v1::PublishResponse response;
  const grpc::Status status = Publish(Batch("orders", 0), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(status), "EMPTY_BATCH");
  EXPECT_TRUE(broker_->ListTopics().empty());
}

TEST_F(RpcServerTest, ABatchFarTooLargeGetsOurOwnError) {
  v1::PublishRequest request;
  request.set_topic("orders");
  for (int i = 0; i < 9; ++i) {
    request.add_messages()->set_body(std::string(1 << 20, 'x'));
  }
  v1::PublishResponse response;
  EXPECT_EQ(Reason(Publish(request, &response)), "BATCH_TOO_LARGE");
}

TEST_F(RpcServerTest, APublishStreamAnswersEveryRequest) {
  constexpr uint64_t kRequests = 3000;
  grpc::ClientContext context;
  const auto stream = publisher_->PublishStream(&context);
  std::thread writer([&] {
    v1::PublishStreamRequest request;
    for (uint64_t id = 1; id <= kRequests; ++id) {
      request.set_correlation_id(id);
      *request.mutable_publish() = Batch("orders", 2);
      ASSERT_TRUE(stream->Write(request));
    }
    stream->WritesDone();
  });
  std::set<uint64_t> answered;
  std::set<uint64_t> message_ids;
  v1::PublishStreamResponse response;
  while (stream->Read(&response)) {
    for (const auto& result : response.results()) {
      EXPECT_TRUE(result.has_published()) << result.ShortDebugString();
      EXPECT_TRUE(answered.insert(result.correlation_id()).second);
      message_ids.insert(result.published().first_message_id());
    }
  }
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answered.size(), kRequests);
  EXPECT_EQ(message_ids.size(), kRequests);
  EXPECT_EQ(*message_ids.rbegin(), 2 * kRequests - 1);
}

TEST_F(RpcServerTest, AnErrorOnAPublishStreamConcernsItsRequestOnly) {
  grpc::ClientContext context;
  const auto stream = publisher_->PublishStream(&context);
  v1::PublishStreamRequest request;
  request.set_correlation_id(1);
  stream->Write(request);  // no publish
  request.set_correlation_id(2);
  *request.mutable_publish() = Batch("no name", 1);
  stream->Write(request);
  request.set_correlation_id(3);
  *request.mutable_publish() = Batch("orders", 1);
  stream->Write(request);
  stream->WritesDone();
  std::vector<std::string> outcomes(4);
  v1::PublishStreamResponse response;
  while (stream->Read(&response)) {
    for (const auto& result : response.results()) {
      outcomes[result.correlation_id()] =
          result.has_published() ? "published" : Reason(result.error());
    }
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(outcomes, (std::vector<std::string>{"", "EMPTY_BATCH",
                                                "INVALID_NAME", "published"}));
}

TEST_F(RpcServerTest, APublishStreamCountsAsAPublisherWhileItLives) {
  const auto publishers = [&]() -> uint64_t {
    const auto stats = broker_->GetStats("orders", "", false);
    return stats.ok() && !stats->empty() ? (*stats)[0].publisher_count : 99;
  };
  {
    grpc::ClientContext context;
    const auto stream = publisher_->PublishStream(&context);
    v1::PublishStreamRequest request;
    *request.mutable_publish() = Batch("orders", 1);
    v1::PublishStreamResponse response;
    for (int i = 0; i < 2; ++i) {
      stream->Write(request);
      ASSERT_TRUE(stream->Read(&response));
    }
    EXPECT_EQ(publishers(), 1u);
    context.TryCancel();
    EXPECT_FALSE(stream->Finish().ok());
  }
  EXPECT_TRUE(Eventually([&] { return publishers() == 0; }));
}

TEST_F(RpcServerTest, APublishStreamMakesADeletedTopicAnew) {
  grpc::ClientContext context;
  const auto stream = publisher_->PublishStream(&context);
  v1::PublishStreamRequest request;
  *request.mutable_publish() = Batch("orders", 5);
  v1::PublishStreamResponse response;
  stream->Write(request);
  ASSERT_TRUE(stream->Read(&response));
  {
    grpc::ClientContext delete_context;
    v1::DeleteTopicRequest delete_request;
    delete_request.set_topic("orders");
    v1::DeleteTopicResponse deleted;
    ASSERT_TRUE(
        admin_->DeleteTopic(&delete_context, delete_request, &deleted).ok());
  }
  stream->Write(request);
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.results(0).published().first_message_id(), 1u)
      << response.ShortDebugString();
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

// --- Subscribing -----------------------------------------------------------

TEST_F(RpcServerTest, DeliversUpToReadyAndGoesOnAfterFinish) {
  PublishMessages("orders", 5);
  Subscriber subscriber(*subscriber_);
  subscriber.Open();
  subscriber.Send(ReadyCommand(2));
  std::vector<v1::Delivery> first = subscriber.Deliveries(2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].message_id(), 1u);
  EXPECT_EQ(first[0].body(), "message 0");
  EXPECT_EQ(first[0].attempts(), 1u);
  EXPECT_EQ(StatsOf("orders", "mail").in_flight_count(), 2u);
  subscriber.Send(FinishCommand(first[0].delivery_id()));
  EXPECT_EQ(subscriber.Deliveries(1)[0].message_id(), 3u);
}

TEST_F(RpcServerTest, DeliversWhatIsPublishedWhileItWaits) {
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(10);
  subscriber.Open(open);
  for (int i = 0; i < 20; ++i) {
    PublishMessages("orders", 1);
    const auto deliveries = subscriber.Deliveries(1);
    ASSERT_EQ(deliveries.size(), 1u);
    subscriber.Send(FinishCommand(deliveries[0].delivery_id()));
  }
  subscriber.Send(CloseCommand());
  EXPECT_TRUE(subscriber.Next().has_closed());
  EXPECT_TRUE(subscriber.End().ok());
  EXPECT_EQ(StatsOf("orders", "mail").finish_count(), 20u);
}

TEST_F(RpcServerTest, OpenedTellsTheTerms) {
  Subscriber subscriber(*subscriber_);
  subscriber.Send(OpenCommand());
  const v1::Opened opened = subscriber.Next().opened();
  EXPECT_EQ(opened.node_id(), "node-1");
  EXPECT_EQ(opened.message_timeout().seconds(), 60);
  EXPECT_EQ(opened.max_ready(), 2500u);
  EXPECT_FALSE(opened.subscription_id().empty());
}

TEST_F(RpcServerTest, TheFirstCommandMustBeOpenAndNoLaterOne) {
  {
    Subscriber subscriber(*subscriber_);
    subscriber.Send(ReadyCommand(1));
    EXPECT_EQ(Reason(subscriber.End()), "OUT_OF_ORDER");
  }
  {
    Subscriber subscriber(*subscriber_);
    subscriber.Open();
    subscriber.Send(OpenCommand());
    EXPECT_EQ(Reason(subscriber.End()), "OUT_OF_ORDER");
  }
  {
    Subscriber subscriber(*subscriber_);
    subscriber.Open();
    subscriber.Send(v1::SubscribeRequest());
    EXPECT_EQ(Reason(subscriber.End()), "OUT_OF_ORDER");
  }
}

TEST_F(RpcServerTest, TooHighAReadyEndsTheStream) {
  Subscriber subscriber(*subscriber_);
  subscriber.Open();
  subscriber.Send(ReadyCommand(2501));
  EXPECT_EQ(Reason(subscriber.End()), "INVALID_READY");
}

TEST_F(RpcServerTest, CommandsThatFailAreReportedAndEndNothing) {
  PublishMessages("orders", 1);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(1);
  open.mutable_open()->set_confirm_commands(true);
  subscriber.Open(open);
  const uint64_t id = subscriber.Deliveries(1)[0].delivery_id();
  subscriber.Send(FinishCommand(id));
  const v1::CommandResults ok = subscriber.Next().results();
  ASSERT_EQ(ok.results_size(), 1);
  EXPECT_EQ(ok.results(0).outcome(), v1::COMMAND_OUTCOME_OK);
  EXPECT_EQ(ok.results(0).kind(), v1::COMMAND_KIND_FINISH);
  subscriber.Send(FinishCommand(id));
  const v1::CommandResults late = subscriber.Next().results();
  ASSERT_EQ(late.results_size(), 1);
  EXPECT_EQ(late.results(0).delivery_id(), id);
  EXPECT_EQ(late.results(0).outcome(), v1::COMMAND_OUTCOME_NOT_IN_FLIGHT);
}

TEST_F(RpcServerTest, ARequeuedMessageComesAgain) {
  PublishMessages("orders", 1);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(1);
  subscriber.Open(open);
  const v1::Delivery first = subscriber.Deliveries(1)[0];
  v1::SubscribeRequest requeue;
  requeue.mutable_requeue()->add_delivery_ids(first.delivery_id());
  subscriber.Send(requeue);
  const v1::Delivery second = subscriber.Deliveries(1)[0];
  EXPECT_EQ(second.message_id(), first.message_id());
  EXPECT_NE(second.delivery_id(), first.delivery_id());
  EXPECT_EQ(second.attempts(), 2u);
}

TEST_F(RpcServerTest, ADelayedRequeueIsRefusedAsUnimplemented) {
  Subscriber subscriber(*subscriber_);
  subscriber.Open();
  v1::SubscribeRequest requeue;
  requeue.mutable_requeue()->mutable_delay()->set_seconds(1);
  subscriber.Send(requeue);
  EXPECT_EQ(subscriber.End().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(RpcServerTest, CloseWaitsForWhatIsLeased) {
  PublishMessages("orders", 2);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(1);
  subscriber.Open(open);
  const uint64_t id = subscriber.Deliveries(1)[0].delivery_id();
  subscriber.Send(CloseCommand());
  subscriber.Send(FinishCommand(id));
  EXPECT_TRUE(subscriber.Next().has_closed());
  EXPECT_TRUE(subscriber.End().ok());
  EXPECT_EQ(StatsOf("orders", "mail").depth(), 1u);
}

TEST_F(RpcServerTest, AHalfCloseGivesLeasesBack) {
  PublishMessages("orders", 2);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(2);
  subscriber.Open(open);
  subscriber.Deliveries(2);
  subscriber.HalfClose();
  EXPECT_TRUE(subscriber.Next().has_closed());
  EXPECT_TRUE(subscriber.End().ok());
  EXPECT_EQ(StatsOf("orders", "mail").depth(), 2u);
  EXPECT_EQ(StatsOf("orders", "mail").client_count(), 0u);
}

TEST_F(RpcServerTest, ACancelledStreamGivesLeasesBack) {
  PublishMessages("orders", 2);
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(2);
  subscriber.Open(open);
  subscriber.Deliveries(2);
  subscriber.Cancel();
  EXPECT_TRUE(Eventually([&] {
    const v1::ChannelStats stats = StatsOf("orders", "mail");
    return stats.in_flight_count() == 0 && stats.client_count() == 0 &&
           stats.depth() == 2;
  }));
  EXPECT_EQ(subscriber.End().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(RpcServerTest, AutoFinishGoesOnAfterTheHalfClose) {
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand("orders", "tail#ephemeral");
  open.mutable_open()->set_ready(1);
  open.mutable_open()->set_auto_finish(true);
  subscriber.Open(open);
  subscriber.HalfClose();
  PublishMessages("orders", 1000);
  EXPECT_EQ(subscriber.Deliveries(1000).size(), 1000u);
  PublishMessages("orders", 3);
  EXPECT_EQ(subscriber.Deliveries(3).size(), 3u);
  subscriber.Cancel();
}

TEST_F(RpcServerTest, ADeletedChannelEndsItsStreams) {
  Subscriber subscriber(*subscriber_);
  subscriber.Open();
  grpc::ClientContext context;
  v1::DeleteChannelRequest request;
  request.set_topic("orders");
  request.set_channel("mail");
  v1::DeleteChannelResponse response;
  ASSERT_TRUE(admin_->DeleteChannel(&context, request, &response).ok());
  const grpc::Status status = subscriber.End();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Reason(status), "CHANNEL_NOT_FOUND");
}

TEST_F(RpcServerTest, ASubscriberThatDoesNotReadHoldsNoMoreThanReady) {
  Subscriber subscriber(*subscriber_);
  v1::SubscribeRequest open = OpenCommand();
  open.mutable_open()->set_ready(100);
  subscriber.Open(open);
  for (int i = 0; i < 50; ++i) PublishMessages("orders", 100);
  EXPECT_LE(StatsOf("orders", "mail").in_flight_count(), 100u);
  EXPECT_EQ(subscriber.Deliveries(100).size(), 100u);
}

// --- Administration --------------------------------------------------------

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

TEST_F(RpcServerTest, AnswersReflectionV1) {
  const auto stub = grpc::reflection::v1::ServerReflection::NewStub(channel_);
  grpc::ClientContext context;
  const auto stream = stub->ServerReflectionInfo(&context);
  grpc::reflection::v1::ServerReflectionRequest request;
  request.set_list_services("");
  ASSERT_TRUE(stream->Write(request));
  grpc::reflection::v1::ServerReflectionResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.list_services_response().service_size(), 6);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
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
  ASSERT_TRUE(health
                  ->Check(&context, grpc::health::v1::HealthCheckRequest(),
                          &condition)
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
