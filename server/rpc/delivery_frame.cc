// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/delivery_frame.h"

#include <cassert>

#include "absl/strings/string_view.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {
namespace {

using ::google::protobuf::internal::WireFormatLite;
using ::google::protobuf::io::CodedOutputStream;

constexpr uint8_t Tag(int field, WireFormatLite::WireType type) {
  return static_cast<uint8_t>(WireFormatLite::MakeTag(field, type));
}
constexpr uint8_t BytesTag(int field) {
  return Tag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

// Every field number here is below 16, so every tag is one byte. The numbers of
// a map entry's key and value are protobuf's.
constexpr uint8_t kDeliveriesTag =
    BytesTag(v1::SubscribeResponse::kDeliveriesFieldNumber);
constexpr uint8_t kDeliveryTag =
    BytesTag(v1::Deliveries::kDeliveriesFieldNumber);
constexpr uint8_t kDeliveryIdTag =
    Tag(v1::Delivery::kDeliveryIdFieldNumber, WireFormatLite::WIRETYPE_VARINT);
constexpr uint8_t kMessageIdTag =
    Tag(v1::Delivery::kMessageIdFieldNumber, WireFormatLite::WIRETYPE_VARINT);
constexpr uint8_t kPublishTimeTag =
    Tag(v1::Delivery::kPublishTimeUnixNanoFieldNumber,
        WireFormatLite::WIRETYPE_FIXED64);
constexpr uint8_t kAttemptsTag =
    Tag(v1::Delivery::kAttemptsFieldNumber, WireFormatLite::WIRETYPE_VARINT);
constexpr uint8_t kBodyTag = BytesTag(v1::Delivery::kBodyFieldNumber);
constexpr uint8_t kAttributesTag =
    BytesTag(v1::Delivery::kAttributesFieldNumber);
constexpr uint8_t kKeyTag = BytesTag(1);
constexpr uint8_t kValueTag = BytesTag(2);

// A length-delimited field: tag, length and bytes.
size_t FieldBytes(size_t size) {
  return 1 + CodedOutputStream::VarintSize64(size) + size;
}

size_t EntryBytes(const AttributeView& attribute) {
  return FieldBytes(attribute.key.size()) + FieldBytes(attribute.value.size());
}

uint8_t* WriteVarint(uint8_t tag, uint64_t value, uint8_t* to) {
  *to++ = tag;
  return CodedOutputStream::WriteVarint64ToArray(value, to);
}

uint8_t* WriteBytes(uint8_t tag, absl::string_view bytes, uint8_t* to) {
  to = WriteVarint(tag, bytes.size(), to);
  return CodedOutputStream::WriteRawToArray(bytes.data(),
                                            static_cast<int>(bytes.size()), to);
}

// The bytes of message `i` of the run as a Delivery. Adds what the message
// brought with it to `source_bytes`.
size_t DeliveryBytes(const DeliveryRun& run, uint32_t i, size_t* source_bytes) {
  const RecordBlock& block = *run.block;
  const uint32_t index = run.first_index + i;
  const size_t body_bytes = block.body(index).size();
  *source_bytes += body_bytes;
  size_t bytes =
      1 + CodedOutputStream::VarintSize64(run.first_delivery_id + i) +  //
      1 + CodedOutputStream::VarintSize64(block.first_sequence() + index) + 1 +
      sizeof(uint64_t) +  //
      1 + CodedOutputStream::VarintSize32(run.attempts) +
      FieldBytes(body_bytes);
  if (!block.has_attributes()) return bytes;
  for (const AttributeView& attribute : block.attributes(index)) {
    bytes += FieldBytes(EntryBytes(attribute));
    *source_bytes += attribute.key.size() + attribute.value.size();
  }
  return bytes;
}

uint8_t* WriteDelivery(const DeliveryRun& run, uint32_t i, uint8_t* to) {
  const RecordBlock& block = *run.block;
  const uint32_t index = run.first_index + i;
  to = WriteVarint(kDeliveryIdTag, run.first_delivery_id + i, to);
  to = WriteVarint(kMessageIdTag, block.first_sequence() + index, to);
  *to++ = kPublishTimeTag;
  to = CodedOutputStream::WriteLittleEndian64ToArray(
      static_cast<uint64_t>(block.publish_time_unix_nano()), to);
  to = WriteVarint(kAttemptsTag, run.attempts, to);
  to = WriteBytes(kBodyTag, block.body(index), to);
  if (!block.has_attributes()) return to;
  for (const AttributeView& attribute : block.attributes(index)) {
    to = WriteVarint(kAttributesTag, EntryBytes(attribute), to);
    to = WriteBytes(kKeyTag, attribute.key, to);
    to = WriteBytes(kValueTag, attribute.value, to);
  }
  return to;
}

}  // namespace

size_t CopyAttributes(const RecordBlock& block, uint32_t index,
                      google::protobuf::Map<std::string, std::string>* wire) {
  size_t bytes = 0;
  for (const AttributeView& attribute : block.attributes(index)) {
    (*wire)[std::string(attribute.key)] = std::string(attribute.value);
    bytes += attribute.key.size() + attribute.value.size();
  }
  return bytes;
}

std::vector<DeliveryRun>* TakenMessages::Refill() {
  runs_.clear();
  next_run_ = 0;
  next_in_run_ = 0;
  return &runs_;
}

size_t TakenMessages::Advance(size_t max_bytes) {
  parts_.clear();
  delivery_bytes_.clear();
  size_t source_bytes = 0;
  size_t list_bytes = 0;
  while (next_run_ < runs_.size() && source_bytes < max_bytes) {
    const DeliveryRun& run = runs_[next_run_];
    const uint32_t begin = next_in_run_;
    while (next_in_run_ < run.count && source_bytes < max_bytes) {
      const size_t bytes = DeliveryBytes(run, next_in_run_, &source_bytes);
      delivery_bytes_.push_back(static_cast<uint32_t>(bytes));
      list_bytes += FieldBytes(bytes);
      ++next_in_run_;
    }
    parts_.push_back({&run, begin, next_in_run_});
    if (next_in_run_ < run.count) break;
    ++next_run_;
    next_in_run_ = 0;
  }
  return list_bytes;
}

grpc::ByteBuffer TakenMessages::NextFrame(size_t max_bytes) {
  assert(!empty());
  const size_t list_bytes = Advance(max_bytes);
  grpc::Slice frame(FieldBytes(list_bytes));
  auto* to = const_cast<uint8_t*>(frame.begin());
  to = WriteVarint(kDeliveriesTag, list_bytes, to);
  auto bytes = delivery_bytes_.begin();
  for (const Part& part : parts_) {
    for (uint32_t i = part.begin; i < part.end; ++i) {
      to = WriteVarint(kDeliveryTag, *bytes++, to);
      to = WriteDelivery(*part.run, i, to);
    }
  }
  assert(to == frame.end());
  if (empty()) Refill();  // lets go of the blocks
  return grpc::ByteBuffer(&frame, 1);
}

}  // namespace sluice
