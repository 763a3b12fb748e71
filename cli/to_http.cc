// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/to_http.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "cli/cluster.h"
#include "cli/error_text.h"
#include "cli/feed.h"
#include "cli/feed_run.h"
#include "cli/flag_value.h"
#include "cli/host_pool.h"
#include "cli/http_sender.h"
#include "cli/http_target.h"
#include "cli/stop_signal.h"

namespace sluice {
namespace {

struct ToHttpFlags {
  FeedFlags feed;
  std::vector<std::string> post;
  std::vector<std::string> get;
  // None: every message to every URL.
  std::optional<HostPool::Mode> mode = HostPool::Mode::kHostPool;
  HttpSender::Options sender;
};

// Carries messages to the servers. Thread-safe.
class Sending {
 public:
  Sending(const std::vector<HttpTarget>& targets, const ToHttpFlags& flags)
      : to_all_(!flags.mode.has_value()),
        pool_(targets.size(), flags.mode.value_or(HostPool::Mode::kRoundRobin),
              Clock::Real(),
              [this] { return absl::Uniform(random_, 0.0, 1.0); }) {
    for (const HttpTarget& target : targets) {
      senders_.push_back(std::make_unique<HttpSender>(target, flags.sender));
    }
  }

  HandlerResult Handle(const Message& message) {
    const absl::Status status =
        to_all_ ? SendToAll(message.body) : SendToOne(message.body);
    if (status.ok()) {
      ++counts_.done;
      return HandlerResult::Finish();
    }
    ++counts_.failed;
    NoteOnce(status);
    return HandlerResult::Requeue();
  }

  const FeedCounts& counts() const { return counts_; }

 private:
  absl::Status SendToOne(const std::string& body) ABSL_LOCKS_EXCLUDED(mu_) {
    size_t host = 0;
    {
      const absl::MutexLock lock(&mu_);
      host = pool_.Pick();
    }
    const SteadyTime begin = Clock::Real().SteadyNow();
    const absl::Status status = senders_[host]->Send(body);
    const absl::MutexLock lock(&mu_);
    pool_.Report(host, status.ok(), Clock::Real().SteadyNow() - begin);
    return status;
  }

  // One that fails has the message sent to all again.
  absl::Status SendToAll(const std::string& body) {
    absl::Status first;
    for (const std::unique_ptr<HttpSender>& sender : senders_) {
      const absl::Status status = sender->Send(body);
      if (first.ok()) first = status;
    }
    return first;
  }

  // A server that is away would otherwise fill the screen.
  void NoteOnce(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mu_) {
    const absl::MutexLock lock(&mu_);
    if (status == last_noted_) return;
    last_noted_ = status;
    PrintNote(absl::StrCat(ErrorText(status), "; trying again"));
  }

  const bool to_all_;
  std::vector<std::unique_ptr<HttpSender>> senders_;
  FeedCounts counts_;

  absl::Mutex mu_;
  absl::BitGen random_ ABSL_GUARDED_BY(mu_);
  HostPool pool_ ABSL_GUARDED_BY(mu_);
  absl::Status last_noted_ ABSL_GUARDED_BY(mu_);
};

absl::StatusOr<std::vector<HttpTarget>> Targets(const ToHttpFlags& flags) {
  if (flags.post.empty() == flags.get.empty()) {
    return absl::InvalidArgumentError(
        "give URLs with --post or with --get, and not with both");
  }
  std::vector<HttpTarget> targets;
  for (const std::string& url : flags.post.empty() ? flags.get : flags.post) {
    SLUICE_ASSIGN_OR_RETURN(HttpTarget target, HttpTarget::Parse(url));
    if (flags.post.empty() && !target.takes_body()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--get: \"", url, "\" needs a %s where the body is to go"));
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

ExitCode RunToHttp(ToHttpFlags flags, const Settings& settings) {
  absl::Status valid = CheckFeedFlags(flags.feed);
  if (!valid.ok()) return ReportStatus(valid);
  const auto targets = Targets(flags);
  if (!targets.ok()) return ReportStatus(targets.status());
  flags.sender.post = !flags.post.empty();
  StopSignal stop({settings.timeout});
  const auto cluster = OpenCluster(settings);
  if (!cluster.ok()) return ReportStatus(cluster.status());
  Sending sending(*targets, flags);
  Feed feed(flags.feed, settings, Clock::Real(), [&](ConsumerOptions options) {
    return Consumer::Create(
        *cluster, std::move(options),
        [&sending](const Message& message) { return sending.Handle(message); });
  });
  return RunFeed(&feed, sending.counts(), "sent", settings, stop);
}

absl::StatusOr<std::pair<std::string, std::string>> ParseHeader(
    absl::string_view text) {
  const size_t colon = text.find(':');
  const absl::string_view name = text.substr(0, colon);
  const bool clean = text.find_first_of("\r\n") == absl::string_view::npos;
  if (colon == absl::string_view::npos || name.empty() || !clean) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not of the form \"Name: value\""));
  }
  return std::make_pair(
      std::string(name),
      std::string(absl::StripAsciiWhitespace(text.substr(colon + 1))));
}

