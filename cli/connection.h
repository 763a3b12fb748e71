// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_CONNECTION_H_
#define SLUICE_CLI_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/settings.h"

namespace grpc {
class Channel;
class ClientContext;
class Status;
}  // namespace grpc

namespace sluice {

// The way to one node, or to one lookup node. Connects with the first call.
// Thread-safe.
class Connection {
 public:
  // `address` is HOST:PORT, or anything else that gRPC can resolve.
  Connection(const std::string& address, const Settings& settings);

  const std::string& address() const { return address_; }

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Gives a call that is answered once the time it may take.
  void SetDeadline(grpc::ClientContext* context) const;

  // What a call on this connection ended with. Names the address where the
  // node itself said nothing.
  absl::Status ToStatus(const grpc::Status& status) const;

 private:
  const std::string address_;
  const absl::Duration call_timeout_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_CONNECTION_H_
