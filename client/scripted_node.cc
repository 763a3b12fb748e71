// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/scripted_node.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace sluice {

class ScriptedNode::Publishers final : public v1::PublisherService::Service {
 public:
  explicit Publishers(Script script) : script_(std::move(script)) {}
  grpc::Status PublishStream(grpc::ServerContext* context,
                             Stream* stream) override {
    return script_(context, stream);
  }

 private:
  const Script script_;
};

ScriptedNode::ScriptedNode(Script script)
    : publishers_(std::make_unique<Publishers>(std::move(script))) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port_);
  builder.RegisterService(publishers_.get());
  server_ = builder.BuildAndStart();
}

ScriptedNode::~ScriptedNode() {
  server_->Shutdown(std::chrono::system_clock::now());
}

std::string ScriptedNode::address() const {
  return absl::StrCat("127.0.0.1:", port_);
}

void AnswerStored(const v1::PublishStreamRequest& request, uint64_t first_id,
                  ScriptedNode::Stream* stream) {
  v1::PublishStreamResponse response;
  v1::PublishResult& result = *response.add_results();
  result.set_correlation_id(request.correlation_id());
  result.mutable_published()->set_first_message_id(first_id);
  result.mutable_published()->set_message_count(
      static_cast<uint32_t>(request.publish().messages_size()));
  result.mutable_published()->set_durability(v1::DURABILITY_DISK);
  stream->Write(response);
}

}  // namespace sluice
