// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_PUBLISH_PIPELINE_H_
#define SLUICE_CLI_PUBLISH_PIPELINE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "cli/stop_signal.h"
#include "client/cluster_connection.h"
#include "client/producer.h"
#include "client/publication.h"

namespace sluice {

// Publishes batches with a Producer, without waiting for answers, up to a bound
// on what is unanswered. What fails for a reason that may pass is tried again,
// on the same node or another, and told; what is refused for good ends it
// through the StopSignal, and nothing more is sent then.
//
// Send, Check and Finish belong to one thread.
class PublishPipeline {
 public:
  struct Options {
    // When something is unanswered and nothing is answered for so long, it is
    // over. At most kLongestGiveUp.
    absl::Duration give_up_after = absl::Seconds(30);
    // As ProducerOptions has it.
    bool add_dedup_ids = true;
  };
  // Below the nodes' dedup window (5 minutes), within which what is sent again
  // is stored once.
  static constexpr absl::Duration kLongestGiveUp = absl::Minutes(4);

  // Tells people, on the thread of the caller of Send, Check and Finish.
  using Note = std::function<void(const std::string& text)>;

  // A batch that was refused as a whole.
  struct Refusal {
    absl::Status status;
    std::vector<uint64_t> records;
  };

  // Records of the input, the first and the last of batches that follow each
  // other.
  struct Range {
    uint64_t first = 0;
    uint64_t last = 0;
  };

  struct End {
    uint64_t published = 0;  // messages
    std::vector<Refusal> refusals;
    // Without an answer: may or may not have been published.
    uint64_t unanswered = 0;  // messages
    std::vector<Range> unanswered_ranges;
    // Why it was given up; OK when it was not.
    absl::Status status;
  };

  // Does not wait for any node. `stop` must outlive it.
  static absl::StatusOr<std::unique_ptr<PublishPipeline>> Create(
      std::shared_ptr<ClusterConnection> cluster, const Options& options,
      StopSignal* stop, Note note);
  ~PublishPipeline();
  PublishPipeline(const PublishPipeline&) = delete;
  PublishPipeline& operator=(const PublishPipeline&) = delete;

  // Sends a batch; `records` tells for each message which record of the input
  // it is. Waits while too much is unanswered. False, with nothing sent, once
  // it is time to stop.
  bool Send(OutgoingBatch batch, std::vector<uint64_t> records)
      ABSL_LOCKS_EXCLUDED(mu_);

  // To be called a few times a second while there is nothing to send: tells
  // what there is to tell, and notices that it is time to give up. False once
  // it is time to stop.
  bool Check() ABSL_LOCKS_EXCLUDED(mu_);

  // Messages answered so far.
  uint64_t published() const ABSL_LOCKS_EXCLUDED(mu_);

  // Waits for what is unanswered, though only for a moment after an
  // interruption. Call it once, last.
  End Finish() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Batch {
    std::vector<uint64_t> records;
    size_t bytes = 0;
  };

  PublishPipeline(const Options& options, StopSignal* stop, Note note);

  // On the connection's thread.
  void OnAnswer(uint64_t number, const absl::Status& status)
      ABSL_LOCKS_EXCLUDED(mu_);
  void OnNodeError(const std::string& node, const absl::Status& status)
      ABSL_LOCKS_EXCLUDED(mu_);

  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mu_);
  bool IsOver() const ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return cut_ || unanswered_.empty();
  }
  // Waits until `done`, telling and giving up meanwhile; giving up makes all
  // done.
  void Await(bool (PublishPipeline::*done)() const)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Not under the lock while it tells.
  void TellNews() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void GiveUpIfDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Duration Rest() const ABSL_SHARED_LOCKS_REQUIRED(mu_);
  void Erase(std::map<uint64_t, Batch>::iterator batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Options options_;
  StopSignal& stop_;
  const Note note_;

  mutable absl::Mutex mu_;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;  // nothing more is sent
  bool cut_ ABSL_GUARDED_BY(mu_) = false;      // nor waited for
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  uint64_t last_number_ ABSL_GUARDED_BY(mu_) = 0;
  // By number, which is the order in which they were sent.
  std::map<uint64_t, Batch> unanswered_ ABSL_GUARDED_BY(mu_);
  size_t unanswered_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  SteadyTime waiting_since_ ABSL_GUARDED_BY(mu_);
  // What went wrong since the last answer, and what of it nobody was told yet.
  absl::Status last_error_ ABSL_GUARDED_BY(mu_);
  std::vector<std::pair<std::string, absl::Status>> news_ ABSL_GUARDED_BY(mu_);
  End end_ ABSL_GUARDED_BY(mu_);

  // Ends first: it calls on all of the above.
  std::unique_ptr<Producer> producer_;
};

// For people, as `record 17: <text> [REASON]`. Names the record at fault when
// the node did, and otherwise the range of the batch.
std::string RefusalText(const PublishPipeline::Refusal& refusal);

// For people, what was not answered: how much and which records.
std::string UnansweredText(const PublishPipeline::End& end);

}  // namespace sluice

#endif  // SLUICE_CLI_PUBLISH_PIPELINE_H_
