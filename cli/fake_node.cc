// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/fake_node.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace sluice {

class FakeNode::Subscribers final : public v1::SubscriberService::Service {
 public:
  explicit Subscribers(SubscribeScript script) : script_(std::move(script)) {}
  grpc::Status Subscribe(grpc::ServerContext*,
                         SubscribeStream* stream) override {
    return script_(stream);
  }

 private:
  const SubscribeScript script_;
};

class FakeNode::Publishers final : public v1::PublisherService::Service {
 public:
  explicit Publishers(PublishScript script) : script_(std::move(script)) {}
  grpc::Status PublishStream(grpc::ServerContext*,
                             FakeNode::PublishStream* stream) override {
    return script_(stream);
  }

 private:
  const PublishScript script_;
};

FakeNode::FakeNode(SubscribeScript script)
    : subscribers_(std::make_unique<Subscribers>(std::move(script))) {
  Start(subscribers_.get());
}

FakeNode::FakeNode(PublishScript script)
    : publishers_(std::make_unique<Publishers>(std::move(script))) {
  Start(publishers_.get());
}

FakeNode::~FakeNode() { server_->Shutdown(); }

void FakeNode::Start(grpc::Service* service) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port_);
  builder.RegisterService(service);
  server_ = builder.BuildAndStart();
}

std::string FakeNode::address() const {
  return absl::StrCat("127.0.0.1:", port_);
}

}  // namespace sluice
