// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_LOOKUP_HTTP_PAGES_H_
#define SLUICE_LOOKUP_HTTP_PAGES_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "daemon/http/http_server.h"
#include "lookup/lookup_registry.h"

namespace sluice {

// What GET /info tells about a lookup server.
struct LookupInfo {
  std::string version;
  uint32_t grpc_port = 0;
  uint32_t http_port = 0;
  absl::Time start_time;

  std::string ToJson() const;
};

// Adds the questions that LookupService answers, for people and scripts. All
// answer JSON, with the protos' JSON names:
//
//   GET /lookup?topic=T    {"channels":[…],"producers":[{"nodeId":…},…]}
//   GET /topics            {"topics":[…]}
//   GET /channels?topic=T  {"channels":[…]}
//   GET /nodes             {"nodes":[{"nodeId":…,"topicCount":3,
//                            "silence":"1.2s","tombstones":[…]},…]}
//   GET /stats             {"nodes":3,"topics":7,…}
//
// Errors are {"reason":…,"message":…}: 400 MISSING_ARGUMENT or INVALID_NAME;
// 404 TOPIC_NOT_FOUND for a topic that is not known, which here, unlike in
// gRPC, is what a person wants to be told. `registry` outlives `server`.
void AddLookupPages(LookupRegistry& registry, HttpServer* server);

}  // namespace sluice

#endif  // SLUICE_LOOKUP_HTTP_PAGES_H_
