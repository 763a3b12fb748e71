// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/load_options.h"

#include <CLI/CLI.hpp>
#include <map>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace sluice {
namespace {

// What CLI11 cannot parse by itself, as it stands on the command line.
struct Texts {
  std::string mode;
  std::string channels = "load";
  bool no_channel = false;
  std::string duration = "0";
  std::string durability = "topic";
  std::string output = "text";
};

void AddFlags(CLI::App* app, LoadOptions* options, Texts* texts) {
  app->option_defaults()->always_capture_default();
  app->add_option(
         "mode", texts->mode,
         "publish, consume, both, or hold: subscribe to all channels and "
         "wait")
      ->required()
      ->check(CLI::IsMember({"publish", "consume", "both", "hold"}));
  app->add_option("--address", options->address, "the node, host:port");
  app->add_option("--topic", options->topic, "published to and consumed from");
  app->add_option("--channel,--channels", texts->channels,
                  "consumed from; several with commas between them. They are "
                  "made before anything is published");
  app->add_flag("--no-channel", texts->no_channel,
                "publish: make no channel at all");
  app->add_option("--messages", options->messages,
                  "stop after so many, rounded up to whole batches");
  app->add_option("--duration", texts->duration, "stop after this time");
  app->add_option("--size", options->message_bytes, "bytes of a body")
      ->check(CLI::Range(0, 1 << 20));
  app->add_option("--batch", options->batch, "messages in one publish")
      ->check(CLI::Range(1, 100000));
  app->add_option("--streams", options->streams,
                  "publish streams, and subscribers of each channel; each has "
                  "a connection of its own")
      ->check(CLI::Range(1, 100000));
  app->add_option("--outstanding", options->outstanding,
                  "unanswered publishes of a stream")
      ->check(CLI::Range(1, 100000));
  app->add_option("--connections", options->connections,
                  "that all streams share; 0: each has its own")
      ->check(CLI::Range(0, 10000));
  app->add_flag("--unary", options->unary,
                "publish by a call each, --outstanding at a time, instead of a "
                "stream");
  app->add_option("--topics", options->topics,
                  "hold: so many topics, TOPIC-1, TOPIC-2 ...; 0: TOPIC alone")
      ->check(CLI::Range(0, 100000));
  app->add_option("--durability", texts->durability,
                  "of each publish: topic (whatever the topic has), memory, os "
                  "or disk")
      ->check(CLI::IsMember({"topic", "memory", "os", "disk"}));
  app->add_option("--ready", options->ready, "RDY of a subscriber")
      ->check(CLI::Range(1, 1000000));
  app->add_option("--finish-batch", options->finishes_per_frame,
                  "messages finished by one frame; 0: all that are waiting");
  app->add_flag("--preload", options->preload,
                "consume: publish --messages first, then measure the "
                "consuming");
  app->add_option("--server-pid", options->server_pid,
                  "report what this process uses meanwhile");
  app->add_option("--output", texts->output, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

absl::Status ReadTexts(const Texts& texts, LoadOptions* options) {
  const std::map<std::string, LoadMode> kModes = {
      {"publish", LoadMode::kPublish},
      {"consume", LoadMode::kConsume},
      {"both", LoadMode::kBoth},
      {"hold", LoadMode::kHold}};
  const std::map<std::string, v1::Durability> kDurabilities = {
      {"topic", v1::DURABILITY_UNSPECIFIED},
      {"memory", v1::DURABILITY_MEMORY},
      {"os", v1::DURABILITY_OS},
      {"disk", v1::DURABILITY_DISK}};
  options->mode = kModes.at(texts.mode);
  options->durability = kDurabilities.at(texts.durability);
  options->json = texts.output == "json";
  if (texts.no_channel) {
    options->channels.clear();
  } else {
    options->channels = absl::StrSplit(texts.channels, ',', absl::SkipEmpty());
  }
  if (!absl::ParseDuration(texts.duration, &options->duration) ||
      options->duration < absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--duration: not a duration: ", texts.duration));
  }
  return absl::OkStatus();
}

absl::Status Validate(const LoadOptions& options) {
  if (options.messages == 0 && options.duration == absl::ZeroDuration()) {
    return absl::InvalidArgumentError("give --messages, --duration or both");
  }
  if (options.topics > 0 && options.mode != LoadMode::kHold) {
    return absl::InvalidArgumentError("--topics goes with hold");
  }
  if (options.mode == LoadMode::kHold && options.messages > 0) {
    return absl::InvalidArgumentError("hold ends after --duration only");
  }
  if (options.channels.empty() && options.mode != LoadMode::kPublish) {
    return absl::InvalidArgumentError("--channel: at least one is needed");
  }
  if (options.preload &&
      (options.mode != LoadMode::kConsume || options.messages == 0)) {
    return absl::InvalidArgumentError(
        "--preload goes with consume and --messages");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LoadOptions> ParseLoadOptions(int argc, const char* const* argv,
                                             std::string* help) {
  LoadOptions options;
  Texts texts;
  CLI::App app("Publishes to a node, consumes from it, and says how fast.",
               "load");
  AddFlags(&app, &options, &texts);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    *help = app.help();
    return LoadOptions();
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(error.what());
  }
  absl::Status status = ReadTexts(texts, &options);
  if (status.ok()) status = Validate(options);
  if (!status.ok()) return status;
  return options;
}

}  // namespace sluice
