// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_FAKE_NODE_H_
#define SLUICE_CLI_FAKE_NODE_H_

#include <functional>
#include <memory>
#include <string>

#include "grpcpp/server.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/sync_stream.h"
#include "sluice/v1/publisher.grpc.pb.h"
#include "sluice/v1/subscriber.grpc.pb.h"

namespace sluice {

// A node for tests, in this process and on a free port, whose streams do what
// the test writes down. Streams without a script are UNIMPLEMENTED.
class FakeNode {
 public:
  using SubscribeStream =
      grpc::ServerReaderWriter<v1::SubscribeResponse, v1::SubscribeRequest>;
  using PublishStream = grpc::ServerReaderWriter<v1::PublishStreamResponse,
                                                 v1::PublishStreamRequest>;
  using SubscribeScript = std::function<grpc::Status(SubscribeStream*)>;
  using PublishScript = std::function<grpc::Status(PublishStream*)>;

  explicit FakeNode(SubscribeScript script);
  explicit FakeNode(PublishScript script);
  ~FakeNode();

  // HOST:PORT, for a Connection that comes here.
  std::string address() const;

 private:
  class Subscribers;
  class Publishers;

  void Start(grpc::Service* service);

  std::unique_ptr<Subscribers> subscribers_;
  std::unique_ptr<Publishers> publishers_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_FAKE_NODE_H_
