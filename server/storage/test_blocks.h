// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_TEST_BLOCKS_H_
#define SLUICE_SERVER_STORAGE_TEST_BLOCKS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/storage/message_store.h"

namespace sluice {

// Makes the blocks of one topic's log in order, for tests. Bodies say which
// message they are: "7/42" is message 42 of topic 7, padded to `body_bytes`.
class TestLog {
 public:
  explicit TestLog(TopicId topic, size_t body_bytes = 0)
      : topic_(topic), body_bytes_(body_bytes) {}

  // The next block, of `count` messages.
  RecordBlockPtr NextBlock(uint32_t count) {
    std::vector<std::string> bodies;
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; ++i) {
      bodies.push_back(Body(next_ + i));
      bytes += bodies.back().size();
    }
    RecordBlockBuilder builder(count, bytes, /*with_attributes=*/false);
    for (const std::string& body : bodies) builder.Add(body);
    std::unique_ptr<RecordBlock> block =
        std::move(builder).Build(absl::UnixEpoch());
    block->Seal(next_, offset_);
    next_ += count;
    offset_ += block->size();
    return block;
  }

  std::string Body(Sequence sequence) const {
    std::string body = absl::StrCat(topic_, "/", sequence);
    if (body.size() < body_bytes_) body.resize(body_bytes_, '.');
    return body;
  }

  TopicId topic() const { return topic_; }
  Sequence next() const { return next_; }
  uint64_t offset() const { return offset_; }

 private:
  const TopicId topic_;
  const size_t body_bytes_;
  Sequence next_ = 1;
  uint64_t offset_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_TEST_BLOCKS_H_
