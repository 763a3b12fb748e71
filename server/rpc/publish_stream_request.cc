// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/publish_stream_request.h"

#include "google/protobuf/io/coded_stream.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "server/rpc/reuse.h"

namespace sluice {

bool PublishStreamRequestBuffer::Parse(grpc::ByteBuffer* frame) {
  request_.mutable_publish()->Clear();
  request_.set_correlation_id(0);
  grpc::ProtoBufferReader bytes(frame);
  if (!bytes.status().ok()) return false;
  google::protobuf::io::CodedInputStream input(&bytes);
  return request_.MergeFromCodedStream(&input) && input.ConsumedEntireMessage();
}

bool PublishStreamRequestBuffer::has_publish() const {
  return !publish().topic().empty() || !publish().messages().empty();
}

void PublishStreamRequestBuffer::Release() {
  bool keep = publish().messages_size() <= kMaxReusedMessages;
  for (int i = 0; keep && i < publish().messages_size(); ++i) {
    keep = publish().messages(i).body().size() <= kMaxReusedBodyBytes;
  }
  if (!keep) request_.clear_publish();
}

}  // namespace sluice
