// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_HOST_PORT_H_
#define SLUICE_DAEMON_HOST_PORT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace sluice {

// Where a server listens. A value type.
struct HostPort {
  std::string host;   // an IPv6 address without its brackets
  uint16_t port = 0;  // 0: any free one

  // `host:port`, with brackets around an IPv6 address.
  std::string ToString() const;
  // The same host, but one that can be connected to: a wildcard address
  // becomes the loopback.
  HostPort Reachable() const;
};

// `127.0.0.1:4150`, `[::1]:4150`, `queue.example:4150`; `:4150` listens on all
// addresses.
absl::optional<HostPort> ParseHostPort(absl::string_view text);

}  // namespace sluice

#endif  // SLUICE_DAEMON_HOST_PORT_H_
