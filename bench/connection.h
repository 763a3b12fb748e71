// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BENCH_CONNECTION_H_
#define SLUICE_BENCH_CONNECTION_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <vector>

namespace sluice {

// A new connection, as a client of its own would have one: gRPC would otherwise
// let all streams to an address share one. It is made at first use.
std::shared_ptr<grpc::Channel> Connect(const std::string& address);

// The connections of a run: so many that take turns, or for 0 a new one each
// time. One thread only.
class Connections {
 public:
  Connections(std::string address, int count);

  std::shared_ptr<grpc::Channel> Next();

 private:
  const std::string address_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  size_t next_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_BENCH_CONNECTION_H_
