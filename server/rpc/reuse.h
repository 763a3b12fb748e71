// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_REUSE_H_
#define SLUICE_SERVER_RPC_REUSE_H_

#include <cstddef>

namespace sluice {

// A stream keeps its request and response objects and fills them anew for each
// frame: a cleared protobuf message keeps the capacity of its strings, so a
// message costs a copy and no allocation. What is kept must have a bound, or
// one stream that now and then carries large messages would in time hold that
// much for each position in a frame. So a frame with a body above
// kMaxReusedBodyBytes, or with more messages than kMaxReusedMessages, is not
// kept: 1 MiB per stream at most. For such bodies the allocation is small
// beside the copy.
constexpr size_t kMaxReusedBodyBytes = 1024;
constexpr int kMaxReusedMessages = 1024;
// The same for a buffer that holds a frame as a whole.
constexpr size_t kMaxReusedFrameBytes = 128 << 10;

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_REUSE_H_
