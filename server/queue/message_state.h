// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_MESSAGE_STATE_H_
#define SLUICE_SERVER_QUEUE_MESSAGE_STATE_H_

namespace sluice {

// Where an unfinished message is in its channel: waiting for a subscriber, held
// by one, or waiting for its time.
enum class MessageState { kReady, kInFlight, kDeferred };

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_MESSAGE_STATE_H_