void AddUrlFlags(Command verb, ToHttpFlags* flags) {
  verb.AddRepeatedFlag("--post", "URL", "POST bodies there; repeatable",
                       AppendTo(&flags->post));
  verb.AddRepeatedFlag("--get", "URL",
                       "GET this, with the body for %s, escaped; repeatable",
                       AppendTo(&flags->get));
  verb.AddFlag("--mode", "round-robin|hostpool|epsilon-greedy|all",
               "With several URLs: in turn; in turn while they work; mostly "
               "the fastest; or each message to all [hostpool]",
               [flags](const std::string& text) {
                 if (text == "all") {
                   flags->mode.reset();
                   return absl::OkStatus();
                 }
                 const auto mode = ParsePoolMode(text);
                 if (mode.ok()) flags->mode = *mode;
                 return mode.status();
               });
}

void AddRequestFlags(Command verb, ToHttpFlags* flags) {
  HttpSender::Options* sender = &flags->sender;
  verb.AddFlag("--content-type", "TYPE", "Of a POST [application/octet-stream]",
               Into(&sender->content_type));
  verb.AddRepeatedFlag(
      "--header", "NAME: VALUE", "A further header of each request; repeatable",
      [sender](const std::string& text) {
        SLUICE_ASSIGN_OR_RETURN(auto header, ParseHeader(text));
        sender->headers.push_back(std::move(header));
        return absl::OkStatus();
      });
  verb.AddFlag("--connect-timeout", "D", "For a connection [2s]",
               Into(&sender->connect_timeout, ParsePositiveDuration));
  verb.AddFlag("--request-timeout", "D", "For an answer [20s]",
               Into(&sender->timeout, ParsePositiveDuration));
  ConsumerOptions* consumer = &flags->feed.consumer;
  verb.AddFlag("--workers", "N", "Requests at once, for each topic [16]",
               [consumer](const std::string& text) {
                 const auto workers = ParsePositiveUint32(text);
                 if (!workers.ok()) return workers.status();
                 if (*workers > 1000) {
                   return absl::InvalidArgumentError("at most 1000");
                 }
                 consumer->workers = static_cast<int>(*workers);
                 return absl::OkStatus();
               });
  verb.AddFlag("--sample", "PERCENT",
               "Send so many of 100 messages, and finish the others [100]",
               [consumer](const std::string& text) {
                 const auto percent = ParsePositiveUint32(text);
                 if (!percent.ok()) return percent.status();
                 if (*percent > 100) {
                   return absl::InvalidArgumentError("at most 100");
                 }
                 consumer->sample_percent = *percent;
                 return absl::OkStatus();
               });
}

}  // namespace

void AddToHttp(Command root, const Settings& settings) {
  const auto flags = std::make_shared<ToHttpFlags>();
  flags->feed.consumer.channel = "to-http";
  flags->feed.consumer.workers = 16;
  flags->feed.consumer.default_requeue_delay = absl::Seconds(5);
  flags->feed.consumer.max_requeue_delay = absl::Minutes(2);
  Command verb = root.AddCommand("to-http", "Send messages to HTTP servers");
  verb.AddDetails(
      "An answer 2xx finishes a message. Any other, or none, gives it back, "
      "to\n"
      "come again later, and slows down, more with each failure.");
  AddFeedFlags(verb, &flags->feed);
  AddUrlFlags(verb, flags.get());
  AddRequestFlags(verb, flags.get());
  verb.AddExample(
      "sluice to-http orders --post=http://shop.example/in "
      "--content-type=application/json");
  verb.AddExample("sluice to-http hits --get='http://a.example/count?url=%s'");
  verb.Run([flags, &settings] { return RunToHttp(*flags, settings); });
}

}  // namespace sluice
