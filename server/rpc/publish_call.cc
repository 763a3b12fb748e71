// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/publish_call.h"

#include <utility>

#include "absl/time/clock.h"
#include "rpc/status_conversion.h"
#include "server/rpc/refusals.h"

namespace sluice {

void PublishCall::Accept(PublisherService& service, RpcContext& context,
                         CompletionThread& thread) {
  auto* const call = new PublishCall(service, context, thread);
  service.RequestPublish(&call->call_, &call->request_, &call->writer_,
                         thread.queue(), thread.queue(), call->accepted_.tag());
}

PublishCall::PublishCall(PublisherService& service, RpcContext& context,
                         CompletionThread& thread)
    : service_(service), context_(context), thread_(thread) {
  context_.live_calls.Expect();
}

PublishCall::~PublishCall() { context_.live_calls.Remove(this); }

void PublishCall::OnAccepted(bool ok) {
  if (!ok) {  // the server shuts down
    delete this;
    return;
  }
  Accept(service_, context_, thread_);
  context_.live_calls.Add(this);
  if (context_.draining.load()) return Answer(NodeDrains());
  const absl::StatusOr<PublishTotals> totals =
      CheckPublish(request_, context_.limits);
  if (!totals.ok()) return Answer(totals.status());
  totals_ = *totals;
  if (context_.broker.publish_gate().full()) return WaitForRoom();
  FindTopic();
}

void PublishCall::WaitForRoom() {
  room_ =
      std::make_shared<WakeSignal>(thread_.queue(), [this] { wait_.Cancel(); });
  wait_.Set(thread_.queue(), absl::ToChronoTime(absl::Now() + kMaxWaitForRoom),
            waited_.tag());
  context_.broker.publish_gate().WhenRoom([room = room_] { room->Raise(); });
}

void PublishCall::OnWaited(bool timed_out) {
  room_->Close();
  if (timed_out) return Answer(NoRoomForPublish());
  FindTopic();
}

void PublishCall::FindTopic() {
  if (!context_.MustFindChannels(request_.topic())) return Publish({});
  context_.find_channels(
      request_.topic(),
      [this](const Broker::Channels& channels) { Publish(channels); });
}

void PublishCall::Publish(const Broker::Channels& channels) {
  absl::StatusOr<std::shared_ptr<Topic>> topic =
      context_.broker.TopicForPublish(request_.topic(), channels);
  if (!topic.ok()) return Answer(topic.status());
  context_.broker.Publish(
      *topic, BuildRecordBlock(request_, totals_, context_.clock.WallNow()),
      totals_.durability,
      [this](absl::StatusOr<PublishOutcome> outcome) { Answer(outcome); },
      request_.request_id());
}

void PublishCall::Answer(const absl::StatusOr<PublishOutcome>& outcome) {
  if (!outcome.ok()) {
    writer_.FinishWithError(ToGrpcStatus(outcome.status()), answered_.tag());
    return;
  }
  v1::PublishResponse response;
  ToWire(*outcome, &response);
  writer_.Finish(response, grpc::Status::OK, answered_.tag());
}

void PublishCall::OnAnswered(bool) { delete this; }

}  // namespace sluice
