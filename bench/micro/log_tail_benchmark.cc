// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// The part of a log that is in memory: appending to it and reading from it.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/queue/log_tail.h"
#include "server/queue/memory_budget.h"
#include "server/storage/record_block.h"

namespace sluice {
namespace {

constexpr uint32_t kMessages = 200;  // in a block
constexpr int kBlocks = 1000;        // in the tail

RecordBlockPtr MakeBlock(Sequence first) {
  const std::string body(200, 'x');
  RecordBlockBuilder builder(kMessages, kMessages * body.size(),
                             /*with_attributes=*/false);
  for (uint32_t i = 0; i < kMessages; ++i) builder.Add(body);
  auto block = std::move(builder).Build(absl::UnixEpoch());
  block->Seal(first, 0);
  return block;
}

struct Tail {
  Tail() {
    for (int i = 0; i < kBlocks; ++i) {
      tail.Append(MakeBlock(tail.end()), LogTail::Placement::kCached);
    }
  }
  MemoryBudget budget{1 << 30, 1 << 30};
  LogTail tail{1, budget};
};

// As much is let go as is appended.
void AppendAndTrim(benchmark::State& state) {
  Tail filled;
  std::vector<RecordBlockPtr> blocks;
  while (state.KeepRunningBatch(kBlocks)) {
    state.PauseTiming();
    blocks.clear();
    for (int i = 0; i < kBlocks; ++i) {
      blocks.push_back(MakeBlock(filled.tail.end() + i * kMessages));
    }
    state.ResumeTiming();
    for (RecordBlockPtr& block : blocks) {
      filled.tail.Append(std::move(block), LogTail::Placement::kCached);
      filled.tail.Trim(filled.tail.end() - kBlocks * kMessages);
    }
  }
  state.SetItemsProcessed(state.iterations() * kMessages);
}

// What a Take reads: the blocks of so many messages from somewhere.
void Snapshot(benchmark::State& state) {
  Tail filled;
  const auto messages = static_cast<uint64_t>(state.range(0));
  std::vector<RecordBlockPtr> blocks;
  Sequence from = 1;
  for (auto _ : state) {
    blocks.clear();
    filled.tail.Snapshot(from, messages, &blocks);
    benchmark::DoNotOptimize(blocks);
    from += kMessages;
    if (from + messages >= filled.tail.end()) from = 1;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(AppendAndTrim);
BENCHMARK(Snapshot)->Arg(1)->Arg(200)->Arg(1000);

}  // namespace
}  // namespace sluice
