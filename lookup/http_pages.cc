// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "lookup/http_pages.h"

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

using Json = nlohmann::json;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

HttpAnswer Refuse(int status, const std::string& reason,
                  const std::string& message) {
  return {Dump({{"reason", reason}, {"message", message}}), status};
}

// A page about one topic, which must be known.
HttpServer::Page TopicPage(
    LookupRegistry& registry,
    std::function<Json(const std::string& topic)> answer) {
  return [&registry,
          answer = std::move(answer)](const HttpParameters& parameters) {
    const auto topic = parameters.find("topic");
    if (topic == parameters.end()) {
      return Refuse(400, "MISSING_ARGUMENT",
                    "say which topic, as in ?topic=orders");
    }
    const absl::Status name = ValidateName("topic", topic->second);
    if (!name.ok()) {
      return Refuse(400, ErrorReason(name), std::string(name.message()));
    }
    if (!registry.Knows(topic->second)) {
      return Refuse(404, "TOPIC_NOT_FOUND",
                    absl::StrCat("no node has topic ", topic->second,
                                 ", and nobody created it here"));
    }
    return HttpAnswer{Dump(answer(topic->second))};
  };
}

Json NodeJson(const NodeRecord& node) {
  return {
      {"nodeId", node.node_id},
      {"hostname", node.hostname},
      {"grpcPort", node.grpc_port},
      {"broadcastAddress", node.broadcast_address},
      {"httpPort", node.http_port},
      {"version", node.version},
  };
}

Json LookupJson(const LookupRegistry::TopicView& view) {
  Json producers = Json::array();
  for (const auto& node : view.nodes) producers.push_back(NodeJson(*node));
  return {{"channels", view.channels}, {"producers", producers}};
}

Json NodesJson(const LookupRegistry& registry) {
  Json nodes = Json::array();
  for (const LookupRegistry::NodeView& view : registry.Nodes()) {
    Json node = NodeJson(*view.node);
    node["topicCount"] = view.topic_count;
    node["silence"] = absl::StrCat(
        absl::ToDoubleSeconds(absl::Trunc(view.silence, absl::Milliseconds(1))),
        "s");
    node["tombstones"] = view.tombstones;
    nodes.push_back(std::move(node));
  }
  return {{"nodes", nodes}};
}

Json StatsJson(const LookupRegistry& registry) {
  const LookupRegistry::Counts counts = registry.GetCounts();
  return {
      {"nodes", counts.nodes},
      {"topics", counts.topics},
      {"channels", counts.channels},
      {"registrations", counts.registrations},
      {"tombstones", counts.tombstones},
      {"watchers", counts.watchers},
  };
}

}  // namespace

std::string LookupInfo::ToJson() const {
  return Dump({
      {"version", version},
      {"grpc_port", grpc_port},
      {"http_port", http_port},
      {"start_time",
       absl::FormatTime(absl::RFC3339_full, start_time, absl::UTCTimeZone())},
  });
}

void AddLookupPages(LookupRegistry& registry, HttpServer* server) {
  server->Add("/lookup",
              TopicPage(registry, [&registry](const std::string& topic) {
                return LookupJson(registry.Lookup(topic));
              }));
  server->Add("/channels",
              TopicPage(registry, [&registry](const std::string& topic) {
                return Json{{"channels", registry.Channels(topic)}};
              }));
  server->Add("/topics", [&registry](const HttpParameters&) {
    return HttpAnswer{Dump({{"topics", registry.Topics()}})};
  });
  server->Add("/nodes", [&registry](const HttpParameters&) {
    return HttpAnswer{Dump(NodesJson(registry))};
  });
  server->Add("/stats", [&registry](const HttpParameters&) {
    return HttpAnswer{Dump(StatsJson(registry))};
  });
}

}  // namespace sluice
