// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_RECORD_PUBLISHER_H_
#define SLUICE_CLI_RECORD_PUBLISHER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/pacer.h"
#include "cli/progress.h"
#include "cli/publish_batch.h"
#include "cli/publish_pipeline.h"
#include "cli/stop_signal.h"
#include "client/publication.h"

namespace sluice {

// Makes messages of records, puts them together to batches and hands those to a
// pipeline, at the rate asked for. Shows progress. One thread only; owns none
// of what it is given.
class RecordPublisher {
 public:
  struct Options {
    std::string topic;
    PublishDurability durability = PublishDurability::kTopicDefault;
    std::map<std::string, std::string> attributes;  // of each message
    absl::Duration delay;                           // likewise
    std::optional<double> rate;                     // messages per second
    PublishBatch::Limits batch;
  };

  RecordPublisher(const Options& options, PublishPipeline* pipeline,
                  Progress* progress, StopSignal* stop);

  // Publishes a record, soon; it waits for others to travel with until Flush or
  // Tick. `number` says which of the input it is. All of these are false when
  // it is time to stop.
  bool Add(absl::string_view record, uint64_t number);
  bool Flush();
  // Flushes and looks after what was sent: a few times a second while nothing
  // comes.
  bool Tick();

  // Nothing waits for others.
  bool empty() const { return batch_.empty(); }

  // How often Tick wants to be called.
  static constexpr absl::Duration kTick = absl::Milliseconds(500);

 private:
  bool AwaitTurn();

  PublishPipeline& pipeline_;
  Progress& progress_;
  StopSignal& stop_;
  PublishBatch batch_;
  std::optional<Pacer> pacer_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_RECORD_PUBLISHER_H_
