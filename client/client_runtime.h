// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_CLIENT_RUNTIME_H_
#define SLUICE_CLIENT_CLIENT_RUNTIME_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/random/random.h"
#include "absl/synchronization/mutex.h"
#include "client/client_options.h"
#include "client/event_loop.h"
#include "grpcpp/channel.h"

namespace sluice {

// What stands behind a ClusterConnection: its thread, and its connections to
// nodes and lookups. Owned by it. Thread-safe.
class ClientRuntime {
 public:
  // Fills in what the options leave to be found out.
  explicit ClientRuntime(ClientOptions options);

  const ClientOptions& options() const { return options_; }
  EventLoop& loop() { return loop_; }

  // The connection to `host:port`, shared by all who hold it. Made at its first
  // call.
  std::shared_ptr<grpc::Channel> Channel(const std::string& address)
      ABSL_LOCKS_EXCLUDED(mu_);

  uint64_t RandomBits() ABSL_LOCKS_EXCLUDED(mu_);
  // In [0, 1).
  double RandomFraction() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  const ClientOptions options_;

  absl::Mutex mu_;
  absl::BitGen random_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, std::weak_ptr<grpc::Channel>> channels_
      ABSL_GUARDED_BY(mu_);

  EventLoop loop_;  // ends first
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_CLIENT_RUNTIME_H_
