// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/latency_options.h"

#include <CLI/CLI.hpp>
#include <map>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace sluice {
namespace {

absl::Status ReadDuration(const char* flag, const std::string& text,
                          absl::Duration* duration) {
  if (absl::ParseDuration(text, duration) &&
      *duration >= absl::ZeroDuration()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(flag, ": not a duration: ", text));
}

}  // namespace

absl::StatusOr<LatencyCommand> ParseLatencyCommand(int argc,
                                                   const char* const* argv,
                                                   std::string* help) {
  LatencyCommand command;
  std::string duration = "5s";
  std::string warm_up = "1s";
  CLI::App app(
      "Publishes at a fixed rate, whatever the server does, and says how long "
      "messages take until a subscriber has them. Prints JSON.",
      "latency");
  app.option_defaults()->always_capture_default();
  const std::map<std::string, LatencyProtocol> protocols = {
      {"sluice", LatencyProtocol::kSluice},
      {"nsq", LatencyProtocol::kNsq},
      {"nsq-buffered", LatencyProtocol::kNsqBuffered}};
  app.add_option("--protocol", command.protocol,
                 "sluice, nsq, or nsq-buffered: deliveries kept back for up to "
                 "250 ms, as nsqd does unless told otherwise")
      ->transform(CLI::CheckedTransformer(protocols))
      ->default_str("sluice");
  app.add_option("--address", command.address, "the server, host:port");
  app.add_option("--topic", command.topic, "published to");
  app.add_option("--channel", command.channel, "consumed from");
  app.add_option("--rate", command.run.rate, "messages a second")
      ->check(CLI::Range(0.01, 1e7));
  app.add_option("--duration", duration, "of what is counted");
  app.add_option("--warm-up", warm_up, "before it");
  app.add_option("--size", command.run.message_bytes, "bytes of a body")
      ->check(CLI::Range(8, 1 << 20));
  app.add_option("--server-pid", command.server_pid,
                 "report what this process uses meanwhile");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    *help = app.help();
    return LatencyCommand();
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(error.what());
  }
  absl::Status status =
      ReadDuration("--duration", duration, &command.run.duration);
  status.Update(ReadDuration("--warm-up", warm_up, &command.run.warm_up));
  if (!status.ok()) return status;
  return command;
}

}  // namespace sluice
