// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace sluice {

bool IsTerminal(int fd) { return isatty(fd) == 1; }

bool TakesEscapes(int fd) {
  const char* terminal = std::getenv("TERM");
  return IsTerminal(fd) && terminal != nullptr &&
         std::strcmp(terminal, "dumb") != 0;
}

bool TakesColour(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  return TakesEscapes(fd) && (no_color == nullptr || *no_color == '\0');
}

}  // namespace sluice
