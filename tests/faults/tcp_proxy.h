// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_FAULTS_TCP_PROXY_H_
#define SLUICE_TESTS_FAULTS_TCP_PROXY_H_

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace sluice {

// Stands between clients and a node on 127.0.0.1, and can go silent: the
// connections stay up and nothing passes, as when a cable is cut. One thread.
class TcpProxy {
 public:
  // `target` is `127.0.0.1:PORT`.
  explicit TcpProxy(const std::string& target);
  // Closes all connections.
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  // Where clients connect to.
  const std::string& address() const { return address_; }

  // From now on nothing passes in either direction, new connections included.
  void GoSilent() { silent_ = true; }

 private:
  struct Pair {
    int client;
    int node;
  };

  void Run();
  void Accept();
  // Moves what `from` has to `to`. False: the connection is over.
  static bool Move(int from, int to);

  const int target_port_;
  int listener_ = -1;
  std::string address_;
  std::atomic<bool> silent_{false};
  std::atomic<bool> over_{false};
  std::vector<Pair> pairs_;  // the thread's own
  std::thread thread_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_FAULTS_TCP_PROXY_H_
