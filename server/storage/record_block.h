// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_RECORD_BLOCK_H_
#define SLUICE_SERVER_STORAGE_RECORD_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/storage/coding.h"

namespace sluice {

// Position of a message in its topic's log, and its message id: 1, 2, 3…
using Sequence = uint64_t;

// One attribute of a message, pointing into the block that holds it.
struct AttributeView {
  absl::string_view key;
  absl::string_view value;
};

// A block's offsets are 32 bits wide; whoever limits publishes keeps bodies and
// attributes together well below this.
constexpr uint64_t kMaxRecordBlockBytes = uint64_t{1} << 31;

// Byte positions within a block's header. Little-endian.
struct RecordBlockLayout {
  static constexpr size_t kMagic = 0;            // u32 magic and version
  static constexpr size_t kHeaderChecksum = 4;   // u32 of the header after it
  static constexpr size_t kPayloadChecksum = 8;  // u64 of all after the header
  static constexpr size_t kFirstSequence = 16;   // u64
  static constexpr size_t kLogOffset = 24;       // u64
  static constexpr size_t kPublishTime = 32;     // i64 Unix nanoseconds
  static constexpr size_t kMessageCount = 40;    // u32
  static constexpr size_t kFlags = 44;           // u32
  static constexpr size_t kBodyBytes = 48;       // u64
  static constexpr size_t kReserved = 56;        // u64, zero
  static constexpr size_t kHeaderSize = 64;      // then the offset table:
  static constexpr size_t kOffsetSize = 4;       // u32 × (message count + 1)

  static constexpr uint32_t kFlagAttributes = 1;
  static constexpr uint32_t kFlagDueTimes = 2;
};

// The messages of one publish as one run of bytes: header, offset table,
// messages. The same bytes are the value in the log, the entry of a topic's
// in-memory tail, and what delivery copies from; so a message is laid out once
// and never rebuilt. docs/on_disk_format.md has the layout byte by byte.
//
//   RecordBlockBuilder --Build()--> block without a place in the log
//        --Seal(sequence, offset)--> immutable, shared as a RecordBlockPtr
//
// Thread-compatible until sealed, then immutable and shared freely.
class RecordBlock {
 public:
  // Takes bytes read from disk. DATA_LOSS (reason CORRUPTION) when the size,
  // the version, a checksum or the offset table is wrong.
  static absl::StatusOr<std::shared_ptr<const RecordBlock>> Parse(
      std::string bytes);

  RecordBlock(const RecordBlock&) = delete;
  RecordBlock& operator=(const RecordBlock&) = delete;

  // Gives the block its place: the sequence of its first message, and the
  // bytes of the topic's log before it. Computes the header's checksum. Once.
  void Seal(Sequence first_sequence, uint64_t log_offset);

  Sequence first_sequence() const {
    return LoadLittle64(header(Layout::kFirstSequence));
  }
  // One past the last message.
  Sequence end_sequence() const { return first_sequence() + message_count(); }
  uint32_t message_count() const {
    return LoadLittle32(header(Layout::kMessageCount));
  }
  uint64_t log_offset() const {
    return LoadLittle64(header(Layout::kLogOffset));
  }
  int64_t publish_time_unix_nano() const {
    return static_cast<int64_t>(LoadLittle64(header(Layout::kPublishTime)));
  }
  // Bytes of all bodies together, without attributes and framing.
  uint64_t body_bytes() const {
    return LoadLittle64(header(Layout::kBodyBytes));
  }

  // `index` counts from 0 and must be below message_count().
  absl::string_view body(uint32_t index) const {
    const absl::string_view bytes = content(index);
    if (!has_attributes()) return bytes;
    return bytes.substr(sizeof(uint32_t), LoadLittle32(bytes.data()));
  }
  // Empty when the message has none. Appends nothing to what it returns.
  std::vector<AttributeView> attributes(uint32_t index) const;
  bool has_attributes() const {
    return (LoadLittle32(header(Layout::kFlags)) & Layout::kFlagAttributes) !=
           0;
  }
  // When the message may be delivered first, in Unix nanoseconds; 0: at once.
  int64_t due_unix_nano(uint32_t index) const {
    if (!has_due_times()) return 0;
    return static_cast<int64_t>(LoadLittle64(message(index).data()));
  }
  // Whether any of them has to wait.
  bool has_due_times() const {
    return (LoadLittle32(header(Layout::kFlags)) & Layout::kFlagDueTimes) != 0;
  }

  // The whole block, as stored.
  absl::string_view bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }

 private:
  using Layout = RecordBlockLayout;
  friend class RecordBlockBuilder;
  explicit RecordBlock(std::string bytes) : bytes_(std::move(bytes)) {}

  const char* header(size_t position) const { return bytes_.data() + position; }

  // A message without its due time.
  absl::string_view content(uint32_t index) const {
    absl::string_view bytes = message(index);
    if (has_due_times()) bytes.remove_prefix(sizeof(int64_t));
    return bytes;
  }

  // Due time, body and attributes of a message, as laid out.
  absl::string_view message(uint32_t index) const {
    const char* const offset =
        header(Layout::kHeaderSize) + Layout::kOffsetSize * size_t{index};
    const uint32_t begin = LoadLittle32(offset);
    const uint32_t end = LoadLittle32(offset + Layout::kOffsetSize);
    const char* const messages =
        header(Layout::kHeaderSize) +
        Layout::kOffsetSize * (size_t{message_count()} + 1);
    return absl::string_view(messages + begin, end - begin);
  }

  std::string bytes_;
};

using RecordBlockPtr = std::shared_ptr<const RecordBlock>;

// Lays out the messages of one publish. Exact totals make it a single
// allocation. Thread-compatible, used once.
class RecordBlockBuilder {
 public:
  // `message_count` messages (at least 1) with `body_bytes` of bodies in all
  // will follow; `with_attributes` when any of them has an attribute,
  // `with_due_times` when any has to wait. `attribute_bytes` is what their
  // attributes take, see AttributeBytes (a hint; the buffer grows when it is
  // too small).
  RecordBlockBuilder(uint32_t message_count, size_t body_bytes,
                     bool with_attributes, size_t attribute_bytes = 0,
                     bool with_due_times = false);

  // What one attribute of these sizes takes in a block.
  static constexpr size_t AttributeBytes(size_t key_size, size_t value_size) {
    return 2 * sizeof(uint32_t) + key_size + value_size;
  }

  // Adds the next message. Attributes and a due time (Unix nanoseconds) only if
  // the constructor announced them.
  void Add(absl::string_view body);
  void Add(absl::string_view body, const std::vector<AttributeView>& attributes,
           int64_t due_unix_nano = 0);

  // All announced messages must have been added. Computes the checksum of the
  // messages, so that the thread that commits need not.
  std::unique_ptr<RecordBlock> Build(absl::Time publish_time) &&;

 private:
  size_t MessagesBegin() const;
  void EndMessage();

  uint32_t message_count_;
  uint32_t added_ = 0;
  bool with_attributes_;
  bool with_due_times_;
  uint64_t body_bytes_ = 0;
  std::string bytes_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_RECORD_BLOCK_H_
