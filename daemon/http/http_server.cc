// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/http/http_server.h"

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/io_pool.h"
#include "httplib.h"

namespace sluice {
namespace {

// A quiet connection holds a thread: there are some to hold, and it does not
// hold one for long. A load balancer's /ping is not to wait for it.
constexpr int kMostThreads = 16;
constexpr int kKeepAliveSeconds = 1;
constexpr int kReadSeconds = 2;
constexpr size_t kMaxRequestBytes = 64 << 10;

// Without SO_REUSEPORT, which httplib sets by default: two nodes would share
// the port, each seeing half of the requests, and nobody would be told.
void SetSocketOptions(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

// Starts threads when they are needed, which httplib's own does not.
class Threads final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> task) override {
    pool_.Submit(std::move(task));
  }
  void shutdown() override { pool_.Stop(); }

 private:
  IoPool pool_{kMostThreads};
};

HttpServer::Page AnswerCheck(HttpServer::Check check) {
  return [check = std::move(check)](const HttpParameters&) {
    const absl::Status status = check();
    return status.ok() ? HttpAnswer{"OK", 200, "text/plain"}
                       : HttpAnswer{absl::StrCat("NOK - ", status.message()),
                                    503, "text/plain"};
  };
}

}  // namespace

struct HttpServer::Parts {
  httplib::Server server;
  uint16_t port = 0;
  std::vector<std::string> paths;
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
  server.new_task_queue = [] { return new Threads(); };
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

void HttpServer::Add(const std::string& path, Page answer) {
  parts_->paths.push_back(path);
  parts_->server.Get(
      path, [answer = std::move(answer)](const httplib::Request& request,
                                         httplib::Response& response) {
        HttpAnswer page = answer(request.params);
        response.status = page.status;
        response.set_content(page.body, page.content_type.c_str());
      });
}

void HttpServer::Serve(Check health, Check readiness,
                       std::function<std::string()> info) {
  Add("/ping", AnswerCheck(std::move(health)));
  Add("/ready", AnswerCheck(std::move(readiness)));
  Add("/info", [info = std::move(info)](const HttpParameters&) {
    return HttpAnswer{info()};
  });
  parts_->server.set_error_handler(
      [paths = absl::StrJoin(parts_->paths, ", ")](
          const httplib::Request&, httplib::Response& response) {
        if (response.status != 404 || !response.body.empty()) return;
        response.set_content(
            absl::StrCat("no such page; these may be read: ", paths, "\n"),
            "text/plain");
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
