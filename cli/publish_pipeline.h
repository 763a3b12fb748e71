// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_PUBLISH_PIPELINE_H_
#define SLUICE_CLI_PUBLISH_PIPELINE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/connection.h"
#include "cli/stop_signal.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {

// Publishes batches on one stream without waiting for answers, up to a bound
// on what is unanswered. The first refusal, and the end of the stream, stop the
// verb through its StopSignal: nothing more is sent then.
//
// Send and Finish belong to one thread.
class PublishPipeline {
 public:
  // A batch that was refused as a whole.
  struct Refusal {
    absl::Status status;
    std::vector<uint64_t> records;
  };

  struct End {
    uint64_t published = 0;  // messages
    std::vector<Refusal> refusals;
    // Sent and not answered: may or may not have been published. In order.
    std::vector<uint64_t> unanswered;
    // What the stream ended with.
    absl::Status status;
  };

  // Opens the stream.
  PublishPipeline(const Connection& connection, StopSignal* stop);
  ~PublishPipeline();

  // Sends a batch; `records` tells for each message which record of the input
  // it is. Waits while too much is unanswered. False, with nothing sent, once
  // it is time to stop.
  bool Send(v1::PublishRequest batch, std::vector<uint64_t> records);

  // Messages answered so far.
  uint64_t published() const;

  // Waits for what is unanswered and ends the stream. Call it once, last.
  End Finish();

 private:
  class Stream;
  std::unique_ptr<Stream> stream_;
};

// For people, as `record 17: <text> [REASON]`. Names the record at fault when
// the node did, and otherwise the range of the batch.
std::string RefusalText(const PublishPipeline::Refusal& refusal);

}  // namespace sluice

#endif  // SLUICE_CLI_PUBLISH_PIPELINE_H_
