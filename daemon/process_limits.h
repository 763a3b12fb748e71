// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_PROCESS_LIMITS_H_
#define SLUICE_DAEMON_PROCESS_LIMITS_H_

namespace sluice {

// Lets the process open as many files as it is allowed to, rather than the few
// that shells start programs with: each connection is one, and so is each file
// of the store. Warns when that is not many: gRPC stops accepting connections
// for good when there are none left, and the store closes.
void RaiseFileLimit();

}  // namespace sluice

#endif  // SLUICE_DAEMON_PROCESS_LIMITS_H_
