// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/record_block.h"

#include <xxhash.h>

#include <cassert>
#include <limits>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"

namespace sluice {
namespace {

using Layout = RecordBlockLayout;

// "SLB" and the version of the layout. A change of layout gets a new number,
// and Parse learns to read both.
constexpr uint32_t kMagicAndVersion = 0x01424c53;

absl::Status Damaged(absl::string_view what) {
  return MakeError(absl::StatusCode::kDataLoss, "CORRUPTION",
                   absl::StrCat("damaged record block: ", what));
}

uint32_t HeaderChecksum(const char* block) {
  return static_cast<uint32_t>(
      XXH3_64bits(block + Layout::kPayloadChecksum,
                  Layout::kHeaderSize - Layout::kPayloadChecksum));
}

uint64_t PayloadChecksum(absl::string_view block) {
  return XXH3_64bits(block.data() + Layout::kHeaderSize,
                     block.size() - Layout::kHeaderSize);
}

// Reads numbers and runs of bytes from one message; false past its end.
class MessageReader {
 public:
  explicit MessageReader(absl::string_view bytes) : rest_(bytes) {}

  bool ReadNumber(uint32_t& value) {
    if (rest_.size() < sizeof(value)) return false;
    value = LoadLittle32(rest_.data());
    rest_.remove_prefix(sizeof(value));
    return true;
  }
  bool ReadBytes(uint32_t size, absl::string_view& bytes) {
    if (rest_.size() < size) return false;
    bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool ReadAttribute(AttributeView& attribute) {
    uint32_t key_size = 0;
    uint32_t value_size = 0;
    return ReadNumber(key_size) && ReadNumber(value_size) &&
           ReadBytes(key_size, attribute.key) &&
           ReadBytes(value_size, attribute.value);
  }
  bool AtEnd() const { return rest_.empty(); }

 private:
  absl::string_view rest_;
};

// Walks a message that may have attributes; false when its sizes do not add up
// to exactly `bytes`.
bool ReadMessage(absl::string_view bytes, absl::string_view& body,
                 std::vector<AttributeView>* attributes) {
  MessageReader reader(bytes);
  uint32_t body_size = 0;
  uint32_t count = 0;
  if (!reader.ReadNumber(body_size) || !reader.ReadBytes(body_size, body) ||
      !reader.ReadNumber(count)) {
    return false;
  }
  for (uint32_t i = 0; i < count; ++i) {
    AttributeView attribute;
    if (!reader.ReadAttribute(attribute)) return false;
    if (attributes != nullptr) attributes->push_back(attribute);
  }
  return reader.AtEnd();
}

absl::Status CheckHeader(absl::string_view bytes) {
  if (bytes.size() < Layout::kHeaderSize) {
    return Damaged(absl::StrCat(bytes.size(), " bytes are no header"));
  }
  const char* const header = bytes.data();
  if (LoadLittle32(header + Layout::kMagic) != kMagicAndVersion) {
    return Damaged("unknown magic number or version");
  }
  if (LoadLittle32(header + Layout::kHeaderChecksum) !=
      HeaderChecksum(header)) {
    return Damaged("wrong header checksum");
  }
  if (LoadLittle64(header + Layout::kPayloadChecksum) !=
      PayloadChecksum(bytes)) {
    return Damaged("wrong checksum");
  }
  const uint32_t count = LoadLittle32(header + Layout::kMessageCount);
  const uint64_t first = LoadLittle64(header + Layout::kFirstSequence);
  if (count == 0) return Damaged("no message");
  if (first == 0 || first > std::numeric_limits<uint64_t>::max() - count) {
    return Damaged("impossible sequence");
  }
  constexpr uint32_t kKnownFlags =
      Layout::kFlagAttributes | Layout::kFlagDueTimes;
  if ((LoadLittle32(header + Layout::kFlags) & ~kKnownFlags) != 0) {
    return Damaged("unknown flag");
  }
  if ((bytes.size() - Layout::kHeaderSize) / Layout::kOffsetSize <
      uint64_t{count} + 1) {
    return Damaged("offset table is cut");
  }
  return absl::OkStatus();
}

// The header is right; `messages` is what follows the offset table.
absl::Status CheckMessages(absl::string_view bytes) {
  const uint32_t count = LoadLittle32(bytes.data() + Layout::kMessageCount);
  const uint32_t flags = LoadLittle32(bytes.data() + Layout::kFlags);
  const bool with_attributes = (flags & Layout::kFlagAttributes) != 0;
  const bool with_due_times = (flags & Layout::kFlagDueTimes) != 0;
  const char* const offsets = bytes.data() + Layout::kHeaderSize;
  const absl::string_view messages = bytes.substr(
      Layout::kHeaderSize + Layout::kOffsetSize * (size_t{count} + 1));
  uint32_t begin = LoadLittle32(offsets);
  if (begin != 0) return Damaged("first offset is not 0");
  uint64_t body_bytes = 0;
  for (uint32_t i = 1; i <= count; ++i) {
    const uint32_t end =
        LoadLittle32(offsets + Layout::kOffsetSize * size_t{i});
    if (end < begin || end > messages.size()) {
      return Damaged(absl::StrCat("offset ", i, " is out of order"));
    }
    absl::string_view body = messages.substr(begin, end - begin);
    if (with_due_times) {
      if (body.size() < sizeof(int64_t)) {
        return Damaged(absl::StrCat("message ", i - 1, " has no due time"));
      }
      body.remove_prefix(sizeof(int64_t));
    }
    if (with_attributes && !ReadMessage(body, body, nullptr)) {
      return Damaged(absl::StrCat("message ", i - 1, " does not add up"));
    }
    body_bytes += body.size();
    begin = end;
  }
  if (begin != messages.size()) return Damaged("bytes after the last message");
  if (body_bytes != LoadLittle64(bytes.data() + Layout::kBodyBytes)) {
    return Damaged("bodies do not add up");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RecordBlockPtr> RecordBlock::Parse(std::string bytes) {
  SLUICE_RETURN_IF_ERROR(CheckHeader(bytes));
  SLUICE_RETURN_IF_ERROR(CheckMessages(bytes));
  return RecordBlockPtr(absl::WrapUnique(new RecordBlock(std::move(bytes))));
}

void RecordBlock::Seal(Sequence first_sequence, uint64_t log_offset) {
  assert(first_sequence > 0 && this->first_sequence() == 0);
  StoreLittle64(first_sequence, &bytes_[Layout::kFirstSequence]);
  StoreLittle64(log_offset, &bytes_[Layout::kLogOffset]);
  StoreLittle32(HeaderChecksum(bytes_.data()),
                &bytes_[Layout::kHeaderChecksum]);
}

std::vector<AttributeView> RecordBlock::attributes(uint32_t index) const {
  std::vector<AttributeView> attributes;
  if (has_attributes()) {
    absl::string_view body;
    ReadMessage(content(index), body, &attributes);
  }
  return attributes;
}

RecordBlockBuilder::RecordBlockBuilder(uint32_t message_count,
                                       size_t body_bytes, bool with_attributes,
                                       size_t attribute_bytes,
                                       bool with_due_times)
    : message_count_(message_count),
      with_attributes_(with_attributes),
      with_due_times_(with_due_times) {
  assert(message_count > 0);
  size_t size = MessagesBegin() + body_bytes;
  if (with_attributes) {
    size += attribute_bytes + 2 * sizeof(uint32_t) * size_t{message_count};
  }
  if (with_due_times) size += sizeof(int64_t) * size_t{message_count};
  bytes_.reserve(size);
  bytes_.resize(MessagesBegin());
}

size_t RecordBlockBuilder::MessagesBegin() const {
  return Layout::kHeaderSize +
         Layout::kOffsetSize * (size_t{message_count_} + 1);
}

void RecordBlockBuilder::Add(absl::string_view body) {
  if (with_attributes_ || with_due_times_) return Add(body, {});
  bytes_.append(body.data(), body.size());
  body_bytes_ += body.size();
  EndMessage();
}

void RecordBlockBuilder::Add(absl::string_view body,
                             const std::vector<AttributeView>& attributes,
                             int64_t due_unix_nano) {
  assert(with_attributes_ || attributes.empty());
  assert(with_due_times_ || due_unix_nano == 0);
  if (with_due_times_) {
    AppendLittle64(static_cast<uint64_t>(due_unix_nano), bytes_);
  }
  body_bytes_ += body.size();
  if (!with_attributes_) {
    bytes_.append(body.data(), body.size());
    return EndMessage();
  }
  AppendLittle32(static_cast<uint32_t>(body.size()), bytes_);
  bytes_.append(body.data(), body.size());
  AppendLittle32(static_cast<uint32_t>(attributes.size()), bytes_);
  for (const AttributeView& attribute : attributes) {
    AppendLittle32(static_cast<uint32_t>(attribute.key.size()), bytes_);
    AppendLittle32(static_cast<uint32_t>(attribute.value.size()), bytes_);
    bytes_.append(attribute.key.data(), attribute.key.size());
    bytes_.append(attribute.value.data(), attribute.value.size());
  }
  EndMessage();
}

void RecordBlockBuilder::EndMessage() {
  assert(added_ < message_count_ && bytes_.size() <= kMaxRecordBlockBytes);
  ++added_;
  StoreLittle32(
      static_cast<uint32_t>(bytes_.size() - MessagesBegin()),
      &bytes_[Layout::kHeaderSize + Layout::kOffsetSize * size_t{added_}]);
}

std::unique_ptr<RecordBlock> RecordBlockBuilder::Build(
    absl::Time publish_time) && {
  assert(added_ == message_count_);
  char* const header = &bytes_[0];
  StoreLittle32(kMagicAndVersion, header + Layout::kMagic);
  StoreLittle64(static_cast<uint64_t>(absl::ToUnixNanos(publish_time)),
                header + Layout::kPublishTime);
  StoreLittle32(message_count_, header + Layout::kMessageCount);
  StoreLittle32((with_attributes_ ? Layout::kFlagAttributes : 0) |
                    (with_due_times_ ? Layout::kFlagDueTimes : 0),
                header + Layout::kFlags);
  StoreLittle64(body_bytes_, header + Layout::kBodyBytes);
  StoreLittle64(PayloadChecksum(bytes_), header + Layout::kPayloadChecksum);
  return absl::WrapUnique(new RecordBlock(std::move(bytes_)));
}

}  // namespace sluice
