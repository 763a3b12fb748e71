// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/http_sender.h"

#include "absl/strings/str_cat.h"
#include "httplib.h"

namespace sluice {

HttpSender::HttpSender(HttpTarget target, const Options& options)
    : target_(std::move(target)), options_(options) {}

HttpSender::~HttpSender() = default;

std::unique_ptr<httplib::Client> HttpSender::Take() {
  {
    const absl::MutexLock lock(&mu_);
    if (!idle_.empty()) {
      std::unique_ptr<httplib::Client> client = std::move(idle_.back());
      idle_.pop_back();
      return client;
    }
  }
  auto client = std::make_unique<httplib::Client>(target_.origin());
  client->set_keep_alive(true);
  client->set_connection_timeout(
      absl::ToChronoMilliseconds(options_.connect_timeout));
  client->set_read_timeout(absl::ToChronoMilliseconds(options_.timeout));
  client->set_write_timeout(absl::ToChronoMilliseconds(options_.timeout));
  // What is in a URL is escaped already.
  client->set_url_encode(false);
  return client;
}

void HttpSender::PutBack(std::unique_ptr<httplib::Client> client) {
  const absl::MutexLock lock(&mu_);
  idle_.push_back(std::move(client));
}

absl::Status HttpSender::Send(const std::string& body) {
  httplib::Headers headers(options_.headers.begin(), options_.headers.end());
  std::unique_ptr<httplib::Client> client = Take();
  const httplib::Result result =
      options_.post
          ? client->Post(target_.path(), headers, body, options_.content_type)
          : client->Get(target_.PathFor(body), headers);
  if (!result) {
    return absl::UnavailableError(absl::StrCat(
        target_.origin(), ": no answer: ", httplib::to_string(result.error())));
  }
  PutBack(std::move(client));
  if (result->status >= 200 && result->status < 300) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(target_.origin(), ": answered ", result->status));
}

}  // namespace sluice
