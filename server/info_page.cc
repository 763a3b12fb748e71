// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/info_page.h"

#include "nlohmann/json.hpp"

namespace sluice {

std::string InfoPage::ToJson() const {
  nlohmann::json lookup_states = nlohmann::json::array();
  for (const LookupState& lookup : lookups) {
    lookup_states.push_back({{"address", lookup.address},
                             {"registered", lookup.registered},
                             {"failures", lookup.failures},
                             {"last_error", lookup.last_error}});
  }
  const nlohmann::json json = {
      {"version", version},
      {"node_id", node_id},
      {"broadcast_address", broadcast_address},
      {"grpc_port", grpc_port},
      {"http_port", http_port},
      {"start_time",
       absl::FormatTime(absl::RFC3339_full, start_time, absl::UTCTimeZone())},
      {"lookups", lookup_states},
  };
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace sluice
