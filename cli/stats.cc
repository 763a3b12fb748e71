// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stats.h"

#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "cli/admin_client.h"
#include "cli/connection.h"
#include "cli/error_text.h"
#include "cli/flag_value.h"
#include "cli/listing.h"
#include "cli/output.h"
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
};

ExitCode RunOnce(const StatsFlags& flags, OutputFormat format,
                 const Settings& settings) {
  const Connection connection(settings);
  v1::GetStatsRequest request;
  request.set_topic(flags.topic);
  const auto response = AdminClient(connection).Call(request);
  if (!response.ok()) return ReportStatus(response.status());
  Listing listing{&*response,
                  {},
                  StatsTable(false, OutputNumberStyle())
                      .Next(response->topics(), Clock::Real().SteadyNow())};
  for (const v1::TopicStats& topic : response->topics()) {
    listing.items.push_back(&topic);
  }
  return PrintListing(listing, format);
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

ExitCode RunWatch(const StatsFlags& flags, OutputFormat format,
                  const Settings& settings) {
  StopSignal stop({settings.timeout, STDOUT_FILENO});
  const Connection connection(settings);
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

ExitCode RunStats(const StatsFlags& flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  return flags.interval.has_value() ? RunWatch(flags, *format, settings)
                                    : RunOnce(flags, *format, settings);
}

}  // namespace

void AddStats(Command root, const Settings& settings) {
  const auto flags = std::make_shared<StatsFlags>();
  Command stats =
      root.AddCommand("stats", "Show the counts of topics and channels");
  stats.AddDetails(
      "CLIENTS of a topic are open publish streams, of a channel its\n"
      "subscriptions. MESSAGES and what is right of it count since the node "
      "started.");
  stats.AddOptionalArgument("TOPIC", "Only this topic", Into(&flags->topic));
  stats.AddFlagWithOptionalValue(
      "--watch", "1s",
      "Again every second, or --watch=D, with rates, until interrupted",
      Into(&flags->interval, ParsePositiveDuration));
  stats.AddExample("sluice stats greetings --watch=5s");
  stats.Run([flags, &settings] { return RunStats(*flags, settings); });
}

}  // namespace sluice
