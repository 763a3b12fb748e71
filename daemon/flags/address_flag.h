// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_FLAGS_ADDRESS_FLAG_H_
#define SLUICE_DAEMON_FLAGS_ADDRESS_FLAG_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/flags/flag.h"
#include "daemon/host_port.h"

namespace sluice {

// Where to listen: `host:port`. `target` outlives the flag.
Flag AddressFlag(absl::string_view name, HostPort* target,
                 absl::string_view help);

// Whom to call: `host:port`, a port from 1, any number of them; given again, or
// separated by commas. None means none.
Flag AddressListFlag(absl::string_view name, std::vector<HostPort>* target,
                     absl::string_view help);

}  // namespace sluice

#endif  // SLUICE_DAEMON_FLAGS_ADDRESS_FLAG_H_
