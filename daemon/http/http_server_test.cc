// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/http/http_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace sluice {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A connection; -1 when there is none to be had.
int Connect(uint16_t port) {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(connection, reinterpret_cast<sockaddr*>(&address),
              sizeof(address)) == 0) {
    return connection;
  }
  close(connection);
  return -1;
}

// The whole answer to a GET on its own connection.
std::string Get(uint16_t port, absl::string_view path) {
  const int connection = Connect(port);
  std::string answer;
  if (connection >= 0) {
    const std::string request = absl::StrCat(
        "GET ", path, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    send(connection, request.data(), request.size(), MSG_NOSIGNAL);
    char buffer[1024];
    for (ssize_t size = 0;
         (size = recv(connection, buffer, sizeof(buffer), 0)) > 0;) {
      answer.append(buffer, static_cast<size_t>(size));
    }
  }
  close(connection);
  return answer;
}

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() : server_(HttpServer::Listen("127.0.0.1", 0).value()) {
    server_->Add("/echo", [](const HttpParameters& parameters) {
      const auto it = parameters.find("text");
      return it != parameters.end()
                 ? HttpAnswer{it->second, 200, "text/plain"}
                 : HttpAnswer{"{\"message\":\"text is missing\"}", 400};
    });
    server_->Serve([this] { return Check(healthy_, "the disk"); },
                   [this] { return Check(ready_, "draining"); },
                   [] { return std::string("{\"version\":\"1.2.3\"}"); });
  }

  static absl::Status Check(bool ok, const char* why) {
    return ok ? absl::OkStatus() : absl::UnavailableError(why);
  }

  std::atomic<bool> healthy_{true};
  std::atomic<bool> ready_{true};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, PingSaysOkWhileHealthy) {
  EXPECT_THAT(Get(server_->port(), "/ping"),
              AllOf(StartsWith("HTTP/1.1 200"), EndsWith("\r\n\r\nOK")));
}

TEST_F(HttpServerTest, PingSaysWhyNot) {
  healthy_ = false;
  EXPECT_THAT(
      Get(server_->port(), "/ping"),
      AllOf(StartsWith("HTTP/1.1 503"), EndsWith("\r\n\r\nNOK - the disk")));
}

TEST_F(HttpServerTest, ClientsThatSayNothingKeepNobodyFromAnAnswer) {
  std::vector<int> quiet;
  for (int i = 0; i < 8; ++i) {
    quiet.push_back(Connect(server_->port()));
    ASSERT_GE(quiet.back(), 0);
    send(quiet.back(), "GET /pi", 7, MSG_NOSIGNAL);
  }
  EXPECT_THAT(Get(server_->port(), "/ping"), EndsWith("OK"));
  for (const int connection : quiet) {
    char byte;
    EXPECT_EQ(recv(connection, &byte, 1, MSG_DONTWAIT), -1)
        << "it was answered only after the server had given one of them up";
    EXPECT_EQ(errno, EAGAIN);
    close(connection);
  }
}

TEST_F(HttpServerTest, ReadyIsAnsweredApartFromPing) {
  EXPECT_THAT(Get(server_->port(), "/ready"),
              AllOf(StartsWith("HTTP/1.1 200"), EndsWith("\r\n\r\nOK")));
  ready_ = false;
  EXPECT_THAT(
      Get(server_->port(), "/ready"),
      AllOf(StartsWith("HTTP/1.1 503"), EndsWith("\r\n\r\nNOK - draining")));
  EXPECT_THAT(Get(server_->port(), "/ping"), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, InfoIsAskedForEachTime) {
  EXPECT_THAT(Get(server_->port(), "/info"),
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("application/json"),
                    EndsWith("\r\n\r\n{\"version\":\"1.2.3\"}")));
}

TEST_F(HttpServerTest, PagesGetTheirParametersDecoded) {
  EXPECT_THAT(Get(server_->port(), "/echo?text=a%20b%23c"),
              AllOf(StartsWith("HTTP/1.1 200"), EndsWith("\r\n\r\na b#c")));
  EXPECT_THAT(Get(server_->port(), "/echo"),
              AllOf(StartsWith("HTTP/1.1 400"), EndsWith("is missing\"}")));
}

TEST_F(HttpServerTest, UnknownPathsAreNotFoundAndTheOthersNamed) {
  EXPECT_THAT(Get(server_->port(), "/nothing"),
              AllOf(StartsWith("HTTP/1.1 404"),
                    HasSubstr("/echo, /ping, /ready, /info")));
}

TEST_F(HttpServerTest, ABusyPortIsNamed) {
  const auto second = HttpServer::Listen("127.0.0.1", server_->port());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()),
              AllOf(HasSubstr(absl::StrCat("port ", server_->port())),
                    HasSubstr("--http-address")));
}

TEST_F(HttpServerTest, StopEndsAndMayBeRepeated) {
  server_->Stop();
  server_->Stop();
  EXPECT_EQ(Get(server_->port(), "/ping"), "");
}

TEST(HttpServer, MayBeDroppedBeforeItServes) {
  EXPECT_TRUE(HttpServer::Listen("127.0.0.1", 0).ok());
}

}  // namespace
}  // namespace sluice
