// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_CONSUMPTION_H_
#define SLUICE_CLI_CONSUMPTION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/settings.h"
#include "cli/subscription.h"

namespace sluice {

// What `sub` and `tail` have in common: messages go to standard output until
// enough were written, the time is over, or somebody makes an end.

struct ConsumptionFlags {
  std::optional<uint64_t> limit;
  std::string delimiter = "\n";
  bool nul = false;
};

void AddConsumptionFlags(Command verb, ConsumptionFlags* flags);

// Runs the verb. `place` is where messages come from, for people: "from t/c".
ExitCode RunConsumption(const ConsumptionFlags& flags,
                        SubscriptionOptions subscription,
                        const std::string& place, const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_CONSUMPTION_H_
