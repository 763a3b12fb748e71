// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_PUBLISH_BATCH_H_
#define SLUICE_CLI_PUBLISH_BATCH_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/publication.h"

namespace sluice {

// A batch of messages being filled. All get the same attributes and delay. Not
// thread-safe.
class PublishBatch {
 public:
  struct Limits {
    uint32_t messages = 200;
    // Bodies. A larger message travels alone, so that only it is refused if it
    // is too large for the node.
    uint64_t bytes = 1 << 20;
  };

  PublishBatch(std::string topic, PublishDurability durability,
               std::map<std::string, std::string> attributes,
               absl::Duration delay, Limits limits);

  bool empty() const { return records_.empty(); }

  // True when a message of so many bytes may be added. An empty batch has room
  // for any.
  bool HasRoomFor(size_t bytes) const;

  // `record` tells which record of the input the body is.
  void Add(absl::string_view body, uint64_t record);

  // What was added, and leaves an empty batch for the next. Take the records
  // first.
  std::vector<uint64_t> TakeRecords();
  OutgoingBatch TakeBatch();

 private:
  const std::string topic_;
  const PublishDurability durability_;
  const Limits limits_;
  const std::map<std::string, std::string> attributes_;
  const absl::Duration delay_;

  std::vector<OutgoingMessage> messages_;
  std::vector<uint64_t> records_;
  uint64_t bytes_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_CLI_PUBLISH_BATCH_H_
