// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_PUBLISH_STREAM_REQUEST_H_
#define SLUICE_SERVER_RPC_PUBLISH_STREAM_REQUEST_H_

#include <cstdint>

#include "grpcpp/support/byte_buffer.h"
#include "sluice/v1/publisher.pb.h"

namespace sluice {

// The object that the requests of one stream are parsed into. The generated
// parser throws away the `publish` of the request before, with everything that
// was allocated for it; this one keeps it (see reuse.h).
//
// Thread-compatible. Owned by its stream.
class PublishStreamRequestBuffer {
 public:
  // Replaces the request by the one in `frame`. False when it is none.
  bool Parse(grpc::ByteBuffer* frame);

  uint64_t correlation_id() const { return request_.correlation_id(); }
  const v1::PublishRequest& publish() const { return request_.publish(); }

  // False when the request has no `publish`, or one without any content.
  bool has_publish() const;

  // To be called when the request was dealt with: lets go of what is too large
  // to keep.
  void Release();

 private:
  v1::PublishStreamRequest request_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_PUBLISH_STREAM_REQUEST_H_
