// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_FAULTS_IDLE_STREAMS_H_
#define SLUICE_TESTS_FAULTS_IDLE_STREAMS_H_

#include <memory>
#include <string>

namespace sluice {

// Thousands of subscribers that are told they are open and then do nothing,
// without a thread for each.
class IdleStreams {
 public:
  IdleStreams(const std::string& address, const std::string& topic,
              const std::string& channel, int count, int per_connection);
  // Cancels all.
  ~IdleStreams();

  // False when one was refused, or was not open in good time.
  bool WaitUntilOpened();

 private:
  struct Streams;
  const std::unique_ptr<Streams> streams_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_FAULTS_IDLE_STREAMS_H_
