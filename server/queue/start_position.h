// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_START_POSITION_H_
#define SLUICE_SERVER_QUEUE_START_POSITION_H_

namespace sluice {

// Where a new channel starts in its topic's log. Unspecified: the first lasting
// channel at the oldest message kept, later and ephemeral ones at the end.
enum class StartPosition { kUnspecified, kEarliest, kLatest };

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_START_POSITION_H_
