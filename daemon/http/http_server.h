// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_HTTP_HTTP_SERVER_H_
#define SLUICE_DAEMON_HTTP_HTTP_SERVER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sluice {

// What a page is asked with: the fields behind the `?`, decoded.
using HttpParameters = std::multimap<std::string, std::string>;

// What a page answers.
struct HttpAnswer {
  std::string body;
  int status = 200;
  std::string content_type = "application/json";
};

// The plain HTTP side of a server, for load balancers and people:
//   GET /ping   200 `OK`, or 503 `NOK - reason`: the server does its work
//   GET /ready  the same, and it takes more: 503 also while it drains
//   GET /info   JSON: who the server is
// and what else it adds. A path that is not there is answered 404, with those
// that are.
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

  // Adds a page, whose `answer` is called for each GET of `path`, on threads of
  // the server's. Before Serve.
  using Page = std::function<HttpAnswer(const HttpParameters&)>;
  void Add(const std::string& path, Page answer);

  // Answers from now on, on at most 16 threads of its own. `health` and
  // `readiness` are called on them for each /ping and /ready, `info` for each
  // /info. Once.
  using Check = std::function<absl::Status()>;
  void Serve(Check health, Check readiness, std::function<std::string()> info);

  // Ends what is under way and joins the threads. Safe to repeat.
  void Stop();

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace sluice

#endif  // SLUICE_DAEMON_HTTP_HTTP_SERVER_H_
