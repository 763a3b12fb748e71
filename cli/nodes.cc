// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/nodes.h"

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cli/admin_client.h"
#include "cli/error_text.h"
#include "cli/listing.h"
#include "cli/lookup_union.h"
#include "cli/node_answer.h"
#include "cli/node_report.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

// What an address that was named by hand says of itself.
v1::NodeInfo InfoOf(const v1::ServerInfo& server) {
  v1::NodeInfo info;
  info.set_node_id(server.node_id());
  info.set_broadcast_address(server.broadcast_address());
  info.set_grpc_port(server.grpc_port());
  info.set_http_port(server.http_port());
  info.set_version(server.version());
  return info;
}

absl::StatusOr<std::vector<NodeReport>> Look(const Settings& settings) {
  std::vector<NodeReport> reports;
  std::vector<std::string> addresses = settings.addresses;
  if (!settings.lookups.empty()) {
    SLUICE_ASSIGN_OR_RETURN(std::vector<v1::NodeInfo> nodes,
                            LookUpNodes(settings));
    for (v1::NodeInfo& node : nodes) {
      addresses.push_back(AddressOf(node));
      reports.push_back({addresses.back(), std::move(node),
                         absl::UnknownError("not asked yet")});
    }
  }
  reports.resize(addresses.size());
  const auto answers =
      AskEach<AdminClient>(addresses, settings, v1::GetStatsRequest());
  for (size_t i = 0; i < answers.size(); ++i) {
    reports[i].address = addresses[i];
    reports[i].found = answers[i].answer;
    if (settings.lookups.empty() && reports[i].found.ok()) {
      reports[i].announced = InfoOf(reports[i].found->server());
    }
  }
  return reports;
}

std::string OrNone(const std::string& text) {
  return text.empty() ? "-" : text;
}

Table NodeTable(const std::vector<NodeReport>& reports) {
  Table table({{"ADDRESS"},
               {"NODE"},
               {"VERSION"},
               {"HTTP", Table::Align::kRight},
               {"TOPICS", Table::Align::kRight},
               {"STATE"}});
  for (const NodeReport& report : reports) {
    const v1::NodeInfo& info = report.announced;
    table.AddRow(
        {report.address, OrNone(info.node_id()), OrNone(info.version()),
         info.http_port() == 0 ? "-" : absl::StrCat(info.http_port()),
         report.found.ok()
             ? CountText(static_cast<uint64_t>(report.found->topics_size()),
                         OutputNumberStyle())
             : "-",
         Judge(report).state});
  }
  return table;
}

// NodeInfo's fields, and what was found.
Json AsJson(const NodeReport& report) {
  Json object = {{"address", report.address}};
  object.update(Json::parse(JsonText(report.announced, OutputFormat::kJsonl)));
  const NodeVerdict verdict = Judge(report);
  object["state"] = verdict.state;
  object["problem"] = verdict.problem;
  if (report.found.ok()) object["topicCount"] = report.found->topics_size();
  return object;
}

std::string Text(const std::vector<NodeReport>& reports, OutputFormat format) {
  if (format == OutputFormat::kTable) {
    return NodeTable(reports).Text(TakesColour(STDOUT_FILENO));
  }
  Json nodes = Json::array();
  std::string lines;
  for (const NodeReport& report : reports) {
    nodes.push_back(AsJson(report));
    lines += nodes.back().dump() + "\n";
  }
  return format == OutputFormat::kJsonl ? lines
                                        : Json{{"nodes", nodes}}.dump(1) + "\n";
}

ExitCode RunNodes(const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const auto reports = Look(settings);
  if (!reports.ok()) return ReportStatus(reports.status());
  const absl::Status written = WriteOutput(Text(*reports, *format));
  if (!written.ok()) return ReportStatus(written);
  ExitCode code = ExitCode::kOk;
  for (const NodeReport& report : *reports) {
    const std::string problem = Judge(report).problem;
    if (problem.empty()) continue;
    PrintNote(problem);
    code = ExitCode::kUnavailable;
  }
  return code;
}

}  // namespace

void AddNodes(Command root, const Settings& settings) {
  Command nodes = root.AddCommand("nodes", "Show all nodes and how they are");
  nodes.AddDetails(
      "Shows the nodes that the lookups know, or those of --address, and asks\n"
      "each how it is. Exits with 4 if one is not well, cannot be reached "
      "from\n"
      "here, or announces an address at which another node answers.");
  nodes.AddExample("sluice nodes --lookup=lookup.example");
  nodes.Run([&settings] { return RunNodes(settings); });
}

}  // namespace sluice
