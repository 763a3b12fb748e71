// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_TERMINAL_H_
#define SLUICE_CLI_TERMINAL_H_

namespace sluice {

// Whether a person reads or types at the file descriptor.
bool IsTerminal(int fd);

// Whether escape sequences may be written there: a terminal that understands
// them (TERM is not "dumb").
bool TakesEscapes(int fd);

// Whether to use colours and bold there: TakesEscapes, and NO_COLOR is not set.
bool TakesColour(int fd);

}  // namespace sluice

#endif  // SLUICE_CLI_TERMINAL_H_
