// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/consumption.h"

#include <unistd.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/names.h"
#include "base/version.h"
#include "cli/cluster.h"
#include "cli/cluster_subscription.h"
#include "cli/connection.h"
#include "cli/delivery_writer.h"
#include "cli/error_text.h"
#include "cli/flag_value.h"
#include "cli/node_choice.h"
#include "cli/output_format.h"
#include "cli/progress.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"

namespace sluice {
namespace {

std::string HostName() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

SubscriptionEnd Subscribe(const Settings& settings,
                          const SubscriptionOptions& subscription,
                          DeliveryWriter* writer, StopSignal* stop,
                          const std::function<void(uint64_t)>& on_progress) {
  if (!settings.many_nodes()) {
    const Connection connection(settings.addresses.front(), settings);
    return RunSubscription(connection, subscription, writer, stop, on_progress);
  }
  SubscriptionEnd end;
  // Nodes may come and go, but something must be there to begin with. What is
  // wrong with a name, a node would say again and again.
  for (const absl::Status& status :
       {ValidateName("topic", subscription.open.topic()),
        ValidateName("channel", subscription.open.channel()),
        AllNodes(settings).status()}) {
    if (end.status.ok()) end.status = status;
  }
  if (!end.status.ok()) return end;
  const auto cluster = OpenCluster(settings);
  end.status = cluster.status();
  if (!cluster.ok()) return end;
  return RunClusterSubscription(*cluster, subscription, writer, stop,
                                on_progress);
}

ExitCode Report(const SubscriptionEnd& end, const ConsumptionFlags& flags,
                const DeliveryWriter& writer, StopSignal::Reason reason) {
  if (end.late > 0) {
    PrintNote(absl::StrCat(end.late,
                           " of the messages took too long to write "
                           "and will be delivered again"));
  }
  if (!end.status.ok()) return ReportStatus(end.status);
  if (flags.limit.has_value() && end.received >= *flags.limit) {
    return ExitCode::kOk;
  }
  // Whoever closed the pipe has seen enough.
  if (writer.reader_gone()) return ExitCode::kFailure;
  if (reason == StopSignal::Reason::kTimedOut) {
    const std::string wanted =
        flags.limit.has_value() ? absl::StrCat(" of ", *flags.limit) : "";
    PrintNote(absl::StrCat(
        "timed out after ", end.received, wanted,
        end.received == 1 && wanted.empty() ? " message" : " messages"));
  }
  return ExitCodeFor(reason);
}

}  // namespace

void AddConsumptionFlags(Command verb, ConsumptionFlags* flags) {
  verb.AddFlag("-n,--count", "N", "End after N messages, and take no more",
               [flags](const std::string& text) {
                 const auto limit = ParseUint64(text);
                 if (limit.ok()) flags->limit = *limit;
                 return limit.status();
               });
  verb.AddFlag("--delimiter", "STR",
               "What to write behind each body, with escapes such as \\t "
               "[newline]",
               Into(&flags->delimiter, ParseDelimiter));
  verb.AddSwitch("-0,--null", "Write a NUL byte behind each body", &flags->nul);
}

ExitCode RunConsumption(const ConsumptionFlags& flags,
                        SubscriptionOptions subscription,
                        const std::string& place, const Settings& settings) {
  const auto format =
      ChooseFormat(settings.output, settings.output_from_command_line,
                   {OutputFormat::kRaw, OutputFormat::kJsonl});
  if (!format.ok()) return ReportStatus(format.status());
  subscription.limit = flags.limit;
  subscription.open.set_client_id(HostName());
  subscription.open.set_user_agent(absl::StrCat("sluice-cli/", kVersion));

  StopSignal stop({settings.timeout, STDOUT_FILENO});
  DeliveryWriter writer(STDOUT_FILENO, *format,
                        flags.nul ? std::string(1, '\0') : flags.delimiter);
  // On a terminal the messages themselves show the progress.
  Progress progress("received", Clock::Real(),
                    IsTerminal(STDOUT_FILENO) ? nullptr : DrawOnTerminal(),
                    flags.limit);
  const SubscriptionEnd end =
      Subscribe(settings, subscription, &writer, &stop,
                [&](uint64_t received) { progress.Update(received); });
  progress.Clear();
  const ExitCode code = Report(end, flags, writer, stop.reason());
  if (settings.verbose ||
      (IsTerminal(STDERR_FILENO) && !IsTerminal(STDOUT_FILENO))) {
    PrintNote(progress.Summary(end.received, place));
  }
  return code;
}

}  // namespace sluice
