// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/publish_stream.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "rpc/status_conversion.h"
#include "server/rpc/publish_conversion.h"
#include "server/rpc/refusals.h"

namespace sluice {
namespace {

// What one stream may have read and not yet answered. Enough to keep the disk
// busy; small beside what all streams share (PublishGate).
constexpr size_t kMaxUnansweredRequests = 4096;
constexpr size_t kMaxWaitingBytes = 16 << 20;

// Bounds a response: errors, with their details, take about 1 KiB each.
constexpr size_t kMaxResultsPerFrame = 1024;

absl::Status NoPublish() {
  return InvalidArgument("EMPTY_BATCH", "publish",
                         "the request has no publish");
}

absl::Status NotARequest() {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                   "a frame does not hold a PublishStreamRequest");
}

grpc::ByteBuffer Serialize(const v1::PublishStreamResponse& response) {
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  grpc::SerializationTraits<v1::PublishStreamResponse>::Serialize(
      response, &bytes, &own_buffer);
  return bytes;
}

}  // namespace

// --- Beginning -----------------------------------------------------------

void PublishStream::Accept(PublisherService& service, RpcContext& context,
                           CompletionThreads& threads) {
  auto* const stream = new PublishStream(service, context, threads);
  service.RequestPublishStream(
      &stream->call_, &stream->stream_, stream->thread_.queue(),
      threads.acceptor().queue(), stream->accept_done_.tag());
}

PublishStream::PublishStream(PublisherService& service, RpcContext& context,
                             CompletionThreads& threads)
    : service_(service),
      context_(context),
      threads_(threads),
      thread_(threads.Next()),
      topics_(context.broker) {
  context_.live_calls.Expect();
}

PublishStream::~PublishStream() { context_.live_calls.Remove(this); }

// On the acceptor's thread: all that follows is the stream's own thread's.
void PublishStream::OnAccepted(bool ok) {
  if (!ok) {  // the server shuts down
    delete this;
    return;
  }
  Accept(service_, context_, threads_);
  stream_.SendInitialMetadata(start_done_.tag());
}

void PublishStream::OnStarted(bool) {
  context_.live_calls.Add(this);
  ReadNext();
}

// --- Reading -------------------------------------------------------------

void PublishStream::ReadNext() {
  bool stopping;
  {
    absl::MutexLock lock(&mu_);
    stopping = stopping_;
    if (!stopping && TooMuchUnanswered(1)) {
      reading_ = Reading::kPaused;
      return;
    }
  }
  if (stopping) return EndReading(absl::OkStatus());
  PublishGate& gate = context_.broker.publish_gate();
  if (!gate.full()) {
    stream_.Read(&request_frame_, read_done_.tag());
    return;
  }
  gate.WhenRoom([this] { stream_.Read(&request_frame_, read_done_.tag()); });
}

void PublishStream::OnRead(bool ok) {
  if (!ok) return EndReading(absl::OkStatus());
  is_plain_ = plain_.Read(request_frame_, context_.limits);
  if (!is_plain_ && !request_.Parse(&request_frame_)) {
    return EndReading(NotARequest());
  }
  const absl::string_view topic =
      is_plain_ ? plain_.topic()
                : absl::string_view(request_.publish().topic());
  if (context_.MustFindChannels(topic)) {
    return context_.find_channels(
        std::string(topic),
        [this](const Broker::Channels& channels) { HandleRead(channels); });
  }
  HandleRead({});
}

void PublishStream::HandleRead(const Broker::Channels& channels) {
  if (is_plain_) {
    Handle(plain_.correlation_id(), PreparePlain(channels));
    plain_.Release();
  } else {
    Handle(request_.correlation_id(), Prepare(channels));
    request_.Release();
  }
  ReadNext();
}

// Half-closed, gone, or `status` says why nothing more is read.
void PublishStream::EndReading(const absl::Status& status) {
  Next next;
  bool dead;
  {
    absl::MutexLock lock(&mu_);
    reading_ = Reading::kEnded;
    if (end_.ok()) end_ = status;
    next = Decide();
    dead = Dead();
  }
  if (dead) {
    delete this;
  } else {
    Act(next);
  }
}

void PublishStream::Handle(uint64_t correlation_id,
                           absl::StatusOr<Prepared> prepared) {
  if (!prepared.ok()) {
    return Complete(OpenTicket(correlation_id, 0), prepared.status());
  }
  Ticket* const ticket = OpenTicket(correlation_id, prepared->block->size());
  // One pointer fits into the std::function: no allocation.
  context_.broker.Publish(
      prepared->topic, std::move(prepared->block), prepared->wish,
      [ticket](absl::StatusOr<PublishOutcome> outcome) {
        ticket->stream->Complete(ticket, std::move(outcome));
      },
      std::move(prepared->request_id));
}

absl::StatusOr<PublishStream::Prepared> PublishStream::PreparePlain(
    const Broker::Channels& channels) {
  Prepared prepared;
  SLUICE_ASSIGN_OR_RETURN(prepared.topic, FindTopic(plain_.topic(), channels));
  prepared.wish = plain_.durability();
  prepared.request_id = std::string(plain_.request_id());
  prepared.block = plain_.BuildRecordBlock(context_.clock.WallNow());
  return prepared;
}

