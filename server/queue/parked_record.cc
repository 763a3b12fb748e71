// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/queue/parked_record.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "server/storage/keys.h"

namespace sluice {
namespace {

constexpr char kVersion = 1;

}  // namespace

RecordBlockPtr CopyForParking(const RecordBlock& block, uint32_t index) {
  const absl::string_view body = block.body(index);
  const std::vector<AttributeView> attributes = block.attributes(index);
  RecordBlockBuilder builder(1, body.size(), !attributes.empty(), 0,
                             block.has_due_times());
  builder.Add(body, attributes, block.due_unix_nano(index));
  std::unique_ptr<RecordBlock> copy = std::move(builder).Build(
      absl::FromUnixNanos(block.publish_time_unix_nano()));
  copy->Seal(block.first_sequence() + index, /*log_offset=*/0);
  return copy;
}

std::string EncodeParked(const RecordBlock& block) {
  return absl::StrCat(absl::string_view(&kVersion, 1), block.bytes());
}

absl::StatusOr<RecordBlockPtr> DecodeParked(absl::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion) {
    return MakeError(absl::StatusCode::kDataLoss, "CORRUPTION",
                     "a parked message is damaged");
  }
  bytes.remove_prefix(1);
  return RecordBlock::Parse(std::string(bytes));
}

absl::StatusOr<RecordBlockPtr> ReadParked(MessageStore& store, TopicId topic,
                                          ChannelId channel,
                                          Sequence sequence) {
  RecordBlockPtr found;
  SLUICE_RETURN_IF_ERROR(store.ReadState(
      StateFamily::kParked, ParkedKey(topic, channel, sequence),
      [&found](absl::string_view, absl::string_view value) -> absl::Status {
        SLUICE_ASSIGN_OR_RETURN(found, DecodeParked(value));
        return absl::OkStatus();
      }));
  return found;
}

}  // namespace sluice
