// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/sluice_path.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include "absl/strings/str_cat.h"
#include "bench/connection.h"
#include "sluice/v1/publisher.grpc.pb.h"
#include "sluice/v1/subscriber.grpc.pb.h"

namespace sluice {
namespace {

constexpr uint32_t kReady = 2500;

absl::Status Ended(const char* what, const grpc::Status& status) {
  return absl::UnavailableError(
      absl::StrCat("the ", what, " stream ended: ", status.error_message()));
}

class SluicePath final : public MessagePath {
 public:
  SluicePath(const std::string& address, const std::string& topic,
             const std::string& channel)
      : channel_(channel),
        publisher_(v1::PublisherService::NewStub(Connect(address))),
        subscriber_(v1::SubscriberService::NewStub(Connect(address))) {
    publish_.mutable_publish()->set_topic(topic);
    publish_.mutable_publish()->add_messages();
  }

  absl::Status Open() override {
    subscription_ = subscriber_->Subscribe(&subscribe_context_);
    v1::SubscribeRequest request;
    v1::Open& open = *request.mutable_open();
    open.set_topic(publish_.publish().topic());
    open.set_channel(channel_);
    open.set_client_id("latency");
    open.set_ready(kReady);
    if (!subscription_->Write(request) || !subscription_->Read(&response_) ||
        !response_.has_opened()) {
      subscribe_context_.TryCancel();
      return Ended("subscribe", subscription_->Finish());
    }
    publishing_ = publisher_->PublishStream(&publish_context_);
    return absl::OkStatus();
  }

  absl::Status Publish(absl::string_view body) override {
    publish_.set_correlation_id(publish_.correlation_id() + 1);
    publish_.mutable_publish()->mutable_messages(0)->set_body(body.data(),
                                                              body.size());
    if (publishing_->Write(publish_)) return absl::OkStatus();
    return absl::UnavailableError("the publish stream takes no more");
  }

  absl::Status AwaitAnswers() override {
    if (!publishing_->Read(&answer_)) {
      return absl::CancelledError("the publish stream ended");
    }
    for (const v1::PublishResult& result : answer_.results()) {
      if (result.has_error()) {
        return absl::UnknownError(result.error().message());
      }
    }
    return absl::OkStatus();
  }

  absl::Status Receive(
      absl::FunctionRef<void(absl::string_view)> take) override {
    if (!subscription_->Read(&response_)) {
      return absl::CancelledError("the subscription ended");
    }
    auto& ids = *finish_.mutable_finish()->mutable_delivery_ids();
    ids.Clear();
    for (const v1::Delivery& delivery : response_.deliveries().deliveries()) {
      take(delivery.body());
      ids.Add(delivery.delivery_id());
    }
    if (!ids.empty()) subscription_->Write(finish_);
    return absl::OkStatus();
  }

  void Close() override {
    publish_context_.TryCancel();
    subscribe_context_.TryCancel();
  }

 private:
  const std::string channel_;
  const std::unique_ptr<v1::PublisherService::Stub> publisher_;
  const std::unique_ptr<v1::SubscriberService::Stub> subscriber_;
  grpc::ClientContext publish_context_;
  grpc::ClientContext subscribe_context_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::SubscribeRequest, v1::SubscribeResponse>>
      subscription_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::PublishStreamRequest,
                                           v1::PublishStreamResponse>>
      publishing_;
  // Reused, each by the thread of its method.
  v1::PublishStreamRequest publish_;
  v1::PublishStreamResponse answer_;
  v1::SubscribeResponse response_;
  v1::SubscribeRequest finish_;
};

}  // namespace

std::unique_ptr<MessagePath> MakeSluicePath(const std::string& address,
                                            const std::string& topic,
                                            const std::string& channel) {
  return std::make_unique<SluicePath>(address, topic, channel);
}

}  // namespace sluice
