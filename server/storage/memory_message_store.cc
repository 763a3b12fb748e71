// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/memory_message_store.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "base/error.h"
#include "base/status_macros.h"

namespace sluice {

void MemoryMessageStore::Image::Apply(const Write& write) {
  absl::visit([this](const auto& typed) { Apply(typed); }, write);
}

void MemoryMessageStore::Image::Apply(const StoreBatch& batch) {
  for (const LogPlace& place : batch.removed) {
    log.erase({place.topic, place.first_sequence});
  }
  for (const LogWrite& write : batch.blocks) {
    log[{write.topic, write.block->first_sequence()}] = write.block;
  }
  for (const StateWrite& write : batch.state) {
    if (write.value.has_value()) {
      state[{write.family, write.key}] = *write.value;
    } else if (write.erase_to.empty()) {
      state.erase({write.family, write.key});
    } else {
      state.erase(state.lower_bound({write.family, write.key}),
                  state.lower_bound({write.family, write.erase_to}));
    }
  }
}

void MemoryMessageStore::Image::Apply(const ForgetWrite& forget) {
  auto block = log.lower_bound({forget.topic, 0});
  while (block != log.end() && block->first.first == forget.topic &&
         block->second->end_sequence() <= forget.before) {
    block = log.erase(block);
  }
}

void MemoryMessageStore::Append(StoreBatch batch, AppendDone done) {
  absl::Status status;
  {
    absl::MutexLock lock(&mu_);
    const bool fails = health_.ok() && fail_next_append_.has_value();
    const bool written =
        health_.ok() && fail_next_append_ != FailedAppend::kNothingWritten;
    const bool sync = batch.sync;
    if (written) ApplyWrite(std::move(batch));
    if (written && sync) MakeDurable();
    if (fails) {
      health_ = MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                          "the store is closed: a test made a write fail");
      fail_next_append_.reset();
    }
    status = health_;
  }
  done(status);
}

void MemoryMessageStore::ApplyWrite(Write write) {
  current_.Apply(write);
  unsynced_.push_back(std::move(write));
}

void MemoryMessageStore::MakeDurable() {
  for (const Write& write : unsynced_) durable_.Apply(write);
  unsynced_.clear();
}

absl::StatusOr<std::vector<RecordBlockPtr>> MemoryMessageStore::ReadBlocks(
    TopicId topic, Sequence from, Sequence to, size_t max_bytes) {
  std::vector<RecordBlockPtr> blocks;
  if (from >= to) return blocks;
  size_t bytes = 0;
  absl::MutexLock lock(&mu_);
  auto block = current_.log.upper_bound({topic, from});
  if (block != current_.log.begin()) {
    const auto previous = std::prev(block);
    const bool holds_from = previous->first.first == topic &&
                            previous->second->end_sequence() > from;
    if (holds_from) block = previous;
  }
  for (; block != current_.log.end() && block->first.first == topic &&
         block->first.second < to;
       ++block) {
    bytes += block->second->size();
    if (!blocks.empty() && bytes > max_bytes) break;
    if (damaged_.count(block->first) > 0) {
      if (!blocks.empty()) break;
      return MakeError(absl::StatusCode::kDataLoss, "CORRUPTION",
                       "a test damaged this block");
    }
    blocks.push_back(block->second);
  }
  return blocks;
}

absl::StatusOr<Sequence> MemoryMessageStore::SkipDamage(TopicId topic,
                                                        Sequence from,
                                                        Sequence to) {
  absl::MutexLock lock(&mu_);
  auto block = current_.log.upper_bound({topic, from});
  while (block != current_.log.end() && damaged_.count(block->first) > 0) {
    ++block;
  }
  const bool is_there =
      block != current_.log.end() && block->first.first == topic;
  return is_there ? std::min(block->first.second, to) : to;
}

absl::StatusOr<LogExtent> MemoryMessageStore::Extent(TopicId topic) {
  absl::MutexLock lock(&mu_);
  const auto begin = current_.log.lower_bound({topic, 0});
  const auto end = current_.log.upper_bound({topic, UINT64_MAX});
  if (begin == end) return LogExtent{};
  const RecordBlock& first = *begin->second;
  LogExtent extent;
  extent.first = first.first_sequence();
  extent.first_offset = first.log_offset();
  extent.end_is_known = damaged_.count(std::prev(end)->first) == 0;
  extent.end = extent.first;
  for (auto block = end; block != begin;) {
    --block;
    if (damaged_.count(block->first) > 0) continue;
    extent.end = block->second->end_sequence();
    extent.end_offset = block->second->log_offset() + block->second->size();
    break;
  }
  if (!extent.end_is_known) ++extent.end;
  return extent;
}

absl::Status MemoryMessageStore::Forget(TopicId topic, Sequence before) {
  absl::MutexLock lock(&mu_);
  SLUICE_RETURN_IF_ERROR(health_);
  ApplyWrite(ForgetWrite{topic, before});
  return absl::OkStatus();
}

absl::Status MemoryMessageStore::ReadState(StateFamily family,
                                           absl::string_view prefix,
                                           const StateVisitor& visit) {
  // A copy, so that the visitor may call the store.
  std::vector<std::pair<std::string, std::string>> records;
  {
    absl::MutexLock lock(&mu_);
    auto record = current_.state.lower_bound({family, std::string(prefix)});
    for (; record != current_.state.end() && record->first.first == family &&
           absl::StartsWith(record->first.second, prefix);
         ++record) {
      records.emplace_back(record->first.second, record->second);
    }
  }
  for (const auto& [key, value] : records) {
    SLUICE_RETURN_IF_ERROR(visit(key, value));
  }
  return absl::OkStatus();
}

absl::Status MemoryMessageStore::Sync() {
  absl::MutexLock lock(&mu_);
  SLUICE_RETURN_IF_ERROR(health_);
  MakeDurable();
  return absl::OkStatus();
}

absl::Status MemoryMessageStore::health() {
  absl::MutexLock lock(&mu_);
  return health_;
}

void MemoryMessageStore::FailNextAppendForTest(FailedAppend outcome) {
  absl::MutexLock lock(&mu_);
  fail_next_append_ = outcome;
}

void MemoryMessageStore::DamageForTest(LogPlace place) {
  absl::MutexLock lock(&mu_);
  damaged_.insert({place.topic, place.first_sequence});
}

void MemoryMessageStore::CrashForTest(Crash crash) {
  absl::MutexLock lock(&mu_);
  if (crash == Crash::kProcessKill) {
    MakeDurable();
  } else {
    current_ = durable_;
    unsynced_.clear();
  }
  health_ = absl::OkStatus();
  fail_next_append_.reset();
}

}  // namespace sluice
