// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_DAEMON_NOTIFY_NOTIFY_H_
#define SLUICE_DAEMON_NOTIFY_NOTIFY_H_

namespace sluice {

// Tells systemd how far the process is (`Type=notify`). Both do nothing when
// the process was started by something else.

// The node serves.
void NotifyReady();
// The node is about to end; systemd stops waiting for anything else from it.
void NotifyStopping();

}  // namespace sluice

#endif  // SLUICE_DAEMON_NOTIFY_NOTIFY_H_
