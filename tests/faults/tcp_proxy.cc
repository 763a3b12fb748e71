// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/tcp_proxy.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace sluice {
namespace {

constexpr int kLookEveryMilliseconds = 20;

sockaddr_in Loopback(int port) {
  sockaddr_in address;
  std::memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// The socket calls take any kind of address by a pointer to the general one.
sockaddr* General(sockaddr_in* address) {
  return static_cast<sockaddr*>(static_cast<void*>(address));
}

int PortOf(const std::string& address) {
  int port = 0;
  (void)absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port);
  return port;
}

}  // namespace

TcpProxy::TcpProxy(const std::string& target) : target_port_(PortOf(target)) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  bind(listener_, General(&address), size);
  listen(listener_, 64);
  getsockname(listener_, General(&address), &size);
  address_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
  thread_ = std::thread([this] { Run(); });
}

TcpProxy::~TcpProxy() {
  over_ = true;
  thread_.join();
  for (const Pair& pair : pairs_) {
    close(pair.client);
    close(pair.node);
  }
  close(listener_);
}

void TcpProxy::Run() {
  while (!over_) {
    std::vector<pollfd> wanted = {{listener_, POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      wanted.push_back({pair.client, POLLIN, 0});
      wanted.push_back({pair.node, POLLIN, 0});
    }
    if (silent_) {
      poll(nullptr, 0, kLookEveryMilliseconds);
      continue;
    }
    if (poll(wanted.data(), wanted.size(), kLookEveryMilliseconds) <= 0) {
      continue;
    }
    std::vector<Pair> alive;
    for (size_t i = 0; i < pairs_.size(); ++i) {
      const Pair& pair = pairs_[i];
      bool is_up = true;
      if (wanted[1 + 2 * i].revents != 0) is_up = Move(pair.client, pair.node);
      if (wanted[2 + 2 * i].revents != 0) {
        is_up = Move(pair.node, pair.client) && is_up;
      }
      if (is_up) {
        alive.push_back(pair);
      } else {
        close(pair.client);
        close(pair.node);
      }
    }
    pairs_.swap(alive);
    if (wanted[0].revents != 0) Accept();
  }
}

void TcpProxy::Accept() {
  const int client = accept(listener_, nullptr, nullptr);
  if (client < 0) return;
  const int node = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(target_port_);
  if (connect(node, General(&address), sizeof(address)) != 0) {
    close(client);
    close(node);
    return;
  }
  pairs_.push_back({client, node});
}

bool TcpProxy::Move(int from, int to) {
  char buffer[16384];
  const ssize_t got = recv(from, buffer, sizeof(buffer), 0);
  if (got <= 0) return false;
  for (ssize_t sent = 0; sent < got;) {
    const ssize_t now =
        send(to, buffer + sent, static_cast<size_t>(got - sent), MSG_NOSIGNAL);
    if (now <= 0) return false;
    sent += now;
  }
  return true;
}

}  // namespace sluice
