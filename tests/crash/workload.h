// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CRASH_WORKLOAD_H_
#define SLUICE_TESTS_CRASH_WORKLOAD_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "sluice/v1/types.pb.h"
#include "tests/conformance/client.h"
#include "tests/conformance/subscriber_session.h"
#include "tests/crash/judge.h"

namespace sluice {

// Clients of one topic through all lives of a node, and the history of what
// they saw. Publishers, unary and on a stream, write at one level of
// durability; consumers finish most, requeue some, with a delay or without, and
// sit on others. One channel has a lone consumer that takes one at a time.
// Another gives messages up after a few attempts, which it does with each that
// nobody there ever finishes, and the dead letters are consumed, too.
class Workload {
 public:
  explicit Workload(v1::Durability level);

  const std::string& topic() const { return topic_; }

  // Makes the topic, the one for its dead letters, and the channels. Once.
  void Create(NodeClient& client);

  // Adds threads that work until the node dies.
  void Start(const std::string& address, std::mt19937& random,
             std::vector<std::thread>* threads);
  // The node is about to be killed; or to be stopped, which excuses nothing.
  void NoteKill();
  void NoteStop();

  // Finishes whatever is left, and has the node count it.
  void Drain(const std::string& address, std::mt19937& random);
  Verdict Judge() const;

 private:
  // A batch, and the keys of its messages.
  struct Batch {
    v1::PublishRequest request;
    std::vector<uint64_t> keys;
  };

  Batch NextBatch(std::mt19937& random);
  void NoteInvoked(const Batch& batch);
  void NoteAnswer(const Batch& batch, const v1::PublishResponse& response);
  void PublishUnary(const std::string& address, uint32_t seed);
  void PublishStream(const std::string& address, uint32_t seed);
  const std::string& TopicOf(const std::string& channel) const;
  // What `channel` holds, in any state.
  uint64_t LeftOn(NodeClient& client, const std::string& channel) const;
  // Until the stream ends or `done`.
  void Consume(const std::string& address, const std::string& channel,
               uint32_t seed, const std::function<bool()>& done);

  const v1::Durability level_;
  const std::string topic_;
  const std::string letters_topic_;

  History history_;
  std::atomic<bool> over_{false};
  std::atomic<uint64_t> last_key_{0};
  std::atomic<uint64_t> last_client_{0};

  absl::Mutex mu_;
  // Requests that a crash left without an answer: sent again, as they were.
  std::vector<Batch> unanswered_ ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CRASH_WORKLOAD_H_
