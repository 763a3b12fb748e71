// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stats.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "cli/admin_client.h"
#include "cli/connection.h"
#include "cli/error_text.h"
#include "cli/flag_value.h"
#include "cli/listing.h"
#include "cli/node_answer.h"
#include "cli/node_choice.h"
#include "cli/output.h"
#include "cli/stats_sum.h"
#include "cli/stats_table.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "client/proto_duration.h"

namespace sluice {
namespace {

// Home, and clear what is below each line's end: a redraw without flicker.
constexpr char kHome[] = "\x1b[H";
constexpr char kClearLine[] = "\x1b[K\n";
constexpr char kClearBelow[] = "\x1b[J";
constexpr char kClearScreen[] = "\x1b[2J";

struct StatsFlags {
  std::string topic;
  std::optional<absl::Duration> interval;
  bool by_node = false;
};

// One look at all nodes.
struct Look {
  ExitCode failures = ExitCode::kOk;  // told already
  std::vector<NodeAnswer<v1::GetStatsResponse>> answers;
  v1::GetStatsResponse sum;  // of those that answered
  bool any = false;
};

absl::StatusOr<Look> LookAtNodes(const StatsFlags& flags,
                                 const Settings& settings) {
  SLUICE_ASSIGN_OR_RETURN(const std::vector<std::string> nodes,
                          flags.topic.empty()
                              ? AllNodes(settings)
                              : NodesOfTopic(settings, flags.topic));
  v1::GetStatsRequest request;
  request.set_topic(flags.topic);
  Look look;
  look.answers = AskEach<AdminClient>(nodes, settings, request);
  look.failures = ReportFailures(look.answers, settings.many_nodes());
  std::vector<const v1::GetStatsResponse*> found;
  for (const auto& [node, answer] : look.answers) {
    if (answer.ok()) found.push_back(&*answer);
  }
  look.any = !found.empty();
  if (!settings.many_nodes() && look.any) {
    look.sum = *found.front();
  } else {
    *look.sum.mutable_topics() = SumOf(found);
  }
  return look;
}

// Lines of all nodes together, then, where asked for, those of each.
class StatsView {
 public:
  StatsView(const StatsFlags& flags, bool with_rates)
      : by_node_(flags.by_node),
        with_rates_(with_rates),
        sum_(with_rates, OutputNumberStyle()) {}

  Table Next(const Look& look) {
    const SteadyTime now = Clock::Real().SteadyNow();
    Table table = sum_.Next(look.sum.topics(), now);
    if (!by_node_) return table;
    std::vector<std::string> nodes(table.row_count(), "(all)");
    for (const auto& [node, answer] : look.answers) {
      if (!answer.ok()) continue;
      auto& of_node = nodes_.try_emplace(node, with_rates_, OutputNumberStyle())
                          .first->second;
      table.AddRows(of_node.Next(answer->topics(), now));
      nodes.resize(table.row_count(), node);
    }
    table.PrependColumn({"NODE"}, nodes);
    return table;
  }

