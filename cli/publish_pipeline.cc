// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publish_pipeline.h"

#include <algorithm>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "cli/error_text.h"
#include "client/publish_verdict.h"

namespace sluice {
namespace {

// Enough to keep a node busy over a network; a bound on memory as well.
constexpr size_t kMaxUnansweredBatches = 64;
constexpr size_t kMaxUnansweredBytes = 16 << 20;

// What is on its way when it is interrupted may be answered within this. It is
// within the grace that StopSignal gives.
constexpr absl::Duration kLastMoment = absl::Milliseconds(300);

// Of nodes that have trouble at once; more is not told.
constexpr size_t kMaxNews = 100;
constexpr size_t kMaxRangesTold = 10;

SteadyTime Now() { return Clock::Real().SteadyNow(); }

ProducerOptions ProducerOptionsFor(const PublishPipeline::Options& options) {
  ProducerOptions producer;
  // The pipeline says when it is over. This is only how long one batch may be
  // tried while others are answered.
  producer.publish_timeout = PublishPipeline::kLongestGiveUp;
  // A node that is silent must be left before that.
  producer.answer_timeout =
      std::max(producer.answer_timeout, options.give_up_after / 2);
  producer.add_dedup_ids = options.add_dedup_ids;
  // The bounds are the pipeline's.
  producer.max_in_flight_messages = std::numeric_limits<size_t>::max();
  producer.max_in_flight_bytes = std::numeric_limits<size_t>::max();
  return producer;
}

size_t BytesOf(const OutgoingBatch& batch) {
  size_t bytes = 0;
  for (const OutgoingMessage& message : batch.messages) {
    bytes += message.body.size();
    for (const auto& [key, value] : message.attributes) {
      bytes += key.size() + value.size();
    }
  }
  return bytes;
}

// The 3 of `messages[3].body`.
bool MessageIndex(const std::string& field, size_t* index) {
  absl::string_view text = field;
  if (!absl::ConsumePrefix(&text, "messages[")) return false;
  return absl::SimpleAtoi(text.substr(0, text.find(']')), index);
}

std::string RangeText(uint64_t first, uint64_t last) {
  return first == last ? absl::StrCat("record ", first)
                       : absl::StrCat("records ", first, " to ", last);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PublishPipeline>> PublishPipeline::Create(
    std::shared_ptr<ClusterConnection> cluster, const Options& options,
    StopSignal* stop, Note note) {
  std::unique_ptr<PublishPipeline> pipeline(
      new PublishPipeline(options, stop, std::move(note)));
  ProducerOptions producer = ProducerOptionsFor(options);
  producer.on_error = [self = pipeline.get()](const std::string& node,
                                              const absl::Status& status) {
    self->OnNodeError(node, status);
  };
  SLUICE_ASSIGN_OR_RETURN(
      pipeline->producer_,
      Producer::Create(std::move(cluster), std::move(producer)));
  return pipeline;
}

PublishPipeline::PublishPipeline(const Options& options, StopSignal* stop,
                                 Note note)
    : options_(options), stop_(*stop), note_(std::move(note)) {
  stop_.SetHandler([this] {
    const bool interrupted = stop_.reason() != StopSignal::Reason::kOther;
    const absl::MutexLock lock(&mu_);
    stopped_ = true;
    if (interrupted) cut_ = true;
  });
}

PublishPipeline::~PublishPipeline() { stop_.SetHandler(nullptr); }

bool PublishPipeline::HasRoom() const {
  return stopped_ || (unanswered_.size() < kMaxUnansweredBatches &&
                      unanswered_bytes_ < kMaxUnansweredBytes);
}

absl::Duration PublishPipeline::Rest() const {
  if (unanswered_.empty()) return absl::InfiniteDuration();
  return options_.give_up_after - (Now() - waiting_since_);
}

bool PublishPipeline::Send(OutgoingBatch batch, std::vector<uint64_t> records) {
  uint64_t number = 0;
  {
    const size_t bytes = BytesOf(batch);
    const absl::MutexLock lock(&mu_);
    Await(&PublishPipeline::HasRoom);
    if (stopped_) return false;
    if (unanswered_.empty()) waiting_since_ = Now();
    number = ++last_number_;
    unanswered_[number] = {std::move(records), bytes};
    unanswered_bytes_ += bytes;
  }
  producer_->PublishBatch(
      std::move(batch),
      [this, number](const absl::StatusOr<PublishedBatch>& published) {
        OnAnswer(number, published.status());
      });
  return true;
}

bool PublishPipeline::Check() {
  const absl::MutexLock lock(&mu_);
  TellNews();
  GiveUpIfDue();
  return !stopped_;
}

void PublishPipeline::Await(bool (PublishPipeline::*done)() const) {
  const auto wakes = [this, done]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return (this->*done)() || !news_.empty();
  };
  TellNews();
  while (!(this->*done)()) {
    mu_.AwaitWithTimeout(absl::Condition(&wakes), Rest());
    TellNews();
    GiveUpIfDue();
  }
}

void PublishPipeline::TellNews() {
  if (news_.empty()) return;
  const auto news = std::exchange(news_, {});
  const bool waits = !unanswered_.empty();
  mu_.Unlock();
  for (const auto& [node, status] : news) {
    note_(absl::StrCat(
        NodeErrorText(node, status), "; trying again",
        waits ? absl::StrCat(", and giving up after ",
                             absl::FormatDuration(options_.give_up_after),
                             " without an answer")
              : std::string()));
  }
  mu_.Lock();
}

void PublishPipeline::GiveUpIfDue() {
  if (cut_ || Rest() > absl::ZeroDuration()) return;
  const std::string text =
      absl::StrCat("nothing was answered for ",
                   absl::FormatDuration(options_.give_up_after));
  end_.status =
      last_error_.ok()
          ? absl::DeadlineExceededError(text)
          : MakeError(last_error_.code(), ErrorReason(last_error_),
                      absl::StrCat(text, ": ", last_error_.message()));
  stopped_ = true;
  cut_ = true;
  closing_ = true;
}

uint64_t PublishPipeline::published() const {
  const absl::MutexLock lock(&mu_);
  return end_.published;
}

void PublishPipeline::Erase(std::map<uint64_t, Batch>::iterator batch) {
  unanswered_bytes_ -= batch->second.bytes;
  unanswered_.erase(batch);
  waiting_since_ = Now();
}

void PublishPipeline::OnAnswer(uint64_t number, const absl::Status& status) {
  const bool refused =
      !status.ok() && JudgePublish(status) == PublishVerdict::kRefused;
  {
    const absl::MutexLock lock(&mu_);
    const auto batch = unanswered_.find(number);
    if (status.ok()) {
      end_.published += batch->second.records.size();
      last_error_ = absl::OkStatus();
      Erase(batch);
      return;
    }
    // What is closed has no answer, whatever it is called.
    if (closing_ && !refused) return;
    stopped_ = true;
    if (refused) {
      end_.refusals.push_back({status, std::move(batch->second.records)});
      Erase(batch);
    } else {
      // Tried for as long as it makes sense.
      cut_ = true;
      if (end_.status.ok()) end_.status = status;
    }
  }
  stop_.Stop();
}

void PublishPipeline::OnNodeError(const std::string& node,
                                  const absl::Status& status) {
  const absl::MutexLock lock(&mu_);
  last_error_ = status;
  if (!closing_ && news_.size() < kMaxNews) news_.emplace_back(node, status);
}

PublishPipeline::End PublishPipeline::Finish() {
  {
    const absl::MutexLock lock(&mu_);
    Await(&PublishPipeline::IsOver);
    closing_ = true;
  }
  // At once where all is answered.
  producer_->Close(kLastMoment).IgnoreError();
  const absl::MutexLock lock(&mu_);
  uint64_t previous = 0;
  for (const auto& [number, batch] : unanswered_) {
    end_.unanswered += batch.records.size();
    if (end_.unanswered_ranges.empty() || number != previous + 1) {
      end_.unanswered_ranges.push_back({batch.records.front(), 0});
    }
    end_.unanswered_ranges.back().last = batch.records.back();
    previous = number;
  }
  return std::move(end_);
}

std::string RefusalText(const PublishPipeline::Refusal& refusal) {
  const std::vector<uint64_t>& records = refusal.records;
  const std::string text = ErrorText(refusal.status);
  const std::string range = RangeText(records.front(), records.back());
  size_t index = 0;
  if (records.size() == 1 ||
      !MessageIndex(ErrorField(refusal.status), &index) ||
      index >= records.size()) {
    return absl::StrCat(range, ": ", text);
  }
  return absl::StrCat("record ", records[index], ": ", text, "; ", range,
                      " were refused with it");
}

std::string UnansweredText(const PublishPipeline::End& end) {
  std::vector<std::string> ranges;
  for (const PublishPipeline::Range& range : end.unanswered_ranges) {
    if (ranges.size() == kMaxRangesTold) break;
    ranges.push_back(RangeText(range.first, range.last));
  }
  const size_t more = end.unanswered_ranges.size() - ranges.size();
  return absl::StrCat(
      end.unanswered, end.unanswered == 1 ? " message was" : " messages were",
      " not answered, ", absl::StrJoin(ranges, ", "),
      more == 0 ? "" : absl::StrCat(" and ", more, " ranges more"),
      end.unanswered == 1 ? "; it may have been published"
                          : "; they may have been published");
}

}  // namespace sluice
