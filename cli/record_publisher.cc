// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/record_publisher.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace sluice {

RecordPublisher::RecordPublisher(const Options& options,
                                 PublishPipeline* pipeline, Progress* progress,
                                 StopSignal* stop)
    : pipeline_(*pipeline),
      progress_(*progress),
      stop_(*stop),
      batch_(options.topic, options.durability, options.attributes,
             options.delay, options.batch) {
  if (options.rate.has_value()) pacer_.emplace(*options.rate, Clock::Real());
}

bool RecordPublisher::Add(absl::string_view record, uint64_t number) {
  if (!AwaitTurn()) return false;
  if (!batch_.HasRoomFor(record.size()) && !Flush()) return false;
  batch_.Add(record, number);
  return batch_.HasRoomFor(0) || Flush();
}

bool RecordPublisher::Flush() {
  if (batch_.empty()) return true;
  progress_.Update(pipeline_.published());
  std::vector<uint64_t> records = batch_.TakeRecords();
  return pipeline_.Send(batch_.TakeBatch(), std::move(records));
}

bool RecordPublisher::Tick() {
  progress_.Update(pipeline_.published());
  return Flush() && pipeline_.Check();
}

bool RecordPublisher::AwaitTurn() {
  if (!pacer_.has_value()) return true;
  while (true) {
    const absl::Duration wait = pacer_->Wait();
    if (wait <= absl::ZeroDuration()) break;
    if (!Tick()) return false;
    stop_.Wait(std::min(wait, kTick));
    if (stop_.stopped()) return false;
  }
  pacer_->Take();
  return true;
}

}  // namespace sluice
