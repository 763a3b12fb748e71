// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/lookup.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/names.h"
#include "cli/error_text.h"
#include "cli/listing.h"
#include "cli/lookup_calls.h"
#include "cli/lookup_union.h"
#include "cli/node_answer.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

using Answers = std::vector<NodeAnswer<v1::LookupResponse>>;
using Json = nlohmann::ordered_json;

// The line of all lookups together.
constexpr char kAll[] = "(all)";

struct LookupFlags {
  std::string topic;
  std::string tombstone;  // a node id
};

std::string OrNone(const std::string& text) {
  return text.empty() ? "-" : text;
}

void AddRow(const std::string& lookup, const v1::LookupResponse& found,
            Table* table) {
  const std::string nodes = absl::StrJoin(
      found.producers(), ",", [](std::string* text, const v1::NodeInfo& node) {
        absl::StrAppend(text, AddressOf(node));
      });
  table->AddRow(
      {lookup, OrNone(nodes), OrNone(absl::StrJoin(found.channels(), ","))});
}

Json AsJson(const v1::LookupResponse& found) {
  return Json::parse(JsonText(found, OutputFormat::kJsonl));
}

std::string Text(const Answers& answers, const v1::LookupResponse& all,
                 OutputFormat format) {
  Table table({{"LOOKUP"}, {"NODES"}, {"CHANNELS"}});
  Json lookups = Json::array();
  for (const auto& [address, answer] : answers) {
    if (!answer.ok()) continue;
    AddRow(address, *answer, &table);
    Json object = {{"lookup", address}};
    object.update(AsJson(*answer));
    lookups.push_back(object);
  }
  AddRow(kAll, all, &table);
  if (format == OutputFormat::kTable) {
    return table.Text(TakesColour(STDOUT_FILENO));
  }
  if (format == OutputFormat::kJsonl) return AsJson(all).dump() + "\n";
  Json document = AsJson(all);
  document["lookups"] = lookups;
  return document.dump(1) + "\n";
}

ExitCode Show(const LookupFlags& flags, const Settings& settings,
              OutputFormat format) {
  v1::LookupRequest request;
  request.set_topic(flags.topic);
  const Answers answers =
      AskEach<LookupCalls>(settings.lookups, settings, request);
  v1::LookupResponse all;
  bool any_ok = false;
  for (const auto& [address, answer] : answers) {
    if (!answer.ok()) continue;
    AddTo(*answer, &all);
    any_ok = true;
  }
  const ExitCode printed =
      any_ok ? ReportStatus(WriteOutput(Text(answers, all, format)))
             : ExitCode::kOk;
  const ExitCode failed = FirstFailure(printed, ReportFailures(answers, true));
  if (failed != ExitCode::kOk) return failed;
  if (all.producers().empty()) {
    return ReportStatus(absl::NotFoundError(
        absl::StrCat("no node has topic \"", flags.topic, "\"")));
  }
  return ExitCode::kOk;
}

ExitCode Tombstone(const LookupFlags& flags, const Settings& settings) {
  v1::LookupServiceTombstoneTopicRequest request;
  request.set_topic(flags.topic);
  request.set_node_id(flags.tombstone);
  const auto answers =
      AskEach<LookupCalls>(settings.lookups, settings, request);
  for (const auto& [address, answer] : answers) {
    if (!answer.ok()) continue;
    NoteChange(
        absl::StrCat("hid node ", flags.tombstone, " for topic ", flags.topic),
        address, settings);
  }
  return ReportFailures(answers, true);
}

ExitCode RunLookup(const LookupFlags& flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const absl::Status valid = ValidateName("topic", flags.topic);
  if (!valid.ok()) return ReportStatus(valid);
  if (settings.lookups.empty()) {
    return ReportStatus(absl::InvalidArgumentError(
        "say which lookup to ask: give --lookup, or set SLUICE_LOOKUP"));
  }
  return flags.tombstone.empty() ? Show(flags, settings, *format)
                                 : Tombstone(flags, settings);
}

}  // namespace

void AddLookup(Command root, const Settings& settings) {
  const auto flags = std::make_shared<LookupFlags>();
  Command lookup = root.AddCommand("lookup", "Show which nodes have a topic");
  lookup.AddDetails(
      "Asks every lookup, and shows what each knows and what they know\n"
      "together. Exits with 3 if no node has the topic.");
  lookup.AddArgument("TOPIC", "The topic", Into(&flags->topic));
  lookup.AddFlag("--tombstone", "NODE",
                 "Instead hide the node with this id for a while (45s), so "
                 "that clients leave it before the topic is deleted there",
                 Into(&flags->tombstone));
  lookup.AddExample("sluice lookup orders --lookup=lookup.example");
  lookup.Run([flags, &settings] { return RunLookup(*flags, settings); });
}

}  // namespace sluice
