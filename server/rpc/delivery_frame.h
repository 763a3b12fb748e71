// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_DELIVERY_FRAME_H_
#define SLUICE_SERVER_RPC_DELIVERY_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "google/protobuf/map.h"
#include "server/queue/subscription.h"
#include "server/storage/record_block.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {

// Turns what a Take brought into the frames of a stream. Most takes are one
// frame; one with many attributes, which a take does not count, becomes more.
//
//   taken.Refill() <- Subscription::Take;  while (!taken.empty()) {
//     taken.FillFrame(&deliveries);  write it }
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

  // Moves the next messages to `deliveries`, whose elements are reused: until
  // `max_bytes` are reached, at least one.
  void FillFrame(v1::Deliveries* deliveries, size_t max_bytes = kFrameBytes);

 private:
  std::vector<DeliveryRun> runs_;
  size_t next_run_ = 0;
  uint32_t next_in_run_ = 0;
};

// Copies the attributes of message `index`; returns their bytes.
size_t CopyAttributes(const RecordBlock& block, uint32_t index,
                      google::protobuf::Map<std::string, std::string>* wire);

// Empties `deliveries` for the next frame, and lets go of what is too large to
// keep (see reuse.h).
void ReleaseFrame(v1::Deliveries* deliveries);

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_DELIVERY_FRAME_H_
