// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_RELAY_ID_H_
#define SLUICE_CLI_RELAY_ID_H_

#include <string>

#include "client/message.h"

namespace sluice {

// The request id under which a message is published elsewhere: the same for
// each attempt, also by another process, and different for different messages.
// So a node that has stored it answers, and does not store it twice. At most 64
// bytes. Made of the node the message came from, its topic, the topic it goes
// to, its id, and when it was published, since ids begin anew with a topic that
// is deleted and made again.
std::string RelayId(const Message& message, const std::string& target_topic);

}  // namespace sluice

#endif  // SLUICE_CLI_RELAY_ID_H_
