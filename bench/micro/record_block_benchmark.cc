// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// What a publish costs before it is handed over: laying out and checking its
// record block.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "absl/time/time.h"
#include "server/storage/record_block.h"

namespace sluice {
namespace {

std::unique_ptr<RecordBlock> Build(uint32_t messages, const std::string& body) {
  RecordBlockBuilder builder(messages, messages * body.size(),
                             /*with_attributes=*/false);
  for (uint32_t i = 0; i < messages; ++i) builder.Add(body);
  return std::move(builder).Build(absl::UnixEpoch());
}

void CountMessages(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * state.range(1));
}

void BuildBlock(benchmark::State& state) {
  const std::string body(static_cast<size_t>(state.range(1)), 'x');
  for (auto _ : state) {
    auto block = Build(static_cast<uint32_t>(state.range(0)), body);
    block->Seal(1, 0);
    benchmark::DoNotOptimize(block);
  }
  CountMessages(state);
}

void ParseBlock(benchmark::State& state) {
  const std::string body(static_cast<size_t>(state.range(1)), 'x');
  auto block = Build(static_cast<uint32_t>(state.range(0)), body);
  block->Seal(1, 0);
  for (auto _ : state) {
    // The copy is part of it: what is read from the store is copied too.
    auto parsed = RecordBlock::Parse(std::string(block->bytes()));
    benchmark::DoNotOptimize(parsed);
  }
  CountMessages(state);
}

// Messages in a block, bytes of a body.
BENCHMARK(BuildBlock)->Args({1, 200})->Args({200, 200})->Args({200, 1024});
BENCHMARK(ParseBlock)->Args({1, 200})->Args({200, 200})->Args({200, 1024});

}  // namespace
}  // namespace sluice
