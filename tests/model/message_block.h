// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_MODEL_MESSAGE_BLOCK_H_
#define SLUICE_TESTS_MODEL_MESSAGE_BLOCK_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/storage/record_block.h"

namespace sluice {

// What a message says: another text, of another length, for each.
inline std::string BodyOf(Sequence sequence) {
  return absl::StrCat(sequence, ":", std::string(sequence % 150, 'x'));
}

// Messages from `first` on, published at `now`; one for each due time (Unix
// nanoseconds, 0: at once).
inline std::unique_ptr<RecordBlock> BlockOf(Sequence first,
                                            const std::vector<int64_t>& due,
                                            absl::Time now) {
  const auto count = static_cast<uint32_t>(due.size());
  const bool delayed = std::any_of(due.begin(), due.end(),
                                   [](int64_t time) { return time > 0; });
  RecordBlockBuilder builder(count, 200 * count, /*with_attributes=*/false,
                             /*attribute_bytes=*/0, delayed);
  for (uint32_t i = 0; i < count; ++i) {
    builder.Add(BodyOf(first + i), {}, due[i]);
  }
  return std::move(builder).Build(now);
}

}  // namespace sluice

#endif  // SLUICE_TESTS_MODEL_MESSAGE_BLOCK_H_
