// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/http_sender.h"

#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "httplib.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;

// A server that writes down the last request, and answers as it is told.
class HttpSenderTest : public ::testing::Test {
 protected:
  HttpSenderTest() {
    const auto answer = [this](const httplib::Request& request,
                               httplib::Response& response) {
      request_ = request;
      response.status = status_;
    };
    server_.Post("/.*", answer);
    server_.Get("/.*", answer);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~HttpSenderTest() override {
    server_.stop();
    thread_.join();
  }

  HttpTarget Target(const std::string& path) const {
    return *HttpTarget::Parse(absl::StrCat("http://127.0.0.1:", port_, path));
  }

  httplib::Server server_;
  int port_ = 0;
  int status_ = 200;
  httplib::Request request_;
  std::thread thread_;
};

TEST_F(HttpSenderTest, PostsBodiesAsTheyAre) {
  HttpSender::Options options;
  options.content_type = "text/x-test";
  options.headers = {{"X-One", "1"}, {"X-Two", "2"}};
  HttpSender sender(Target("/in?a=b"), options);
  const std::string body("a\0\xff\n", 4);
  ASSERT_TRUE(sender.Send(body).ok());
  EXPECT_EQ(request_.method, "POST");
  EXPECT_EQ(request_.target, "/in?a=b");
  EXPECT_EQ(request_.body, body);
  EXPECT_EQ(request_.get_header_value("Content-Type"), "text/x-test");
  EXPECT_EQ(request_.get_header_value("X-Two"), "2");
  EXPECT_TRUE(sender.Send("").ok());
}

TEST_F(HttpSenderTest, GetsWithTheBodyInTheUrl) {
  HttpSender::Options options;
  options.post = false;
  HttpSender sender(Target("/get?m=%s"), options);
  ASSERT_TRUE(sender.Send("a b/&").ok());
  EXPECT_EQ(request_.method, "GET");
  EXPECT_EQ(request_.get_param_value("m"), "a b/&");
}

TEST_F(HttpSenderTest, TakesOnly2xxForSuccess) {
  HttpSender sender(Target("/"), {});
  status_ = 204;
  EXPECT_TRUE(sender.Send("x").ok());
  for (const int status : {301, 404, 500}) {
    status_ = status;
    EXPECT_THAT(std::string(sender.Send("x").message()),
                HasSubstr(absl::StrCat("answered ", status)));
  }
}

TEST_F(HttpSenderTest, FailsWithoutAServer) {
  HttpSender sender(*HttpTarget::Parse("http://127.0.0.1:9/"), {});
  EXPECT_EQ(sender.Send("x").code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace sluice
