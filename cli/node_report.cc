// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/node_report.h"

#include "absl/strings/str_cat.h"

namespace sluice {

NodeVerdict Judge(const NodeReport& report) {
  const std::string& id = report.announced.node_id();
  if (!report.found.ok()) {
    return {"unreachable",
            absl::StrCat("node ", id, " announces ", report.address,
                         ", where it cannot be reached from here (",
                         report.found.status().message(),
                         "); if it runs, set its --broadcast-address")};
  }
  const v1::ServerInfo& server = report.found->server();
  if (!id.empty() && server.node_id() != id) {
    return {"wrong-address",
            absl::StrCat("node ", id, " announces ", report.address,
                         ", but node ", server.node_id(),
                         " answers there; set the --broadcast-address of ", id,
                         " to one that leads to it")};
  }
  if (server.draining()) return {"draining", ""};
  if (!server.healthy()) {
    return {"unhealthy",
            absl::StrCat("node ", id, " at ", report.address,
                         " is not healthy: ", server.unhealthy_reason())};
  }
  return {"ok", ""};
}

}  // namespace sluice
