// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_HOST_NAME_H_
#define SLUICE_DAEMON_HOST_NAME_H_

#include <string>

namespace sluice {

// What the machine calls itself; `localhost` when it does not say.
std::string HostName();

}  // namespace sluice

#endif  // SLUICE_DAEMON_HOST_NAME_H_
