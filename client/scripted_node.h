// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_SCRIPTED_NODE_H_
#define SLUICE_CLIENT_SCRIPTED_NODE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "grpcpp/server.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/sync_stream.h"
#include "sluice/v1/publisher.grpc.pb.h"

namespace sluice {

// A node for tests, in this process and on a free port, whose publish streams
// do what the test writes down: what no real node does when it is asked to.
class ScriptedNode {
 public:
  using Stream = grpc::ServerReaderWriter<v1::PublishStreamResponse,
                                          v1::PublishStreamRequest>;
  using Script = std::function<grpc::Status(grpc::ServerContext*, Stream*)>;

  explicit ScriptedNode(Script script);
  ~ScriptedNode();

  std::string address() const;

 private:
  class Publishers;

  const std::unique_ptr<Publishers> publishers_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// Answers a request as if its messages had been stored from `first_id` on.
void AnswerStored(const v1::PublishStreamRequest& request, uint64_t first_id,
                  ScriptedNode::Stream* stream);

}  // namespace sluice

#endif  // SLUICE_CLIENT_SCRIPTED_NODE_H_
