// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/server_builder_options.h"

#include <algorithm>
#include <climits>
#include <cstdint>

#include "grpc/grpc.h"

namespace sluice {
namespace {

constexpr int kUnlimited = -1;

// Clients may ping this often, with or without calls (wire contract: every
// 10 s). A little less, for their timers' sake.
constexpr absl::Duration kMinPingInterval = absl::Milliseconds(9500);

// A peer that connects and says nothing is dropped after this.
constexpr absl::Duration kHandshakeTimeout = absl::Seconds(10);

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(
      std::min<int64_t>(absl::ToInt64Milliseconds(duration), INT_MAX));
}

void ApplyKeepalive(const TransportOptions& options,
                    grpc::ServerBuilder* builder) {
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS,
                              Milliseconds(options.heartbeat_interval));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                              Milliseconds(options.heartbeat_timeout));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Without this gRPC stops its pings after two on a connection without data.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder->AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
      Milliseconds(kMinPingInterval));
  // 0: pings that come too often are ignored; by default the third closes the
  // connection, and with it the leases of an eager client.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
}

}  // namespace

int MaxReceiveBytes(size_t max_batch_bytes) {
  constexpr uint64_t kSlack = 8 << 20;
  return static_cast<int>(
      std::min<uint64_t>(2 * uint64_t{max_batch_bytes} + kSlack, INT_MAX));
}

void ApplyTransportOptions(const TransportOptions& options,
                           grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(MaxReceiveBytes(options.max_batch_bytes));
  builder->SetMaxSendMessageSize(kUnlimited);
  // By default two servers may listen on the same port without an error.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                              Milliseconds(kHandshakeTimeout));
  ApplyKeepalive(options, builder);
}

}  // namespace sluice
