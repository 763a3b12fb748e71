// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_PUBLISH_LINK_H_
#define SLUICE_CLIENT_PUBLISH_LINK_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "base/retry_delay.h"
#include "client/bidi_call.h"
#include "client/client_runtime.h"
#include "sluice/v1/publisher.grpc.pb.h"

namespace sluice {

// The way of a producer's parcels to one node: a PublishStream call that is
// opened with the first parcel, and opened again when it breaks, also with
// nothing to send, so that one knows whether the node is back.
//
// On the loop only. Destroy it there; its owner hears nothing more then.
class PublishLink final : private BidiCall<v1::PublishStreamRequest,
                                           v1::PublishStreamResponse>::Owner {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // What to send for an attempt, without its correlation id; null when it is
    // not wanted any more.
    virtual v1::PublishStreamRequest* RequestOf(uint64_t attempt) = 0;
    virtual void OnLinkResult(PublishLink* link,
                              const v1::PublishResult& result) = 0;
    // The link works again.
    virtual void OnLinkOpen(PublishLink* link) = 0;
    // The stream is gone. Those sent may or may not have been stored.
    virtual void OnLinkBroken(PublishLink* link, const absl::Status& status,
                              const std::vector<uint64_t>& sent,
                              const std::vector<uint64_t>& not_sent) = 0;
  };

  PublishLink(ClientRuntime* runtime, std::string address, Owner* owner);
  ~PublishLink() override;

  const std::string& address() const { return address_; }

  // Whether to give it more: it works, or nobody knows yet.
  bool Usable(SteadyTime now) const {
    return state_ != State::kBroken && !draining_ && avoid_until_ <= now;
  }
  bool idle() const { return sent_.empty() && queue_.empty(); }
  bool broken() const { return state_ == State::kBroken; }

  // Sends the attempt when its turn comes.
  void Send(uint64_t attempt);

  // The node is going away: not usable until it has come back.
  void SetDraining() { draining_ = true; }
  // The node has trouble of its own: not usable until then.
  void Avoid(SteadyTime until) { avoid_until_ = until; }
  // A lookup says that the node is there: try now.
  void TryNow();
  // Cuts the stream when something sent before `since` has no answer and
  // nothing was answered after it. That the way is slow is no reason.
  void CutIfSilent(SteadyTime since);

 private:
  using Call = BidiCall<v1::PublishStreamRequest, v1::PublishStreamResponse>;
  enum class State { kNew, kConnecting, kOpen, kBroken };

  void OnCallStarted() override;
  void OnCallResponse(v1::PublishStreamResponse* response) override;
  void OnCallWritable() override { Write(); }
  void OnCallEnded(const grpc::Status& status) override;

  void Connect();
  void Write();

  ClientRuntime* const runtime_;
  const std::string address_;
  Owner* const owner_;
  const std::shared_ptr<grpc::Channel> channel_;
  v1::PublisherService::Stub stub_;

  State state_ = State::kNew;
  std::shared_ptr<Call> call_;  // null while broken, and while the retry waits
  bool draining_ = false;
  SteadyTime avoid_until_;
  RetryDelay delay_;
  EventLoop::TimerId timer_ = 0;
  std::deque<uint64_t> queue_;
  // When each was sent; attempts grow, so the first was sent first.
  std::map<uint64_t, SteadyTime> sent_;
  SteadyTime last_answer_;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_PUBLISH_LINK_H_
