// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_NODE_PROCESS_H_
#define SLUICE_TESTS_NODE_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace sluice {

// A real `sluiced` in a process of its own, on free ports of 127.0.0.1, in a
// fresh directory that goes with the object. It can be killed and started again
// on the same data, which is how the tests look at crashes.
//
//   NodeProcess node({"--mem-queue-size=1000"});
//   ASSERT_TRUE(node.Start().ok());
//   ... node.grpc_address() ...
//   node.Kill(SIGTERM);
//   EXPECT_EQ(node.Wait(), 0);
//
// Thread-compatible.
class NodeProcess {
 public:
  // `flags` come after the ones that this class sets (addresses, data path,
  // address file) and therefore win over them. Nothing is started yet.
  explicit NodeProcess(std::vector<std::string> flags = {});
  // Kills a node that still runs; removes the directory.
  ~NodeProcess();
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  // Launch(), then waits until the node serves. An error holds what it wrote
  // to stderr. Also after Wait(), then on the same data, perhaps other ports.
  absl::Status Start(absl::Duration timeout = absl::Seconds(30));
  // Starts the process and does not wait: for a node that is meant to refuse.
  absl::Status Launch();

  // Sends a signal; nothing when the node is not running.
  void Kill(int signal);
  // Waits for the end: the exit code, 128 + the signal that killed it, or -1
  // when it still runs after `timeout`. What it wrote stays readable.
  int Wait(absl::Duration timeout = absl::Seconds(60));
  bool running();

  // Flags for the next Launch() or Start(), instead of the constructor's.
  void set_flags(std::vector<std::string> flags) { flags_ = std::move(flags); }

  // `127.0.0.1:PORT`, once Start() returned OK.
  const std::string& grpc_address() const { return grpc_address_; }
  const std::string& http_address() const { return http_address_; }
  pid_t pid() const { return pid_; }

  // The directory of this node, its data path in it, and the address file.
  const std::string& directory() const { return directory_; }
  std::string data_path() const { return directory_ + "/data"; }
  std::string address_file() const { return directory_ + "/address"; }

  // What the latest process wrote so far.
  std::string standard_output() const;
  std::string standard_error() const;

 protected:
  // Another server that takes the same flags. `binary` is its path in the
  // repository; without data, it gets no data path.
  NodeProcess(std::string binary, bool has_data,
              std::vector<std::string> flags);

 private:
  std::vector<std::string> CommandLine() const;
  // Fills the addresses; false while the file is not there.
  bool ReadAddressFile();
  // The exit code once the process has ended.
  absl::optional<int> Poll();

  const std::string binary_;
  const bool has_data_;
  std::vector<std::string> flags_;
  std::string directory_;
  std::string grpc_address_;
  std::string http_address_;
  pid_t pid_ = -1;  // -1: none, or ended and reaped
  int exit_code_ = -1;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_NODE_PROCESS_H_
