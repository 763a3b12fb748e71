// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/node_follower.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "base/clock.h"
#include "base/retry_delay.h"
#include "client/node_address.h"
#include "client/unary_call.h"
#include "client/watch_call.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(5);
// Between two questions in a hurry.
constexpr absl::Duration kHurry = absl::Seconds(1);

template <typename Nodes>
std::vector<std::string> AddressesOf(const Nodes& nodes) {
  std::vector<std::string> addresses;
  for (const v1::NodeInfo& node : nodes) {
    addresses.push_back(NodeAddress(node));
  }
  return addresses;
}

}  // namespace

// One lookup.
class NodeFollower::Lookup {
 public:
  Lookup(ClientRuntime* runtime, const std::string& address,
         const std::string& topic,
         std::function<void(const std::vector<std::string>&)> on_answer)
      : runtime_(*runtime),
        channel_(runtime->Channel(address)),
        stub_(channel_),
        topic_(topic),
        on_answer_(std::move(on_answer)),
        poll_delay_(NewDelay()),
        watch_delay_(NewDelay()) {}

  ~Lookup() {
    runtime_.loop().Cancel(poll_timer_);
    runtime_.loop().Cancel(watch_timer_);
    if (topic_call_ != nullptr) topic_call_->Detach();
    if (nodes_call_ != nullptr) nodes_call_->Detach();
    if (watch_ != nullptr) watch_->Detach();
  }

  void Start() {
    Poll();
    if (!topic_.empty()) Watch();
  }

  void Hurry() {
    const SteadyTime now = Clock::Real().SteadyNow();
    if (polling_ || now < last_poll_ + kHurry) return;
    runtime_.loop().Cancel(poll_timer_);
    Poll();
  }

 private:
  RetryDelay NewDelay() const {
    return RetryDelay(runtime_.options().min_reconnect_delay,
                      runtime_.options().max_reconnect_delay);
  }

  void Poll() {
    polling_ = true;
    last_poll_ = Clock::Real().SteadyNow();
    if (topic_.empty()) {
      nodes_call_ = UnaryCall<v1::LookupServiceListNodesResponse>::Start(
          &runtime_.loop(), kCallTimeout,
          [this](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
            return stub_.PrepareAsyncListNodes(context, {}, queue);
          },
          [this](const grpc::Status& status,
                 v1::LookupServiceListNodesResponse* response) {
            nodes_call_ = nullptr;
            OnPolled(status, AddressesOf(response->nodes()));
          });
      return;
    }
    topic_call_ = UnaryCall<v1::LookupResponse>::Start(
        &runtime_.loop(), kCallTimeout,
        [this](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
          v1::LookupRequest request;
          request.set_topic(topic_);
          return stub_.PrepareAsyncLookup(context, request, queue);
        },
        [this](const grpc::Status& status, v1::LookupResponse* response) {
          topic_call_ = nullptr;
          OnPolled(status, AddressesOf(response->producers()));
        });
  }

  void OnPolled(const grpc::Status& status,
                const std::vector<std::string>& addresses) {
    polling_ = false;
    absl::Duration delay = runtime_.options().lookup_poll_interval *
                           (1 - runtime_.RandomFraction() / 5);
    if (status.ok()) {
      poll_delay_.Reset();
      on_answer_(addresses);
    } else {
      delay = std::min(delay, poll_delay_.Next(runtime_.RandomFraction()));
    }
    poll_timer_ = runtime_.loop().RunAfter(delay, [this] { Poll(); });
  }

  void Watch() {
    grpc::experimental::ChannelResetConnectionBackoff(channel_.get());
    watch_ = std::make_shared<WatchCall>(
        &runtime_.loop(),
        [this](const v1::LookupResponse& snapshot) {
          watch_delay_.Reset();
          on_answer_(AddressesOf(snapshot.producers()));
        },
        [this](const grpc::Status&) {
          watch_ = nullptr;
          watch_timer_ = runtime_.loop().RunAfter(
              watch_delay_.Next(runtime_.RandomFraction()),
              [this] { Watch(); });
        });
    watch_->Start(&stub_, topic_);
  }

  ClientRuntime& runtime_;
  const std::shared_ptr<grpc::Channel> channel_;
  v1::LookupService::Stub stub_;
  const std::string topic_;
  const std::function<void(const std::vector<std::string>&)> on_answer_;

  RetryDelay poll_delay_;
  RetryDelay watch_delay_;
  EventLoop::TimerId poll_timer_ = 0;
  EventLoop::TimerId watch_timer_ = 0;
  bool polling_ = false;
  SteadyTime last_poll_;
  std::shared_ptr<UnaryCall<v1::LookupResponse>> topic_call_;
  std::shared_ptr<UnaryCall<v1::LookupServiceListNodesResponse>> nodes_call_;
  std::shared_ptr<WatchCall> watch_;
};

NodeFollower::NodeFollower(ClientRuntime* runtime, std::string topic,
                           OnAnswer on_answer)
    : runtime_(runtime),
      topic_(std::move(topic)),
      on_answer_(std::move(on_answer)) {}

NodeFollower::~NodeFollower() = default;

void NodeFollower::Start() {
  const ClientOptions& options = runtime_->options();
  if (!options.addresses.empty()) return on_answer_(0, options.addresses);
  for (size_t i = 0; i < options.lookup_addresses.size(); ++i) {
    lookups_.push_back(std::make_unique<Lookup>(
        runtime_, options.lookup_addresses[i], topic_,
        [this, i](const std::vector<std::string>& addresses) {
          on_answer_(i, addresses);
        }));
  }
  for (const auto& lookup : lookups_) lookup->Start();
}

void NodeFollower::Hurry() {
  for (const auto& lookup : lookups_) lookup->Hurry();
}

}  // namespace sluice
