// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_FRAMES_H_
#define SLUICE_BENCH_FRAMES_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sluice/v1/publisher.pb.h"
#include "sluice/v1/subscriber.pb.h"

// Messages of the wire contract as the bytes that gRPC sends. The load
// generator shares the machine with what it measures, so it must cost next to
// nothing: it serialises a publish once and sends the same bytes again, and of
// a delivery it reads the id only.
namespace sluice {

// One publish request, as it is sent again and again.
struct PublishFrame {
  std::string topic;
  int message_count = 200;
  size_t body_bytes = 200;
  v1::Durability durability = v1::DURABILITY_UNSPECIFIED;
};

grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message);

// False when the bytes are not such a message.
bool Parse(const grpc::ByteBuffer& bytes,
           google::protobuf::MessageLite* message);

// A PublishStreamRequest. The bodies are pseudo-random, and each of a frame is
// another, so that no compression below the wire flatters the result.
grpc::ByteBuffer SerializePublish(const PublishFrame& frame,
                                  uint64_t correlation_id);

// The PublishRequest of a unary publish, with bodies made from `seed`.
grpc::ByteBuffer SerializeUnaryPublish(const PublishFrame& frame,
                                       uint64_t seed);

// The correlation id at the start of a PublishStreamRequest, without parsing
// the rest; 0 when there is none.
uint64_t LeadingCorrelationId(const grpc::ByteBuffer& bytes);

// What a SubscribeResponse holds. Of Deliveries, the delivery ids and the sizes
// of the bodies are added to `delivery_ids` and `body_bytes`; anything else is
// left to the caller. EVENT_NOT_SET when the bytes are no such message.
v1::SubscribeResponse::EventCase ReadDeliveries(
    const grpc::ByteBuffer& bytes, std::vector<uint64_t>* delivery_ids,
    uint64_t* body_bytes);

}  // namespace sluice

#endif  // SLUICE_BENCH_FRAMES_H_
