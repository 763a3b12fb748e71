// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_LOOKUP_CONTEXT_H_
#define SLUICE_LOOKUP_LOOKUP_CONTEXT_H_

#include <atomic>

#include "absl/time/time.h"
#include "lookup/expiry.h"
#include "lookup/lookup_registry.h"
#include "rpc/live_calls.h"

namespace sluice {

// What calls need from the lookup server. Owned by LookupRpcServer, which
// outlives all calls.
struct LookupContext {
  LookupContext(LookupRegistry& lookup_registry, Expiry& registry_expiry)
      : registry(lookup_registry), expiry(registry_expiry) {}

  LookupRegistry& registry;
  Expiry& expiry;

  // Constant once the server takes calls.
  absl::Duration ping_interval = absl::Seconds(15);

  std::atomic<bool> draining{false};
  LiveCalls live_calls;
};

}  // namespace sluice

#endif  // SLUICE_LOOKUP_LOOKUP_CONTEXT_H_