 private:
  const bool by_node_;
  const bool with_rates_;
  StatsTable sum_;
  std::map<std::string, StatsTable> nodes_;
};

std::string NodesAsJson(const Look& look, const StatsFlags& flags,
                        OutputFormat format) {
  if (!flags.by_node) return JsonText(look.sum, format);
  NodeListing listing(Table({}), true);
  for (const auto& [node, answer] : look.answers) {
    if (answer.ok()) listing.AddNode(node, *answer, {&*answer});
  }
  return listing.Text(format);
}

ExitCode RunOnce(const StatsFlags& flags, OutputFormat format,
                 const Settings& settings) {
  const auto look = LookAtNodes(flags, settings);
  if (!look.ok()) return ReportStatus(look.status());
  if (!look->any) return look->failures;
  if (flags.by_node && format != OutputFormat::kTable) {
    return FirstFailure(
        ReportStatus(WriteOutput(NodesAsJson(*look, flags, format))),
        look->failures);
  }
  Listing listing{&look->sum, {}, StatsView(flags, false).Next(*look)};
  for (const v1::TopicStats& topic : look->sum.topics()) {
    listing.items.push_back(&topic);
  }
  return FirstFailure(PrintListing(listing, format), look->failures);
}

// A terminal shows one table that changes; elsewhere tables follow each other,
// an empty line between them.
std::string Frame(const Table& table, bool first) {
  if (!TakesEscapes(STDOUT_FILENO)) {
    return absl::StrCat(first ? "" : "\n", table.Text(false));
  }
  std::string text = first ? kClearScreen : "";
  text += kHome;
  for (const char c : table.Text(TakesColour(STDOUT_FILENO))) {
    if (c == '\n') {
      text += kClearLine;
    } else {
      text += c;
    }
  }
  return text + kClearBelow;
}

// What a node sends by itself, again and again.
ExitCode WatchNode(const StatsFlags& flags, OutputFormat format,
                   const Settings& settings) {
  StopSignal stop({settings.timeout, STDOUT_FILENO});
  const Connection connection(settings.addresses.front(), settings);
  v1::WatchStatsRequest request;
  request.set_topic(flags.topic);
  *request.mutable_interval() = ToProto(*flags.interval);
  StatsTable table(true, OutputNumberStyle());
  bool first = true;
  absl::Status output;
  const absl::Status status =
      AdminClient(connection)
          .Watch(request, &stop, [&](const v1::WatchStatsResponse& response) {
            const bool as_table = format == OutputFormat::kTable;
            output = WriteOutput(
                as_table ? Frame(table.Next(response.topics(),
                                            Clock::Real().SteadyNow()),
                                 first)
                         : JsonText(response, format));
            first = false;
            return output.ok();
          });
  if (!status.ok()) return ReportStatus(status);
  if (stop.stopped()) return ExitCodeFor(stop.reason());
  return ReportStatus(output.ok()
                          ? absl::UnavailableError("the node ended the stream")
                          : output);
}

// Several nodes, which come and go, are asked each time. One that is away is
// told and left out, and watching goes on.
ExitCode WatchNodes(const StatsFlags& flags, OutputFormat format,
                    const Settings& settings) {
  StopSignal stop({settings.timeout, STDOUT_FILENO});
  StatsView view(flags, true);
  Settings quick = settings;
  quick.timeout = std::max(*flags.interval, absl::Seconds(2));
  for (bool first = true; !stop.stopped(); first = false) {
    const auto look = LookAtNodes(flags, quick);
    if (!look.ok() && first) return ReportStatus(look.status());
    if (look.ok() && first && !look->any) return look->failures;
    if (!look.ok()) {
      ReportStatus(look.status());
    } else {
      const absl::Status output = WriteOutput(
          format == OutputFormat::kTable ? Frame(view.Next(*look), first)
                                         : NodesAsJson(*look, flags, format));
      if (!output.ok()) return ReportStatus(output);
    }
    stop.Wait(*flags.interval);
  }
  return ExitCodeFor(stop.reason());
}

ExitCode RunStats(const StatsFlags& flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  if (!flags.interval.has_value()) return RunOnce(flags, *format, settings);
  return settings.many_nodes() || flags.by_node
             ? WatchNodes(flags, *format, settings)
             : WatchNode(flags, *format, settings);
}

}  // namespace

void AddStats(Command root, const Settings& settings) {
  const auto flags = std::make_shared<StatsFlags>();
  Command stats =
      root.AddCommand("stats", "Show the counts of topics and channels");
  stats.AddDetails(
      "CLIENTS of a topic are open publish streams, of a channel its\n"
      "subscriptions. MESSAGES and what is right of it count since the node "
      "started.\n"
      "The counts of several nodes are added up.");
  stats.AddOptionalArgument("TOPIC", "Only this topic", Into(&flags->topic));
  stats.AddFlagWithOptionalValue(
      "--watch", "1s",
      "Again every second, or --watch=D, with rates, until interrupted",
      Into(&flags->interval, ParsePositiveDuration));
  stats.AddSwitch("--by-node", "Also the counts of each node", &flags->by_node);
  stats.AddExample("sluice stats greetings --watch=5s");
  stats.AddExample("sluice stats --lookup=lookup.example --by-node");
  stats.Run([flags, &settings] { return RunStats(*flags, settings); });
}

}  // namespace sluice
