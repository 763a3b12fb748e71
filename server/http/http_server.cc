// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_server.h"

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "httplib.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

constexpr size_t kThreads = 2;
// A quiet connection holds a thread, so it does not hold it for long.
constexpr int kKeepAliveSeconds = 2;
constexpr int kReadSeconds = 5;
constexpr size_t kMaxRequestBytes = 64 << 10;

// Without SO_REUSEPORT, which httplib sets by default: two nodes would share
// the port, each seeing half of the requests, and nobody would be told.
void SetSocketOptions(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

std::string InfoJson(const HttpInfo& info, uint16_t http_port) {
  return nlohmann::json{
      {"version", info.version},
      {"node_id", info.node_id},
      {"broadcast_address", info.broadcast_address},
      {"grpc_port", info.grpc_port},
      {"http_port", http_port},
      {"start_time", absl::FormatTime(absl::RFC3339_full, info.start_time,
                                      absl::UTCTimeZone())},
  }
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

httplib::Server::Handler AnswerCheck(HttpServer::Check check) {
  return [check = std::move(check)](const httplib::Request&,
                                    httplib::Response& response) {
    const absl::Status status = check();
    if (!status.ok()) response.status = 503;
    response.set_content(
        status.ok() ? "OK" : absl::StrCat("NOK - ", status.message()),
        "text/plain");
  };
}

}  // namespace

struct HttpServer::Parts {
  httplib::Server server;
  uint16_t port = 0;
  std::thread acceptor;
};

HttpServer::HttpServer(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

HttpServer::~HttpServer() { Stop(); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Listen(
    const std::string& host, uint16_t port) {
  auto parts = std::make_unique<Parts>();
  httplib::Server& server = parts->server;
  server.set_socket_options(SetSocketOptions);
  server.set_keep_alive_timeout(kKeepAliveSeconds);
  server.set_read_timeout(kReadSeconds);
  server.set_write_timeout(kReadSeconds);
  server.set_payload_max_length(kMaxRequestBytes);
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  errno = 0;
  const int bound = port == 0 ? server.bind_to_any_port(host)
                              : (server.bind_to_port(host, port) ? port : -1);
  if (bound <= 0) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", host, " port ", port, " for HTTP",
        errno != 0 ? absl::StrCat(" (", std::strerror(errno), ")") : "",
        ": stop what uses the port or choose another --http-address"));
  }
  parts->port = static_cast<uint16_t>(bound);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

uint16_t HttpServer::port() const { return parts_->port; }

void HttpServer::Serve(HttpInfo info, Check health, Check readiness) {
  parts_->server.Get("/ping", AnswerCheck(std::move(health)));
  parts_->server.Get("/ready", AnswerCheck(std::move(readiness)));
  parts_->server.Get("/info",
                     [json = InfoJson(info, parts_->port)](
                         const httplib::Request&, httplib::Response& response) {
                       response.set_content(json, "application/json");
                     });
  parts_->acceptor =
      std::thread([this] { parts_->server.listen_after_bind(); });
  // stop() before the loop has begun would be lost.
  while (!parts_->server.is_running()) std::this_thread::yield();
}

void HttpServer::Stop() {
  if (!parts_->acceptor.joinable()) return;
  parts_->server.stop();
  parts_->acceptor.join();
}

}  // namespace sluice
