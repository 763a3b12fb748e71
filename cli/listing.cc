// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/listing.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "cli/error_text.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

// The object of a message, with the node it is about in front.
nlohmann::ordered_json JsonOfNode(const std::string& node,
                                  const google::protobuf::Message& message) {
  nlohmann::ordered_json object = {{"node", node}};
  object.update(
      nlohmann::ordered_json::parse(JsonText(message, OutputFormat::kJsonl)));
  return object;
}

}  // namespace

absl::StatusOr<OutputFormat> ListingFormat(const Settings& settings) {
  return ChooseFormat(
      settings.output, settings.output_from_command_line,
      {OutputFormat::kTable, OutputFormat::kJson, OutputFormat::kJsonl});
}

NumberStyle OutputNumberStyle() {
  return IsTerminal(STDOUT_FILENO) ? NumberStyle::kHuman : NumberStyle::kPlain;
}

ExitCode PrintListing(const Listing& listing, OutputFormat format) {
  std::string text;
  if (format == OutputFormat::kJson) {
    text = JsonText(*listing.document, format);
  } else if (format == OutputFormat::kJsonl) {
    for (const google::protobuf::Message* item : listing.items) {
      text += JsonText(*item, format);
    }
  } else {
    text = listing.table.Text(TakesColour(STDOUT_FILENO));
  }
  return ReportStatus(WriteOutput(text));
}

void NodeListing::AddNode(const std::string& node,
                          const google::protobuf::Message& document,
                          std::vector<const google::protobuf::Message*> items) {
  row_nodes_.resize(table_.row_count(), node);
  nodes_.push_back({node, &document, std::move(items)});
}

std::string NodeListing::Json() const {
  if (!many_) return JsonText(*nodes_.front().document, OutputFormat::kJson);
  nlohmann::ordered_json nodes = nlohmann::ordered_json::array();
  for (const Node& node : nodes_) {
    nodes.push_back(JsonOfNode(node.node, *node.document));
  }
  return nlohmann::ordered_json{{"nodes", nodes}}.dump(1) + "\n";
}

std::string NodeListing::JsonLines() const {
  std::string text;
  for (const Node& node : nodes_) {
    for (const google::protobuf::Message* item : node.items) {
      text += many_ ? JsonOfNode(node.node, *item).dump() + "\n"
                    : JsonText(*item, OutputFormat::kJsonl);
    }
  }
  return text;
}

std::string NodeListing::Text(OutputFormat format) {
  if (nodes_.empty()) return "";
  if (format == OutputFormat::kJson) return Json();
  if (format == OutputFormat::kJsonl) return JsonLines();
  if (many_) table_.PrependColumn({"NODE"}, row_nodes_);
  return table_.Text(TakesColour(STDOUT_FILENO));
}

ExitCode NodeListing::Print(OutputFormat format) {
  return ReportStatus(WriteOutput(Text(format)));
}

void NoteChange(const std::string& done, const std::string& node,
                const Settings& settings) {
  if (!settings.verbose && !IsTerminal(STDERR_FILENO)) return;
  PrintNote(settings.many_nodes() ? absl::StrCat(done, " on ", node) : done);
}

}  // namespace sluice
