// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_HTTP_SENDER_H_
#define SLUICE_CLI_HTTP_SENDER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "cli/http_target.h"

namespace httplib {
class Client;
}  // namespace httplib

namespace sluice {

// Sends bodies to one URL, over connections that are kept and used again, as
// many as there are callers at once. Thread-safe; calls block.
class HttpSender {
 public:
  struct Options {
    bool post = true;  // otherwise GET, with the body in the URL
    std::string content_type = "application/octet-stream";
    std::vector<std::pair<std::string, std::string>> headers;
    absl::Duration connect_timeout = absl::Seconds(2);
    absl::Duration timeout = absl::Seconds(20);  // of the answer
  };

  HttpSender(HttpTarget target, const Options& options);
  ~HttpSender();
  HttpSender(const HttpSender&) = delete;
  HttpSender& operator=(const HttpSender&) = delete;

  // OK for an answer 2xx. UNAVAILABLE for any other and when there is none,
  // with the answer's status or the reason. Redirections are not followed.
  absl::Status Send(const std::string& body) ABSL_LOCKS_EXCLUDED(mu_);

  const HttpTarget& target() const { return target_; }

 private:
  std::unique_ptr<httplib::Client> Take() ABSL_LOCKS_EXCLUDED(mu_);
  void PutBack(std::unique_ptr<httplib::Client> client)
      ABSL_LOCKS_EXCLUDED(mu_);

  const HttpTarget target_;
  const Options options_;
  absl::Mutex mu_;
  std::vector<std::unique_ptr<httplib::Client>> idle_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_CLI_HTTP_SENDER_H_
