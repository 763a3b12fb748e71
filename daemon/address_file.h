// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_ADDRESS_FILE_H_
#define SLUICE_DAEMON_ADDRESS_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "daemon/host_port.h"

namespace sluice {

// Writes `{"grpc":"127.0.0.1:4150","http":"127.0.0.1:4151"}` to `path`. It
// appears by rename, so whoever sees the file sees all of it. UNAVAILABLE names
// the path.
absl::Status WriteAddressFile(const std::string& path, const HostPort& grpc,
                              const HostPort& http);

}  // namespace sluice

#endif  // SLUICE_DAEMON_ADDRESS_FILE_H_
