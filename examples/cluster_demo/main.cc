// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Publishes lines, or collects them, on whatever nodes the lookup servers name:
//
//   cluster_demo produce LOOKUP,LOOKUP TOPIC PER_SECOND    < lines
//   cluster_demo consume LOOKUP,LOOKUP TOPIC CHANNEL LINES > lines
//
// `produce` ends when every line is acknowledged, `consume` when it has seen so
// many different lines, or nothing new for 20 s.
#include <cstdio>
#include <iostream>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/client_options.h"
#include "client/cluster_connection.h"
#include "client/consumer.h"
#include "client/consumer_options.h"
#include "client/producer.h"
#include "client/producer_options.h"

namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "cluster_demo: %s\n", status.ToString().c_str());
  return 1;
}

int Produce(std::shared_ptr<sluice::ClusterConnection> connection,
            const std::string& topic, int per_second) {
  auto producer = sluice::Producer::Create(std::move(connection),
                                           sluice::ProducerOptions());
  if (!producer.ok()) return Fail(producer.status());
  absl::Mutex mu;
  absl::Status first_error;
  std::string line;
  while (std::getline(std::cin, line)) {
    sluice::OutgoingMessage message;
    message.body = line;
    (*producer)->Publish(topic, std::move(message), [&](const auto& published) {
      absl::MutexLock lock(&mu);
      if (!published.ok() && first_error.ok()) first_error = published.status();
    });
    absl::SleepFor(absl::Seconds(1) / per_second);
  }
  const absl::Status closed = (*producer)->Close(absl::Seconds(40));
  if (!closed.ok()) return Fail(closed);
  absl::MutexLock lock(&mu);
  return first_error.ok() ? 0 : Fail(first_error);
}

// Prints each line once.
class Collection {
 public:
  explicit Collection(size_t expected) : expected_(expected) {}

  sluice::HandlerResult Take(const sluice::Message& message) {
    absl::MutexLock lock(&mu_);
    ++received_;
    if (lines_.insert(message.body).second) {
      std::printf("%s\n", message.body.c_str());
      last_news_ = absl::Now();
    }
    return sluice::HandlerResult::Finish();
  }

  // Until all is there, or nothing new came for long.
  void Wait() {
    const auto complete = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return lines_.size() >= expected_;
    };
    absl::MutexLock lock(&mu_);
    while (!complete() && absl::Now() < last_news_ + kPatience) {
      mu_.AwaitWithTimeout(absl::Condition(&complete), absl::Seconds(1));
    }
    std::fprintf(stderr, "%zu lines in %zu deliveries\n", lines_.size(),
                 received_);
  }

 private:
  const size_t expected_;
  absl::Mutex mu_;
  std::set<std::string> lines_ ABSL_GUARDED_BY(mu_);
  size_t received_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Time last_news_ ABSL_GUARDED_BY(mu_) = absl::Now();
};

int Consume(std::shared_ptr<sluice::ClusterConnection> connection,
            const std::string& topic, const std::string& channel,
            size_t lines) {
  Collection collection(lines);
  sluice::ConsumerOptions options;
  options.topic = topic;
  options.channel = channel;
  auto consumer = sluice::Consumer::Create(
      std::move(connection), options,
      [&](const sluice::Message& message) { return collection.Take(message); });
  if (!consumer.ok()) return Fail(consumer.status());
  collection.Wait();
  const absl::Status stopped = (*consumer)->Stop(absl::Seconds(10));
  return stopped.ok() ? 0 : Fail(stopped);
}

int Usage() {
  std::fputs(
      "cluster_demo produce LOOKUPS TOPIC PER_SECOND\n"
      "cluster_demo consume LOOKUPS TOPIC CHANNEL LINES\n",
      stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  int number = 0;
  if (argc < 5 || !absl::SimpleAtoi(argv[argc - 1], &number) || number < 1) {
    return Usage();
  }
  sluice::ClientOptions options;
  options.lookup_addresses = absl::StrSplit(argv[2], ',');
  options.lookup_poll_interval = absl::Seconds(1);
  auto connection = sluice::ClusterConnection::Create(options);
  if (!connection.ok()) return Fail(connection.status());
  if (verb == "produce" && argc == 5) {
    return Produce(*connection, argv[3], number);
  }
  if (verb == "consume" && argc == 6) {
    return Consume(*connection, argv[3], argv[4], static_cast<size_t>(number));
  }
  return Usage();
}