absl::StatusOr<PublishStream::Prepared> PublishStream::Prepare(
    const Broker::Channels& channels) {
  if (!request_.has_publish()) return NoPublish();
  const v1::PublishRequest& publish = request_.publish();
  SLUICE_ASSIGN_OR_RETURN(const PublishTotals totals,
                          CheckPublish(publish, context_.limits));
  Prepared prepared;
  SLUICE_ASSIGN_OR_RETURN(prepared.topic, FindTopic(publish.topic(), channels));
  prepared.wish = totals.durability;
  prepared.request_id = publish.request_id();
  prepared.block = BuildRecordBlock(publish, totals, context_.clock.WallNow());
  return prepared;
}

absl::StatusOr<std::shared_ptr<Topic>> PublishStream::FindTopic(
    absl::string_view name, const Broker::Channels& channels) {
  if (context_.draining.load(std::memory_order_relaxed)) return NodeDrains();
  SLUICE_ASSIGN_OR_RETURN(std::shared_ptr<Topic> topic,
                          context_.broker.TopicForPublish(name, channels));
  topics_.Note(name, topic);
  return topic;
}

// --- Results -------------------------------------------------------------

PublishStream::Ticket* PublishStream::OpenTicket(uint64_t correlation_id,
                                                 size_t bytes) {
  absl::MutexLock lock(&mu_);
  ++unanswered_count_;
  waiting_bytes_ += bytes;
  if (unused_.empty()) {
    tickets_.push_back(std::make_unique<Ticket>());
    unused_.push_back(tickets_.back().get());
  }
  Ticket* const ticket = unused_.back();
  unused_.pop_back();
  ticket->stream = this;
  ticket->correlation_id = correlation_id;
  ticket->bytes = bytes;
  return ticket;
}

void PublishStream::Complete(Ticket* ticket,
                             absl::StatusOr<PublishOutcome> outcome) {
  Next next;
  bool dead;
  {
    absl::MutexLock lock(&mu_);
    ticket->outcome = std::move(outcome);
    waiting_bytes_ -= ticket->bytes;
    answered_.push_back(ticket);
    if (broken_ || finish_begun_) Drop(&answered_);
    next = Decide();
    dead = Dead();
  }
  if (dead) {
    delete this;
  } else {
    Act(next);
  }
}

void PublishStream::OnWritten(bool ok) {
  Next next;
  {
    absl::MutexLock lock(&mu_);
    write_in_flight_ = false;
    Drop(&frame_);
    if (!ok) {
      broken_ = true;
      Drop(&answered_);
    }
    next = Decide();
  }
  Act(next);
}

void PublishStream::Drop(std::vector<Ticket*>* tickets) {
  unanswered_count_ -= tickets->size();
  unused_.insert(unused_.end(), tickets->begin(), tickets->end());
  tickets->clear();
}

bool PublishStream::TooMuchUnanswered(int divisor) const {
  const size_t share = static_cast<size_t>(divisor);
  return unanswered_count_ >= kMaxUnansweredRequests / share ||
         waiting_bytes_ >= kMaxWaitingBytes / share;
}

bool PublishStream::Dead() const {
  return finished_ && reading_ == Reading::kEnded && unanswered_count_ == 0;
}

// Whoever gets `write` or `finish` has the stream's sending side to itself.
PublishStream::Next PublishStream::Decide() {
  Next next;
  if (reading_ == Reading::kPaused) {
    if (stopping_) {
      reading_ = Reading::kEnded;
    } else if (!TooMuchUnanswered(2)) {
      reading_ = Reading::kActive;
      next.read = true;
    }
  }
  if (write_in_flight_ || finish_begun_) return next;
  if (!answered_.empty()) {
    TakeFrame();
    write_in_flight_ = true;
    next.write = true;
  } else if (unanswered_count_ == 0 &&
             (stopping_ || reading_ == Reading::kEnded)) {
    finish_begun_ = true;
    next.finish = true;
  }
  return next;
}

void PublishStream::TakeFrame() {
  if (answered_.size() <= kMaxResultsPerFrame) {
    frame_.swap(answered_);
    return;
  }
  const auto end = answered_.begin() + kMaxResultsPerFrame;
  frame_.assign(answered_.begin(), end);
  answered_.erase(answered_.begin(), end);
}

// The stream is alive until the last of these has begun: it cannot go while
// reading is active or the sending side is taken.
void PublishStream::Act(Next next) {
  if (next.write && next.read) {
    WriteFrame();
    ReadNext();
  } else if (next.write) {
    WriteFrame();
  } else if (next.finish) {
    Finish();
  } else if (next.read) {
    ReadNext();
  }
}

void PublishStream::WriteFrame() {
  response_.clear_results();
  for (const Ticket* const ticket : frame_) {
    v1::PublishResult* const result = response_.add_results();
    result->set_correlation_id(ticket->correlation_id);
    if (ticket->outcome.ok()) {
      ToWire(*ticket->outcome, result->mutable_published());
    } else {
      ToWire(ticket->outcome.status(), result->mutable_error());
    }
  }
  stream_.Write(Serialize(response_), write_done_.tag());
}

// --- Ending --------------------------------------------------------------

void PublishStream::OnStop() {
  Next next;
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    if (end_.ok() && reading_ != Reading::kEnded) end_ = NodeDrains();
    next = Decide();
  }
  Act(next);
}

void PublishStream::Finish() {
  absl::Status status;
  {
    absl::MutexLock lock(&mu_);
    status = end_;
  }
  stream_.Finish(ToGrpcStatus(status), finish_done_.tag());
}

void PublishStream::OnFinished(bool) {
  bool dead;
  {
    absl::MutexLock lock(&mu_);
    finished_ = true;
    dead = Dead();
  }
  if (dead) delete this;
}

}  // namespace sluice
