// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_NULL_CONVERSATION_H_
#define SLUICE_BENCH_NULL_CONVERSATION_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace sluice {

// How the null node talks. A value type.
struct NullConversationOptions {
  uint32_t deliver_batch = 200;  // messages in one frame of deliveries
  size_t deliver_bytes = 200;    // body of a delivered message

  // Whether publishes are parsed and deliveries serialised with protobuf.
  // Without it the bytes are passed over: what is left is the price of gRPC
  // itself.
  bool use_protobuf = true;
};

// Answers the frames of one call, keeping nothing. One thread only.
class NullConversation {
 public:
  virtual ~NullConversation() = default;
  // Takes what the client sent; false for what it may not send.
  virtual bool Receive(const grpc::ByteBuffer& request) = 0;
  // The client sends no more.
  virtual void HalfClose() = 0;
  // Makes the next frame to send; false when there is none just now.
  virtual bool Next(grpc::ByteBuffer* response) = 0;
  // Whether the call may end once Next has nothing more.
  virtual bool over() const = 0;
};

// The conversation for a method such as
// "/sluice.v1.SubscriberService/Subscribe"; null where there is none. The
// options outlive it.
std::unique_ptr<NullConversation> MakeNullConversation(
    const std::string& method, const NullConversationOptions& options);

}  // namespace sluice

#endif  // SLUICE_BENCH_NULL_CONVERSATION_H_
