// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_CONFORMANCE_PUBLISHER_SESSION_H_
#define SLUICE_TESTS_CONFORMANCE_PUBLISHER_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "sluice/v1/publisher.pb.h"
#include "tests/conformance/client.h"

namespace sluice {

// One PublishStream, with a thread that reads the results. The Expect calls
// wait up to kPatience and fail the test when what must come does not.
//
// Requests may be sent from one thread at a time.
class PublisherSession {
 public:
  enum class Reading { kNow, kLater };
  // kLater: reads nothing until StartReading().
  explicit PublisherSession(NodeClient& client,
                            Reading reading = Reading::kNow);
  // Cancels a stream that has not ended.
  ~PublisherSession();
  PublisherSession(const PublisherSession&) = delete;
  PublisherSession& operator=(const PublisherSession&) = delete;

  // False when the stream has ended. Blocks while the node does not read.
  bool Send(uint64_t correlation_id, const v1::PublishRequest& publish);
  bool Send(const v1::PublishStreamRequest& request);
  void HalfClose();
  void Cancel();
  void StartReading();

  // The result of one request; waits for it whatever else comes first.
  v1::PublishResult ExpectResult(uint64_t correlation_id);
  // The next results, in the order they came.
  std::vector<v1::PublishResult> ExpectResults(size_t count);
  // What results there are; waits for one while the stream stands, at most
  // this long.
  std::vector<v1::PublishResult> TakeResults(absl::Duration patience);
  Outcome ExpectEnd();
  size_t waiting_results() const;

 private:
  struct Stream;
  const std::unique_ptr<Stream> stream_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_CONFORMANCE_PUBLISHER_SESSION_H_
