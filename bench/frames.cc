// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/frames.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>

#include <random>

namespace sluice {
namespace {

using ::google::protobuf::internal::WireFormatLite;
using ::google::protobuf::io::CodedInputStream;

// The reader only counts references in the buffer, but asks for it unconst.
grpc::ByteBuffer* Unconst(const grpc::ByteBuffer& bytes) {
  return const_cast<grpc::ByteBuffer*>(&bytes);
}

constexpr uint32_t Tag(int field, WireFormatLite::WireType type) {
  return WireFormatLite::MakeTag(field, type);
}

constexpr uint32_t kDeliveriesTag =
    Tag(v1::SubscribeResponse::kDeliveriesFieldNumber,
        WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
constexpr uint32_t kDeliveryTag =
    Tag(v1::Deliveries::kDeliveriesFieldNumber,
        WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
constexpr uint32_t kDeliveryIdTag =
    Tag(v1::Delivery::kDeliveryIdFieldNumber, WireFormatLite::WIRETYPE_VARINT);
constexpr uint32_t kBodyTag = Tag(v1::Delivery::kBodyFieldNumber,
                                  WireFormatLite::WIRETYPE_LENGTH_DELIMITED);

// Reads a varint that starts at `*at`; false when it does not end before `end`.
bool ReadVarint(const uint8_t** at, const uint8_t* end, uint64_t* value) {
  *value = 0;
  for (int shift = 0; *at < end && shift < 64; shift += 7) {
    const uint8_t byte = *(*at)++;
    *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// One Delivery in one piece of memory.
bool ReadDelivery(const uint8_t* at, const uint8_t* end, uint64_t* id,
                  uint64_t* body_bytes) {
  while (at < end) {
    uint64_t tag;
    uint64_t value = 0;
    if (!ReadVarint(&at, end, &tag)) return false;
    switch (tag & 7) {
      case WireFormatLite::WIRETYPE_VARINT:
        if (!ReadVarint(&at, end, &value)) return false;
        break;
      case WireFormatLite::WIRETYPE_FIXED64:
        if (end - at < 8) return false;
        at += 8;
        break;
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        if (!ReadVarint(&at, end, &value)) return false;
        if (static_cast<uint64_t>(end - at) < value) return false;
        at += value;
        break;
      default:
        return false;
    }
    if (tag == kDeliveryIdTag) *id = value;
    if (tag == kBodyTag) *body_bytes += value;
  }
  return true;
}

// Reads the next `size` bytes as a Delivery. A frame comes as some slices; the
// few deliveries that lie across two of them are copied together.
bool ReadDelivery(CodedInputStream* in, int size, std::string* copy,
                  uint64_t* id, uint64_t* body_bytes) {
  const void* data = nullptr;
  int available = 0;
  if (size == 0) return true;
  if (in->GetDirectBufferPointer(&data, &available) && available >= size) {
    const auto* at = static_cast<const uint8_t*>(data);
    return ReadDelivery(at, at + size, id, body_bytes) && in->Skip(size);
  }
  if (!in->ReadString(copy, size)) return false;
  const auto* at = reinterpret_cast<const uint8_t*>(copy->data());
  return ReadDelivery(at, at + size, id, body_bytes);
}

bool ReadDeliveryList(CodedInputStream* in, std::vector<uint64_t>* ids,
                      uint64_t* body_bytes) {
  uint32_t list_bytes;
  if (!in->ReadVarint32(&list_bytes)) return false;
  const int end = in->CurrentPosition() + static_cast<int>(list_bytes);
  std::string copy;
  while (in->CurrentPosition() < end) {
    uint32_t size;
    if (in->ReadTag() != kDeliveryTag) return false;
    if (!in->ReadVarint32(&size)) return false;
    uint64_t id = 0;
    if (!ReadDelivery(in, static_cast<int>(size), &copy, &id, body_bytes)) {
      return false;
    }
    ids->push_back(id);
  }
  return in->CurrentPosition() == end;
}

void Fill(const PublishFrame& frame, uint64_t seed,
          v1::PublishRequest* publish) {
  publish->set_topic(frame.topic);
  publish->set_durability(frame.durability);
  std::mt19937_64 random(seed);
  for (int i = 0; i < frame.message_count; ++i) {
    std::string& body = *publish->add_messages()->mutable_body();
    body.resize(frame.body_bytes);
    for (char& c : body) c = static_cast<char>(random());
  }
}

}  // namespace

grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

bool Parse(const grpc::ByteBuffer& bytes,
           google::protobuf::MessageLite* message) {
  grpc::ProtoBufferReader reader(Unconst(bytes));
  return reader.status().ok() && message->ParseFromZeroCopyStream(&reader);
}

grpc::ByteBuffer SerializePublish(const PublishFrame& frame,
                                  uint64_t correlation_id) {
  v1::PublishStreamRequest request;
  request.set_correlation_id(correlation_id);
  Fill(frame, correlation_id, request.mutable_publish());
  return Serialize(request);
}

grpc::ByteBuffer SerializeUnaryPublish(const PublishFrame& frame,
                                       uint64_t seed) {
  v1::PublishRequest request;
  Fill(frame, seed, &request);
  return Serialize(request);
}

uint64_t LeadingCorrelationId(const grpc::ByteBuffer& bytes) {
  grpc::ProtoBufferReader reader(Unconst(bytes));
  if (!reader.status().ok()) return 0;
  CodedInputStream in(&reader);
  constexpr uint32_t kTag =
      Tag(v1::PublishStreamRequest::kCorrelationIdFieldNumber,
          WireFormatLite::WIRETYPE_VARINT);
  uint64_t id = 0;
  if (in.ReadTag() != kTag || !in.ReadVarint64(&id)) return 0;
  return id;
}

v1::SubscribeResponse::EventCase ReadDeliveries(
    const grpc::ByteBuffer& bytes, std::vector<uint64_t>* delivery_ids,
    uint64_t* body_bytes) {
  grpc::ProtoBufferReader reader(Unconst(bytes));
  if (!reader.status().ok()) return v1::SubscribeResponse::EVENT_NOT_SET;
  CodedInputStream in(&reader);
  const uint32_t tag = in.ReadTag();
  if (tag == kDeliveriesTag &&
      !ReadDeliveryList(&in, delivery_ids, body_bytes)) {
    return v1::SubscribeResponse::EVENT_NOT_SET;
  }
  return static_cast<v1::SubscribeResponse::EventCase>(
      WireFormatLite::GetTagFieldNumber(tag));
}

}  // namespace sluice
