// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_CONNECTION_H_
#define SLUICE_BENCH_CONNECTION_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

namespace sluice {

// A new connection, as a client of its own would have one: gRPC would otherwise
// let all streams to an address share one. It is made at first use.
std::shared_ptr<grpc::Channel> Connect(const std::string& address);

}  // namespace sluice

#endif  // SLUICE_BENCH_CONNECTION_H_
