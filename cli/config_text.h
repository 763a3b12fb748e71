// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_CONFIG_TEXT_H_
#define SLUICE_CLI_CONFIG_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "sluice/v1/admin.pb.h"

namespace sluice {

// Configuration and state in the words of the flags, for tables.

std::string PausedText(bool paused);
std::string DurabilityText(v1::Durability durability);
std::string MessageStateText(v1::MessageState state);

// Local date and time, to the second.
std::string TimeText(absl::Time time);

}  // namespace sluice

#endif  // SLUICE_CLI_CONFIG_TEXT_H_
