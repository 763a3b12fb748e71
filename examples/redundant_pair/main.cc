// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// A redundant pair: each message is stored on two nodes, so that either may be
// lost, and worked on once.
//
//   redundant_pair ADDRESS ADDRESS [COUNT]     default COUNT 1000
//
// The producer publishes each message to both under one id, which travels with
// it as the attribute sluice-dedup-id. The consumer receives from both, and
// drops whichever copy comes second. While one node is away the other goes on
// alone: required_copies is 1. Two limits to know: what only the lost node had
// is lost (here messages that were published while the other was away), and
// the consumer's memory is its own, so all copies of a message must come to the
// same consumer, or to ones that share what they have done.
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cluster_connection.h"
#include "client/consumer.h"
#include "client/producer.h"

namespace {

// The bodies that were worked on. Thread-safe.
class Ledger {
 public:
  void Enter(const std::string& body) {
    const absl::MutexLock lock(&mu_);
    if (!bodies_.insert(body).second) ++repeated_;
  }
  size_t size() const {
    const absl::MutexLock lock(&mu_);
    return bodies_.size();
  }
  int repeated() const {
    const absl::MutexLock lock(&mu_);
    return repeated_;
  }

 private:
  mutable absl::Mutex mu_;
  std::set<std::string> bodies_ ABSL_GUARDED_BY(mu_);
  int repeated_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: redundant_pair ADDRESS ADDRESS [COUNT]" << std::endl;
    return 2;
  }
  const uint64_t count = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1000;
  sluice::ClientOptions client;
  client.addresses = {argv[1], argv[2]};
  const auto connection = sluice::ClusterConnection::Create(client);
  if (!connection.ok()) {
    std::cerr << connection.status().message() << std::endl;
    return 2;
  }

  sluice::ConsumerOptions consumer_options;
  consumer_options.topic = "pair";
  consumer_options.channel = "work";
  consumer_options.dedup_window = 100'000;
  Ledger ledger;
  const auto consumer = sluice::Consumer::Create(
      *connection, consumer_options, [&ledger](const sluice::Message& message) {
        ledger.Enter(message.body);
        return sluice::HandlerResult::Finish();
      });

  sluice::ProducerOptions producer_options;
  producer_options.copies = 2;
  producer_options.required_copies = 1;
  const auto producer = sluice::Producer::Create(*connection, producer_options);
  std::atomic<int> failed{0};
  for (uint64_t i = 0; i < count; ++i) {
    sluice::OutgoingMessage message;
    message.body = std::to_string(i);
    (*producer)->Publish("pair", message, [&failed](const auto& published) {
      if (!published.ok()) ++failed;
    });
    // As work that comes over time.
    if (i % 100 == 99) absl::SleepFor(absl::Milliseconds(50));
  }
  if (!(*producer)->Close(absl::Seconds(60)).ok()) return 1;
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (ledger.size() < count && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  const absl::Status stopped = (*consumer)->Stop(absl::Seconds(10));
  std::cout << count << " published, " << failed << " failed, " << ledger.size()
            << " worked on, " << ledger.repeated() << " twice, "
            << (*consumer)->stats().duplicates << " second copies dropped"
            << std::endl;
  const bool good = failed == 0 && ledger.size() == count;
  return stopped.ok() && good && ledger.repeated() == 0 ? 0 : 1;
}
