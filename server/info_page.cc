// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/info_page.h"

#include "nlohmann/json.hpp"

namespace sluice {

std::string InfoPage::ToJson() const {
  const nlohmann::json json = {
      {"version", version},
      {"node_id", node_id},
      {"broadcast_address", broadcast_address},
      {"grpc_port", grpc_port},
      {"http_port", http_port},
      {"start_time",
       absl::FormatTime(absl::RFC3339_full, start_time, absl::UTCTimeZone())},
  };
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace sluice
