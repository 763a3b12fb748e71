// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_HTTP_HTTP_SERVER_H_
#define SLUICE_SERVER_HTTP_HTTP_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace sluice {

// What GET /info tells about the node.
struct HttpInfo {
  std::string version;
  std::string node_id;
  std::string broadcast_address;
  uint32_t grpc_port = 0;
  absl::Time start_time;
};

// The plain HTTP side of a node, for load balancers and people:
//   GET /ping   200 `OK`, or 503 `NOK - reason`: the node does its work
//   GET /ready  the same, and it takes more: 503 also while it drains
//   GET /info   JSON: who the node is
//
// Listens first and answers later, so that the port is known, and a busy one
// is found out, before anything else is started. Thread-compatible; Stop()
// may be called from any thread.
class HttpServer {
 public:
  // Binds `host:port`; port 0 takes a free one. UNAVAILABLE names the address
  // and says what to do.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Listen(
      const std::string& host, uint16_t port);
  // Stops.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // The port that is bound.
  uint16_t port() const;

  // Answers from now on, on a few threads of its own. `health` and `readiness`
  // are called on them for each /ping and /ready, and must be thread-safe.
  // Once.
  using Check = std::function<absl::Status()>;
  void Serve(HttpInfo info, Check health, Check readiness);

  // Ends what is under way and joins the threads. Safe to repeat.
  void Stop();

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_HTTP_HTTP_SERVER_H_
