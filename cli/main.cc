// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/version.h"
#include "cli/bench.h"
#include "cli/channel.h"
#include "cli/command_line.h"
#include "cli/completion.h"
#include "cli/completion_script.h"
#include "cli/error_text.h"
#include "cli/health.h"
#include "cli/lookup.h"
#include "cli/nodes.h"
#include "cli/peek.h"
#include "cli/pub.h"
#include "cli/relay.h"
#include "cli/settings.h"
#include "cli/stats.h"
#include "cli/sub.h"
#include "cli/tail.h"
#include "cli/to_file.h"
#include "cli/to_http.h"
#include "cli/topic.h"

namespace {

void AddSettings(sluice::Command root, sluice::SettingFlags* flags) {
  using sluice::Into;
  root.AddRepeatedFlag("--address", "HOST:PORT",
                       "A node [127.0.0.1:4150]; repeatable; or SLUICE_ADDRESS",
                       sluice::AppendTo(&flags->addresses));
  root.AddRepeatedFlag("--lookup", "HOST:PORT",
                       "A lookup node that knows the nodes, instead of "
                       "--address; repeatable; or SLUICE_LOOKUP",
                       sluice::AppendTo(&flags->lookups));
  root.AddFlag("--timeout", "D",
               "How long a call may take [10s]; of pub, sub, tail and "
               "stats --watch all of it [no limit]; or SLUICE_TIMEOUT",
               Into(&flags->timeout));
  root.AddFlag("--output", "table|json|jsonl|raw",
               "table, json or jsonl; raw or jsonl for messages; or "
               "SLUICE_OUTPUT",
               Into(&flags->output));
  root.AddFlag("--config", "FILE",
               "TOML with address, lookup, timeout and output; or "
               "SLUICE_CONFIG",
               Into(&flags->config));
  root.AddSwitch("-v,--verbose", "Say on standard error what was done",
                 &flags->verbose);
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that goes away is an error of write, handled where it happens.
  std::signal(SIGPIPE, SIG_IGN);
  sluice::CommandLine line("sluice", sluice::kVersion,
                           "Publishes, consumes and administers messages of a "
                           "Sluice node.");
  sluice::SettingFlags flags;
  sluice::Settings settings;
  const sluice::Command root = line.root();
  AddSettings(root, &flags);
  sluice::AddPub(root, settings);
  sluice::AddSub(root, settings);
  sluice::AddTail(root, settings);
  sluice::AddTopic(root, settings);
  sluice::AddChannel(root, settings);
  sluice::AddStats(root, settings);
  sluice::AddPeek(root, settings);
  sluice::AddHealth(root, settings);
  sluice::AddNodes(root, settings);
  sluice::AddLookup(root, settings);
  sluice::AddToFile(root, settings);
  sluice::AddToHttp(root, settings);
  sluice::AddRelay(root, settings);
  sluice::AddBench(root, settings);
  sluice::AddCompletion(root);

  if (argc > 1 && argv[1] == std::string(sluice::kCompleteCommand)) {
    return static_cast<int>(
        sluice::PrintCandidates(line, {argv + 2, argv + argc}));
  }
  const std::optional<sluice::ExitCode> done = line.Parse(argc, argv);
  if (done.has_value()) return static_cast<int>(*done);
  const absl::Status resolved =
      sluice::ResolveSettings(flags, std::getenv, &settings);
  if (!resolved.ok()) return static_cast<int>(sluice::ReportStatus(resolved));
  return static_cast<int>(line.Execute());
}
