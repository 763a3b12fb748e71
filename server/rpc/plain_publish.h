// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_PLAIN_PUBLISH_H_
#define SLUICE_SERVER_RPC_PLAIN_PUBLISH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/limits.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/queue/durability.h"
#include "server/storage/record_block.h"

namespace sluice {

// A PublishStreamRequest of the shape that nearly all have: a correlation id, a
// topic, perhaps a durability and a request id of ASCII, and messages that are
// bodies and nothing else, all within the limits. It is read from the frame
// without the generated parser, which would make an object and a copy of each
// message: that is a third of what a publish in memory costs
// (docs/performance.md).
//
// Whatever else a frame holds, be it attributes, an unknown field or a mistake,
// is not plain, and is left to the generated parser and to CheckPublish, so
// there is one place that decides what is wrong with a request.
//
// Thread-compatible. Owned by its stream; reused, so it allocates only when a
// request is larger than those before.
class PlainPublish {
 public:
  // Takes in `frame`. False, with nothing to be had from this object, when it
  // is not plain. `frame` is unchanged either way.
  bool Read(const grpc::ByteBuffer& frame, const Limits& limits);

  uint64_t correlation_id() const { return correlation_id_; }
  absl::string_view topic() const { return topic_; }
  Durability durability() const { return durability_; }  // the wish
  absl::string_view request_id() const { return request_id_; }

  std::unique_ptr<RecordBlock> BuildRecordBlock(absl::Time publish_time) const;

  // Lets go of what is too large to keep. Afterwards nothing is to be had.
  void Release();

 private:
  // The frame as one run of bytes: its only slice, or a copy of all.
  absl::string_view Join(const grpc::ByteBuffer& frame);
  bool ReadRequest(absl::string_view bytes);
  bool ReadPublish(absl::string_view bytes);
  bool ReadMessage(absl::string_view bytes);

  std::vector<grpc::Slice> slices_;  // what the views below point into,
  std::string joined_;               // one or the other
  uint64_t correlation_id_ = 0;
  absl::string_view topic_;
  Durability durability_ = Durability::kUnspecified;
  absl::string_view request_id_;
  std::vector<absl::string_view> bodies_;
  size_t body_bytes_ = 0;
  size_t largest_body_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_PLAIN_PUBLISH_H_
