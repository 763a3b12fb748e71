// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_NODE_SUBSCRIPTION_H_
#define SLUICE_CLIENT_NODE_SUBSCRIPTION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "client/bidi_call.h"
#include "client/client_runtime.h"
#include "client/subscribe_commands.h"
#include "sluice/v1/subscriber.grpc.pb.h"

namespace sluice {

// One Subscribe call to one node, from its opening to its end. Commands are
// collected, and leave when the stream is free to write.
//
// On the loop only. Destroying it cuts the stream; its owner hears nothing more
// then.
class NodeSubscription final
    : private BidiCall<v1::SubscribeRequest, v1::SubscribeResponse>::Owner {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnOpened(const std::string& address,
                          const v1::Opened& opened) = 0;
    // The messages may be taken out.
    virtual void OnDeliveries(const std::string& address,
                              v1::Deliveries* deliveries) = 0;
    virtual void OnResults(const std::string& address,
                           const v1::CommandResults& results) = 0;
    virtual void OnDraining(const std::string& address) = 0;
    // Last, and once; it may be destroyed by then or in here.
    virtual void OnEnded(const std::string& address,
                         const absl::Status& status) = 0;
  };

  NodeSubscription(ClientRuntime* runtime, std::string address, v1::Open open,
                   Owner* owner);
  ~NodeSubscription() override;

  void Start();

  // Add to these, then Flush.
  SubscribeCommands& commands() { return commands_; }
  void Flush();

  // Ends it without waiting for what is leased.
  void Cut() { call_->Cancel(); }

 private:
  using Call = BidiCall<v1::SubscribeRequest, v1::SubscribeResponse>;

  void OnCallStarted() override;
  void OnCallResponse(v1::SubscribeResponse* response) override;
  void OnCallWritable() override { Flush(); }
  void OnCallEnded(const grpc::Status& status) override;

  ClientRuntime* const runtime_;
  const std::string address_;
  const v1::Open open_;
  Owner* const owner_;
  const std::shared_ptr<grpc::Channel> channel_;
  v1::SubscriberService::Stub stub_;
  const std::shared_ptr<Call> call_;
  bool open_sent_ = false;
  SubscribeCommands commands_;
  v1::SubscribeRequest request_;  // reused
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_NODE_SUBSCRIPTION_H_
