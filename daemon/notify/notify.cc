// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/notify/notify.h"

#include <systemd/sd-daemon.h>

namespace sluice {

// A manager that does not hear is no reason to stop serving, so the results
// are dropped.
void NotifyReady() { sd_notify(0, "READY=1"); }
void NotifyStopping() { sd_notify(0, "STOPPING=1"); }

}  // namespace sluice
