// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/null_conversation.h"

#include <algorithm>

#include "bench/frames.h"
#include "sluice/v1/publisher.pb.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {
namespace {

// PublishStream: a result for each request.
class PublishConversation final : public NullConversation {
 public:
  explicit PublishConversation(const NullConversationOptions& options)
      : options_(options) {}

  bool Receive(const grpc::ByteBuffer& request) override {
    v1::PublishResult& result = *results_.add_results();
    v1::PublishResponse& published = *result.mutable_published();
    if (options_.use_protobuf) {
      if (!Parse(request, &request_)) return false;
      result.set_correlation_id(request_.correlation_id());
      published.set_message_count(request_.publish().messages_size());
    } else {
      result.set_correlation_id(LeadingCorrelationId(request));
    }
    published.set_first_message_id(++last_id_);
    published.set_durability(v1::DURABILITY_MEMORY);
    return true;
  }

  void HalfClose() override { over_ = true; }

  bool Next(grpc::ByteBuffer* response) override {
    if (results_.results_size() == 0) return false;
    *response = Serialize(results_);
    results_.Clear();
    return true;
  }

  bool over() const override { return over_; }

 private:
  const NullConversationOptions& options_;
  v1::PublishStreamRequest request_;  // reused
  v1::PublishStreamResponse results_;
  uint64_t last_id_ = 0;
  bool over_ = false;
};

// Publish: one answer, when the request is complete.
class UnaryPublishConversation final : public NullConversation {
 public:
  explicit UnaryPublishConversation(const NullConversationOptions& options)
      : options_(options) {}

  bool Receive(const grpc::ByteBuffer& request) override {
    v1::PublishRequest publish;
    if (options_.use_protobuf && !Parse(request, &publish)) return false;
    response_.set_first_message_id(1);
    response_.set_message_count(publish.messages_size());
    response_.set_durability(v1::DURABILITY_MEMORY);
    received_ = true;
    return true;
  }

  void HalfClose() override {}

  bool Next(grpc::ByteBuffer* response) override {
    if (!received_ || answered_) return false;
    answered_ = true;
    *response = Serialize(response_);
    return true;
  }

  bool over() const override { return answered_; }

 private:
  const NullConversationOptions& options_;
  v1::PublishResponse response_;
  bool received_ = false;
  bool answered_ = false;
};

// Subscribe: full frames of deliveries, as long as RDY allows one.
class SubscribeConversation final : public NullConversation {
 public:
  explicit SubscribeConversation(const NullConversationOptions& options)
      : options_(options) {}

  bool Receive(const grpc::ByteBuffer& request) override {
    if (!Parse(request, &request_)) return false;
    switch (request_.command_case()) {
      case v1::SubscribeRequest::kOpen:
        open_ = true;
        ready_ = request_.open().ready();
        break;
      case v1::SubscribeRequest::kReady:
        ready_ = request_.ready().count();
        break;
      case v1::SubscribeRequest::kFinish:
        leased_ -=
            std::min<uint64_t>(leased_, request_.finish().delivery_ids_size());
        break;
      case v1::SubscribeRequest::kClose:
        closing_ = true;
        ready_ = 0;
        break;
      default:
        return false;
    }
    return true;
  }

  void HalfClose() override {
    closing_ = true;
    ready_ = 0;
    leased_ = 0;
  }

  bool Next(grpc::ByteBuffer* response) override {
    const uint32_t batch =
        std::min(options_.deliver_batch, std::max(ready_, 1u));
    if (open_ && !opened_) {
      opened_ = true;
      v1::SubscribeResponse opened;
      opened.mutable_opened()->set_server_version("null");
      *response = Serialize(opened);
    } else if (leased_ + batch <= ready_) {
      leased_ += batch;
      MakeDeliveries(batch, response);
    } else if (closing_ && leased_ == 0 && !closed_) {
      closed_ = true;
      v1::SubscribeResponse closed;
      closed.mutable_closed();
      *response = Serialize(closed);
    } else {
      return false;
    }
    return true;
  }

  bool over() const override { return closed_; }

 private:
  void MakeDeliveries(uint32_t batch, grpc::ByteBuffer* response) {
    if (options_.use_protobuf || batch != options_.deliver_batch) {
      SerializeDeliveries(batch, response);
      return;
    }
    if (!full_frame_.Valid()) SerializeDeliveries(batch, &full_frame_);
    *response = full_frame_;
  }

  void SerializeDeliveries(uint32_t batch, grpc::ByteBuffer* response) {
    v1::Deliveries& deliveries = *deliveries_.mutable_deliveries();
    deliveries.Clear();
    for (uint32_t i = 0; i < batch; ++i) {
      v1::Delivery& delivery = *deliveries.add_deliveries();
      delivery.set_delivery_id(++last_id_);
      delivery.set_message_id(last_id_);
      delivery.set_publish_time_unix_nano(last_id_);
      delivery.set_attempts(1);
      delivery.mutable_body()->assign(options_.deliver_bytes, 'x');
    }
    *response = Serialize(deliveries_);
  }

  const NullConversationOptions& options_;
  v1::SubscribeRequest request_;      // reused
  v1::SubscribeResponse deliveries_;  // reused
  uint64_t last_id_ = 0;
  grpc::ByteBuffer full_frame_;  // sent again and again, without protobuf
  uint64_t leased_ = 0;
  uint32_t ready_ = 0;
  bool open_ = false;
  bool opened_ = false;
  bool closing_ = false;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<NullConversation> MakeNullConversation(
    const std::string& method, const NullConversationOptions& options) {
  if (method == "/sluice.v1.PublisherService/PublishStream") {
    return std::make_unique<PublishConversation>(options);
  }
  if (method == "/sluice.v1.PublisherService/Publish") {
    return std::make_unique<UnaryPublishConversation>(options);
  }
  if (method == "/sluice.v1.SubscriberService/Subscribe") {
    return std::make_unique<SubscribeConversation>(options);
  }
  return nullptr;
}

}  // namespace sluice
