// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_SERVER_H_
#define SLUICE_SERVER_SERVER_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "server/options.h"

namespace sluice {

// A whole node: owns every part and knows in which order they start and stop.
//
//   data directory (locked) → store → broker → announcer → HTTP, gRPC servers
//
// Thread-compatible.
class Server {
 public:
  // Opens the data and recovers what it holds; nobody is served yet. The error
  // is a sentence for the operator: which directory, what is wrong, what to do.
  // `clock` outlives the server.
  static absl::StatusOr<std::unique_ptr<Server>> Create(const Options& options,
                                                        Clock& clock);
  // Stops at once, without draining, what was started and not stopped.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves from now on, and writes the address file. An error names the port
  // that is taken, or the file. Once.
  absl::Status Start();

  // The clean end, once:
  //   1. publishes and new subscribers are refused, subscribers are told, and
  //      lookup servers forget the node,
  //   2. leases may still be finished, for at most the drain timeout,
  //   3. calls end, HTTP ends,
  //   4. everything in memory goes to disk, and the directory is released.
  // An error says what could not be written.
  absl::Status Stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_SERVER_H_
