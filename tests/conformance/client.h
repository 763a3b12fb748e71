// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CONFORMANCE_CLIENT_H_
#define SLUICE_TESTS_CONFORMANCE_CLIENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sluice/v1/admin.pb.h"
#include "sluice/v1/publisher.pb.h"
#include "sluice/v1/subscriber.pb.h"
#include "tests/conformance/outcome.h"

namespace sluice {

// How long the tests wait for what must happen. Generous, because the machine
// may be slow; a test that passes never uses it up.
constexpr absl::Duration kPatience = absl::Seconds(10);

// Asks again and again until `condition` holds; false after kPatience.
bool Eventually(const std::function<bool()>& condition,
                absl::Duration patience = kPatience);

// A connection of its own to one node, with the generated synchronous stubs
// and the defaults a client gets that sets no channel option.
//
// Thread-safe. Streams opened on it (SubscriberSession, PublisherSession) must
// end first.
class NodeClient {
 public:
  explicit NodeClient(const std::string& address);
  ~NodeClient();
  NodeClient(const NodeClient&) = delete;
  NodeClient& operator=(const NodeClient&) = delete;

  // The unary calls, each chosen by its request. `response` may be null.
  Outcome Call(const v1::PublishRequest& request,
               v1::PublishResponse* response = nullptr);
  Outcome Call(const v1::CreateTopicRequest& request,
               v1::CreateTopicResponse* response = nullptr);
  Outcome Call(const v1::DeleteTopicRequest& request,
               v1::DeleteTopicResponse* response = nullptr);
  Outcome Call(const v1::GetTopicRequest& request,
               v1::GetTopicResponse* response = nullptr);
  Outcome Call(const v1::ListTopicsRequest& request,
               v1::ListTopicsResponse* response = nullptr);
  Outcome Call(const v1::UpdateTopicRequest& request,
               v1::UpdateTopicResponse* response = nullptr);
  Outcome Call(const v1::PauseTopicRequest& request,
               v1::PauseTopicResponse* response = nullptr);
  Outcome Call(const v1::ResumeTopicRequest& request,
               v1::ResumeTopicResponse* response = nullptr);
  Outcome Call(const v1::EmptyTopicRequest& request,
               v1::EmptyTopicResponse* response = nullptr);
  Outcome Call(const v1::CreateChannelRequest& request,
               v1::CreateChannelResponse* response = nullptr);
  Outcome Call(const v1::DeleteChannelRequest& request,
               v1::DeleteChannelResponse* response = nullptr);
  Outcome Call(const v1::GetChannelRequest& request,
               v1::GetChannelResponse* response = nullptr);
  Outcome Call(const v1::ListChannelsRequest& request,
               v1::ListChannelsResponse* response = nullptr);
  Outcome Call(const v1::UpdateChannelRequest& request,
               v1::UpdateChannelResponse* response = nullptr);
  Outcome Call(const v1::PauseChannelRequest& request,
               v1::PauseChannelResponse* response = nullptr);
  Outcome Call(const v1::ResumeChannelRequest& request,
               v1::ResumeChannelResponse* response = nullptr);
  Outcome Call(const v1::EmptyChannelRequest& request,
               v1::EmptyChannelResponse* response = nullptr);
  Outcome Call(const v1::GetStatsRequest& request,
               v1::GetStatsResponse* response = nullptr);
  Outcome Call(const v1::GetServerInfoRequest& request,
               v1::GetServerInfoResponse* response = nullptr);
  Outcome Call(const v1::PeekMessagesRequest& request,
               v1::PeekMessagesResponse* response = nullptr);
  Outcome Call(const v1::DrainRequest& request,
               v1::DrainResponse* response = nullptr);

  // Calls `on_answer` for each answer until it returns false (then cancels), or
  // the stream ends.
  Outcome WatchStats(
      const v1::WatchStatsRequest& request,
      const std::function<bool(const v1::WatchStatsResponse&)>& on_answer);

  // grpc.health.v1: the name of the serving status.
  Outcome CheckHealth(const std::string& service, std::string* status);
  // grpc.reflection.<version>: the names of the services.
  Outcome ListServices(const std::string& version,
                       std::vector<std::string>* services);

  // Shorthands that expect success.
  v1::PublishResponse Publish(const std::string& topic,
                              const std::vector<std::string>& bodies);
  uint64_t PublishOne(const std::string& topic, const std::string& body);
  // `count` messages in one batch, with bodies `first`, `first` + 1, ...
  void PublishNumbers(const std::string& topic, int count, int first = 0);
  v1::TopicStats TopicStatsOf(const std::string& topic);
  v1::ChannelStats ChannelStatsOf(const std::string& topic,
                                  const std::string& channel,
                                  bool include_clients = false);
  void CreateTopic(const std::string& topic);
  void CreateChannel(const std::string& topic, const std::string& channel,
                     v1::StartPosition start = v1::START_POSITION_UNSPECIFIED);
  bool TopicExists(const std::string& topic);
  bool ChannelExists(const std::string& topic, const std::string& channel);

  // For the sessions: keeps gRPC's headers out of the tests.
  struct Stubs;
  Stubs& stubs() { return *stubs_; }

 private:
  const std::unique_ptr<Stubs> stubs_;
};

v1::PublishRequest PublishOf(const std::string& topic,
                             const std::vector<std::string>& bodies);
v1::Open OpenOf(const std::string& topic, const std::string& channel,
                uint32_t ready = 0);

// Requests that only name a topic, or a topic and a channel.
template <typename Request>
Request OnTopic(const std::string& topic) {
  Request request;
  request.set_topic(topic);
  return request;
}
template <typename Request>
Request OnChannel(const std::string& topic, const std::string& channel) {
  Request request;
  request.set_topic(topic);
  request.set_channel(channel);
  return request;
}

}  // namespace sluice

#endif  // SLUICE_TESTS_CONFORMANCE_CLIENT_H_
