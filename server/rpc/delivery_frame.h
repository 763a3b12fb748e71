// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_DELIVERY_FRAME_H_
#define SLUICE_SERVER_RPC_DELIVERY_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "google/protobuf/map.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/queue/subscription.h"
#include "server/storage/record_block.h"

namespace sluice {

// Turns what a Take brought into the frames of a stream. Most takes are one
// frame; one with many attributes, which a take does not count, becomes more.
//
//   taken.Refill() <- Subscription::Take;
//   while (!taken.empty()) write(taken.NextFrame());
//
// A frame is laid out here, and not by the generated code: a message goes from
// its block to the wire in one copy, at an eighth of the price.
//
// Thread-compatible. Owned by its stream.
class TakenMessages {
 public:
  // Bytes of bodies and attributes after which a frame takes no more messages:
  // above what one take holds, below the 4 MiB that gRPC clients receive by
  // default.
  static constexpr size_t kFrameBytes = 3 << 19;  // 1.5 MiB

  // Where to append; only while empty().
  std::vector<DeliveryRun>* Refill();

  bool empty() const { return next_run_ == runs_.size(); }

  // Forgets what was not written yet.
  void Drop() { Refill(); }

  // A SubscribeResponse with the next messages: until `max_bytes` are reached,
  // at least one. Only while not empty().
  grpc::ByteBuffer NextFrame(size_t max_bytes = kFrameBytes);

 private:
  // Neighbours of one run that go into the same frame.
  struct Part {
    const DeliveryRun* run;
    uint32_t begin;
    uint32_t end;
  };

  // Moves on by a frame: its parts to parts_, the sizes of its deliveries to
  // delivery_bytes_. Returns the bytes of them all with their framing.
  size_t Advance(size_t max_bytes);

  std::vector<DeliveryRun> runs_;
  size_t next_run_ = 0;
  uint32_t next_in_run_ = 0;

  // Of the frame in the making.
  std::vector<Part> parts_;
  std::vector<uint32_t> delivery_bytes_;
};

// Copies the attributes of message `index`; returns their bytes.
size_t CopyAttributes(const RecordBlock& block, uint32_t index,
                      google::protobuf::Map<std::string, std::string>* wire);

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_DELIVERY_FRAME_H_
