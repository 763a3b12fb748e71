// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_LISTING_H_
#define SLUICE_CLI_LISTING_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/exit_code.h"
#include "cli/number_text.h"
#include "cli/output_format.h"
#include "cli/settings.h"
#include "cli/table.h"

namespace google {
namespace protobuf {
class Message;
}  // namespace protobuf
}  // namespace google

namespace sluice {

// How administrative verbs write their results to standard output.

// Table, JSON or JSON lines, as the settings ask. To be called before anything
// is done, so that a bad --output changes nothing.
absl::StatusOr<OutputFormat> ListingFormat(const Settings& settings);

// Numbers for people on a terminal, for programs elsewhere.
NumberStyle OutputNumberStyle();

// What a verb found, in the shape of each format. The messages must outlive it.
struct Listing {
  const google::protobuf::Message* document;            // JSON
  std::vector<const google::protobuf::Message*> items;  // JSON lines
  Table table;
};

ExitCode PrintListing(const Listing& listing, OutputFormat format);

// The same of one node after another. With `many`, the table begins with a
// column of nodes, and each JSON object with a field "node"; a JSON document is
// then `{"nodes":[...]}`. Without, it is as PrintListing has it. Not
// thread-safe.
class NodeListing {
 public:
  NodeListing(Table table, bool many) : table_(std::move(table)), many_(many) {}

  // To add a node's rows to, before the node itself.
  Table* table() { return &table_; }

  // The messages must outlive this.
  void AddNode(const std::string& node,
               const google::protobuf::Message& document,
               std::vector<const google::protobuf::Message*> items);

  // Empty without a node.
  std::string Text(OutputFormat format);
  ExitCode Print(OutputFormat format);

 private:
  struct Node {
    std::string node;
    const google::protobuf::Message* document;
    std::vector<const google::protobuf::Message*> items;
  };

  std::string Json() const;
  std::string JsonLines() const;

  Table table_;
  const bool many_;
  std::vector<std::string> row_nodes_;
  std::vector<Node> nodes_;
};

// Tells on standard error what a verb did, when somebody watches or --verbose
// was given. With many nodes it says on which.
void NoteChange(const std::string& done, const std::string& node,
                const Settings& settings);

}  // namespace sluice

#endif  // SLUICE_CLI_LISTING_H_
