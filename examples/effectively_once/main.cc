// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Effectively once, end to end: nothing is lost and nothing counts twice, even
// if the node is killed in between. Two halves make it:
//
//   the producer   gives each order a request id of its own and sends it again,
//                  under the same id, until it is answered: the node stores it
//                  once;
//   the consumer   remembers which message ids it has handled, and overlooks
//                  the rest. Here in a set; a real one writes the id in the
//                  same database transaction as what it does for the order, and
//                  may forget ids below the oldest unfinished one.
//
//   effectively_once [ADDRESS [ORDERS]]      default 127.0.0.1:4150 1000
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "sluice/v1/publisher.grpc.pb.h"
#include "sluice/v1/subscriber.grpc.pb.h"

namespace {

using sluice::v1::PublisherService;
using sluice::v1::SubscriberService;

constexpr char kTopic[] = "orders";
constexpr std::chrono::milliseconds kPause(100);  // before trying again

void SendOnce(PublisherService::Stub& publisher, const std::string& order) {
  sluice::v1::PublishRequest request;
  request.set_topic(kTopic);
  request.set_request_id(order);  // the same each time
  request.add_messages()->set_body(order);
  while (true) {
    grpc::ClientContext call;
    call.set_deadline(std::chrono::system_clock::now() +
                      std::chrono::seconds(5));
    sluice::v1::PublishResponse response;
    const grpc::Status status = publisher.Publish(&call, request, &response);
    if (status.ok()) return;
    // It may have been stored all the same: the id makes trying again safe.
    if (status.error_code() == grpc::StatusCode::INVALID_ARGUMENT) {
      std::cerr << "refused: " << status.error_message() << std::endl;
      std::exit(1);
    }
    std::this_thread::sleep_for(kPause);
  }
}

class Consumer {
 public:
  explicit Consumer(size_t orders) : orders_(orders) {}

  // Handles orders until all have come; opens the stream again when it ends.
  void Run(SubscriberService::Stub& subscriber) {
    while (handled_.size() < orders_) {
      Consume(subscriber);
      std::this_thread::sleep_for(kPause);
    }
  }
  uint64_t applied() const { return applied_; }
  uint64_t repeated() const { return repeated_; }

 private:
  void Consume(SubscriberService::Stub& subscriber) {
    grpc::ClientContext call;
    const auto stream = subscriber.Subscribe(&call);
    sluice::v1::SubscribeRequest request;
    request.mutable_open()->set_topic(kTopic);
    request.mutable_open()->set_channel("billing");
    request.mutable_open()->set_ready(100);
    stream->Write(request);
    sluice::v1::SubscribeResponse response;
    while (handled_.size() < orders_ && stream->Read(&response)) {
      request.Clear();
      for (const auto& delivery : response.deliveries().deliveries()) {
        Handle(delivery);
        request.mutable_finish()->add_delivery_ids(delivery.delivery_id());
      }
      if (request.has_finish()) stream->Write(request);
    }
    stream->WritesDone();
    while (stream->Read(&response)) {
    }
    stream->Finish();
  }

  // In a real consumer one transaction.
  void Handle(const sluice::v1::Delivery& delivery) {
    if (handled_.insert(delivery.message_id()).second) {
      ++applied_;
    } else {
      ++repeated_;
    }
  }

  const size_t orders_;
  std::set<uint64_t> handled_;
  uint64_t applied_ = 0;
  uint64_t repeated_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const std::string address = argc > 1 ? argv[1] : "127.0.0.1:4150";
  const uint64_t orders = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000;
  const auto channel =
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  const auto publisher = PublisherService::NewStub(channel);
  const auto subscriber = SubscriberService::NewStub(channel);
  std::thread producer([&publisher, orders] {
    for (uint64_t i = 0; i < orders; ++i) {
      const std::string order = "order-" + std::to_string(i);
      SendOnce(*publisher, order);
      // As if the answer had been lost.
      if (i % 10 == 0) SendOnce(*publisher, order);
    }
  });
  Consumer consumer(orders);
  consumer.Run(*subscriber);
  producer.join();
  std::cout << orders << " orders sent, " << consumer.applied() << " applied, "
            << consumer.repeated() << " repeated deliveries overlooked"
            << std::endl;
  return consumer.applied() == orders ? 0 : 1;
}
