// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_LOOKUP_SERVER_H_
#define SLUICE_LOOKUP_LOOKUP_SERVER_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "daemon/http/http_server.h"
#include "lookup/expiry.h"
#include "lookup/lookup_options.h"
#include "lookup/lookup_registry.h"
#include "lookup/lookup_rpc_server.h"

namespace sluice {

// A whole lookup server: owns every part and knows in which order they start
// and stop. It keeps nothing: after a restart the nodes tell it all anew.
//
//   registry → expiry → HTTP and gRPC servers
//
// Thread-compatible.
class LookupServer {
 public:
  // `clock` outlives the server.
  LookupServer(const LookupOptions& options, Clock& clock);
  // Stops, if that was not done.
  ~LookupServer();
  LookupServer(const LookupServer&) = delete;
  LookupServer& operator=(const LookupServer&) = delete;

  // Serves from now on, and writes the address file. An error names the port
  // that is taken, or the file. Once.
  absl::Status Start();

  // Says that it is going, ends the streams of nodes and watchers, which turn
  // to other lookup servers, and joins the threads. Safe to repeat.
  void Stop();

 private:
  absl::Status StartRpc();
  void ServeHttp();
  absl::Status WriteAddresses() const;

  const LookupOptions options_;
  Clock& clock_;
  const absl::Time start_time_;

  // In the order of construction; destroyed from the last to the first.
  LookupRegistry registry_;
  Expiry expiry_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<LookupRpcServer> rpc_;
};

}  // namespace sluice

#endif  // SLUICE_LOOKUP_LOOKUP_SERVER_H_
