// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_NULL_SERVICE_H_
#define SLUICE_BENCH_NULL_SERVICE_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/null_conversation.h"

namespace sluice {

struct NullServiceOptions {
  std::string address = "127.0.0.1:4150";  // port 0 takes a free one
  int threads = 1;  // each runs a completion queue of its own
  NullConversationOptions conversation;

  // gRPC's own settings, to try out what they are worth; 0 leaves the default.
  int tcp_read_chunk_bytes = 0;
  int http2_frame_bytes = 0;
  int http2_lookahead_bytes = 0;
  bool bandwidth_probe = true;
};

// Speaks the wire contract of publishing and subscribing, and keeps nothing: a
// publish is answered at once, and a subscriber is sent messages made of
// nothing for as long as its RDY allows. No node can be faster, so it is the
// measure of one.
//
// Serves from construction to destruction, which ends all streams.
class NullService {
 public:
  // Unavailable when the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<NullService>> Start(
      const NullServiceOptions& options);
  ~NullService();

  int port() const { return port_; }

 private:
  NullService() = default;

  NullServiceOptions options_;
  int port_ = 0;
  grpc::AsyncGenericService service_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::thread> threads_;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_NULL_SERVICE_H_
