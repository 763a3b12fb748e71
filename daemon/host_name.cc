// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/host_name.h"

#include <limits.h>
#include <unistd.h>

namespace sluice {

std::string HostName() {
  char name[HOST_NAME_MAX + 1] = {};
  return gethostname(name, sizeof(name) - 1) == 0 && name[0] != '\0'
             ? name
             : "localhost";
}

}  // namespace sluice
