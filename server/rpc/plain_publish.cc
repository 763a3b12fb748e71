// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/plain_publish.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "base/names.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/support/slice.h"
#include "server/rpc/config_conversion.h"
#include "server/rpc/reuse.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {
namespace {

using ::google::protobuf::internal::WireFormatLite;

// Every field number of ours is below 16, so every tag is one byte.
constexpr uint8_t BytesTag(int field) {
  return static_cast<uint8_t>(WireFormatLite::MakeTag(
      field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
}
constexpr uint8_t NumberTag(int field) {
  return static_cast<uint8_t>(
      WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_VARINT));
}

constexpr uint8_t kCorrelationIdTag =
    NumberTag(v1::PublishStreamRequest::kCorrelationIdFieldNumber);
constexpr uint8_t kPublishTag =
    BytesTag(v1::PublishStreamRequest::kPublishFieldNumber);
constexpr uint8_t kTopicTag = BytesTag(v1::PublishRequest::kTopicFieldNumber);
constexpr uint8_t kMessagesTag =
    BytesTag(v1::PublishRequest::kMessagesFieldNumber);
constexpr uint8_t kDurabilityTag =
    NumberTag(v1::PublishRequest::kDurabilityFieldNumber);
constexpr uint8_t kRequestIdTag =
    BytesTag(v1::PublishRequest::kRequestIdFieldNumber);
constexpr uint8_t kBodyTag = BytesTag(v1::Message::kBodyFieldNumber);

// Reads tags, numbers and runs of bytes off the front of `rest`; false past its
// end.
inline bool ReadTag(absl::string_view* rest, uint8_t* tag) {
  if (rest->empty()) return false;
  *tag = static_cast<uint8_t>(rest->front());
  rest->remove_prefix(1);
  return true;
}

bool ReadLongVarint(absl::string_view* rest, uint64_t* value) {
  constexpr size_t kLongest = 9;  // 63 bits: a longer one is not plain
  *value = 0;
  const size_t most = std::min(rest->size(), kLongest);
  for (size_t i = 0; i < most; ++i) {
    const auto byte = static_cast<uint8_t>((*rest)[i]);
    *value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      rest->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

// Sizes take one byte or two, mostly: those are read in line.
inline bool ReadVarint(absl::string_view* rest, uint64_t* value) {
  if (rest->size() < 2) return ReadLongVarint(rest, value);
  const auto first = static_cast<uint8_t>((*rest)[0]);
  const auto second = static_cast<uint8_t>((*rest)[1]);
  if (first < 0x80) {
    *value = first;
    rest->remove_prefix(1);
    return true;
  }
  if (second < 0x80) {
    *value = (first & 0x7fu) | static_cast<uint64_t>(second) << 7;
    rest->remove_prefix(2);
    return true;
  }
  return ReadLongVarint(rest, value);
}

inline bool ReadBytes(absl::string_view* rest, absl::string_view* bytes) {
  uint64_t size = 0;
  if (!ReadVarint(rest, &size) || size > rest->size()) return false;
  *bytes = rest->substr(0, size);
  rest->remove_prefix(size);
  return true;
}

// Anything else may not be UTF-8, which the generated parser finds out.
bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

}  // namespace

bool PlainPublish::Read(const grpc::ByteBuffer& frame, const Limits& limits) {
  correlation_id_ = 0;
  topic_ = {};
  durability_ = Durability::kUnspecified;
  request_id_ = {};
  bodies_.clear();
  body_bytes_ = 0;
  largest_body_ = 0;
  return ReadRequest(Join(frame)) && !bodies_.empty() &&
         bodies_.size() <= kMaxBatchMessages &&
         largest_body_ <= limits.max_message_bytes &&
         body_bytes_ <= limits.max_batch_bytes &&
         request_id_.size() <= kMaxRequestIdBytes && IsAscii(request_id_) &&
         ValidateName("topic", topic_).ok();
}

absl::string_view PlainPublish::Join(const grpc::ByteBuffer& frame) {
  const auto view = [](const grpc::Slice& slice) {
    return absl::string_view(reinterpret_cast<const char*>(slice.begin()),
                             slice.size());
  };
  slices_.clear();
  if (!frame.Dump(&slices_).ok()) return {};
  if (slices_.size() == 1) return view(slices_.front());
  joined_.clear();
  joined_.reserve(frame.Length());
  for (const grpc::Slice& slice : slices_) {
    joined_.append(view(slice).data(), slice.size());
  }
  slices_.clear();
  return joined_;
}

// A field that comes twice is merged or replaced by the generated parser; here
// it is not plain.
bool PlainPublish::ReadRequest(absl::string_view bytes) {
  bool has_id = false;
  bool has_publish = false;
  uint8_t tag = 0;
  while (ReadTag(&bytes, &tag)) {
    absl::string_view publish;
    if (tag == kCorrelationIdTag && !has_id) {
      has_id = true;
      if (!ReadVarint(&bytes, &correlation_id_)) return false;
    } else if (tag == kPublishTag && !has_publish) {
      has_publish = true;
      if (!ReadBytes(&bytes, &publish) || !ReadPublish(publish)) return false;
    } else {
      return false;
    }
  }
  return has_publish;
}

bool PlainPublish::ReadPublish(absl::string_view bytes) {
  uint8_t tag = 0;
  while (ReadTag(&bytes, &tag)) {
    if (tag == kMessagesTag) {
      absl::string_view message;
      if (!ReadBytes(&bytes, &message) || !ReadMessage(message)) return false;
    } else if (tag == kTopicTag && topic_.empty()) {
      if (!ReadBytes(&bytes, &topic_)) return false;
    } else if (tag == kDurabilityTag &&
               durability_ == Durability::kUnspecified) {
      uint64_t wire = 0;
      if (!ReadVarint(&bytes, &wire)) return false;
      const absl::StatusOr<Durability> durability =
          FromWire("durability", static_cast<v1::Durability>(wire));
      if (!durability.ok()) return false;
      durability_ = *durability;
    } else if (tag == kRequestIdTag && request_id_.empty()) {
      if (!ReadBytes(&bytes, &request_id_)) return false;
    } else {
      return false;
    }
  }
  return true;
}

bool PlainPublish::ReadMessage(absl::string_view bytes) {
  absl::string_view body;
  if (!bytes.empty()) {
    uint8_t tag = 0;
    ReadTag(&bytes, &tag);
    if (tag != kBodyTag || !ReadBytes(&bytes, &body) || !bytes.empty()) {
      return false;
    }
  }
  bodies_.push_back(body);
  body_bytes_ += body.size();
  largest_body_ = std::max(largest_body_, body.size());
  return true;
}

std::unique_ptr<RecordBlock> PlainPublish::BuildRecordBlock(
    absl::Time publish_time) const {
  RecordBlockBuilder builder(static_cast<uint32_t>(bodies_.size()), body_bytes_,
                             /*with_attributes=*/false);
  for (const absl::string_view body : bodies_) builder.Add(body);
  return std::move(builder).Build(publish_time);
}

void PlainPublish::Release() {
  slices_.clear();
  if (joined_.capacity() > kMaxReusedFrameBytes) joined_ = std::string();
  if (bodies_.capacity() > size_t{kMaxReusedMessages}) bodies_ = {};
}

}  // namespace sluice
