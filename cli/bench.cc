// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench.h"

#include <unistd.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/admin_client.h"
#include "cli/bench_sides.h"
#include "cli/cluster.h"
#include "cli/error_text.h"
#include "cli/flag_value.h"
#include "cli/listing.h"
#include "cli/node_answer.h"
#include "cli/node_choice.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

// Within the grace that StopSignal gives.
constexpr absl::Duration kStopTimeout = absl::Seconds(1);
constexpr absl::Duration kTick = absl::Milliseconds(10);

enum class Mode { kPublish, kConsume, kBoth };

struct BenchFlags {
  BenchOptions options;
  std::optional<uint64_t> messages;
  Mode mode = Mode::kBoth;
  bool keep = false;
};

absl::StatusOr<Mode> ParseMode(absl::string_view text) {
  if (text == "publish") return Mode::kPublish;
  if (text == "consume") return Mode::kConsume;
  if (text == "both") return Mode::kBoth;
  return absl::InvalidArgumentError("wanted is publish, consume or both");
}

std::string FreshTopic() {
  std::random_device random;
  return absl::StrFormat("sluice-bench-%08x", random());
}

// The topic and the channel, so that none of the messages comes too early.
absl::Status MakeChannel(const BenchFlags& flags,
                         const std::vector<std::string>& nodes,
                         const Settings& settings) {
  v1::CreateTopicRequest topic;
  topic.set_topic(flags.options.topic);
  v1::CreateChannelRequest channel;
  channel.set_topic(flags.options.topic);
  channel.set_channel(flags.options.channel);
  for (const std::string& node : nodes) {
    const Connection connection(node, settings);
    const AdminClient admin(connection);
    // One that is there, however it is configured, is as good.
    const absl::Status made = admin.Call(topic).status();
    if (!made.ok() && !absl::IsAlreadyExists(made)) return made;
    if (flags.mode == Mode::kPublish) continue;
    const absl::Status with_channel = admin.Call(channel).status();
    if (!with_channel.ok() && !absl::IsAlreadyExists(with_channel)) {
      return with_channel;
    }
  }
  return absl::OkStatus();
}

void DeleteTopic(const BenchFlags& flags, const std::vector<std::string>& nodes,
                 const Settings& settings) {
  v1::DeleteTopicRequest request;
  request.set_topic(flags.options.topic);
  ReportFailures(AskEach<AdminClient>(nodes, settings, request), true);
}

// Consumes in the background from when it is made.
class Consuming {
 public:
  static absl::StatusOr<std::unique_ptr<Consuming>> Start(
      const std::shared_ptr<ClusterConnection>& cluster,
      const BenchFlags& flags) {
    auto consuming = std::make_unique<Consuming>(flags.mode == Mode::kBoth);
    ConsumerOptions options;
    options.topic = flags.options.topic;
    options.channel = flags.options.channel;
    options.max_in_flight = flags.options.max_in_flight;
    options.workers = static_cast<int>(flags.options.workers);
    options.on_error = NoteNodeError;
    BenchConsumer* const side = &consuming->side_;
    SLUICE_ASSIGN_OR_RETURN(consuming->consumer_,
                            Consumer::Create(cluster, std::move(options),
                                             [side](const Message& message) {
                                               return side->Handle(message);
                                             }));
    return consuming;
  }
  explicit Consuming(bool with_latency) : side_(with_latency) {}

  void WaitFor(uint64_t messages, SteadyTime deadline, const StopSignal& stop) {
    Progress progress("consumed", Clock::Real(), DrawOnTerminal(), messages);
    while (side_.received() < messages && !stop.stopped() &&
           Clock::Real().SteadyNow() < deadline) {
      stop.Wait(kTick);
      progress.Update(side_.received());
    }
    progress.Clear();
  }
  BenchResult Stop() {
    consumer_->Stop(kStopTimeout).IgnoreError();
    return side_.Result();
  }

 private:
  BenchConsumer side_;
  std::unique_ptr<Consumer> consumer_;
};

absl::StatusOr<std::vector<BenchResult>> Measure(
    const BenchFlags& flags, const std::shared_ptr<ClusterConnection>& cluster,
    const StopSignal& stop) {
  std::vector<BenchResult> results;
  std::unique_ptr<Consuming> consuming;
  if (flags.mode != Mode::kPublish) {
    SLUICE_ASSIGN_OR_RETURN(consuming, Consuming::Start(cluster, flags));
  }
  const SteadyTime deadline =
      flags.options.duration.has_value()
          ? Clock::Real().SteadyNow() + *flags.options.duration
          : SteadyTime::InfiniteFuture();
  if (flags.mode == Mode::kConsume) {
    consuming->WaitFor(flags.options.messages, deadline, stop);
    return std::vector<BenchResult>{consuming->Stop()};
  }
  ProducerOptions options;
  options.durability = flags.options.durability;
  options.max_in_flight_messages = flags.options.max_unanswered;
  options.add_dedup_ids = false;
  options.node_choice = ProducerOptions::NodeChoice::kSpread;
  options.on_error = NoteNodeError;
  SLUICE_ASSIGN_OR_RETURN(const auto producer,
                          Producer::Create(cluster, options));
  BenchPublisher publisher(flags.options, producer.get());
  publisher.Publish(stop);
  producer->Close(absl::ZeroDuration()).IgnoreError();
  results.push_back(publisher.Result());
  if (consuming != nullptr) {
    consuming->WaitFor(publisher.answered(), SteadyTime::InfiniteFuture(),
                       stop);
    results.push_back(consuming->Stop());
  }
  return results;
}

std::string Text(const std::vector<BenchResult>& results, OutputFormat format) {
  if (format == OutputFormat::kTable) {
    return BenchTable(results, OutputNumberStyle())
        .Text(TakesColour(STDOUT_FILENO));
  }
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  std::string lines;
  for (const BenchResult& result : results) {
    lines += BenchJson(result) + "\n";
    all.push_back(nlohmann::ordered_json::parse(BenchJson(result)));
  }
  return format == OutputFormat::kJsonl
             ? lines
             : nlohmann::ordered_json{{"results", all}}.dump(1) + "\n";
}

ExitCode RunBench(BenchFlags flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const bool own_topic = flags.options.topic.empty();
  if (own_topic && flags.mode == Mode::kConsume) {
    return ReportStatus(absl::InvalidArgumentError(
        "--mode=consume needs a TOPIC with messages to consume"));
  }
  if (own_topic) flags.options.topic = FreshTopic();
  if (flags.messages.has_value()) {
    flags.options.messages = *flags.messages;
  } else if (flags.options.duration.has_value()) {
    flags.options.messages = std::numeric_limits<uint64_t>::max();
  }
  for (const absl::Status& valid :
       {ValidateName("topic", flags.options.topic),
        ValidateName("channel", flags.options.channel)}) {
    if (!valid.ok()) return ReportStatus(valid);
  }
  StopSignal stop({settings.timeout});
  const auto nodes = AllNodes(settings);
  if (!nodes.ok()) return ReportStatus(nodes.status());
  const absl::Status made = MakeChannel(flags, *nodes, settings);
  if (!made.ok()) return ReportStatus(made);
  const auto cluster = OpenCluster(*nodes, {});
  if (!cluster.ok()) return ReportStatus(cluster.status());
  const auto results = Measure(flags, *cluster, stop);
  if (own_topic && !flags.keep) DeleteTopic(flags, *nodes, settings);
  if (!results.ok()) return ReportStatus(results.status());
  const ExitCode printed = ReportStatus(WriteOutput(Text(*results, *format)));
  if (stop.stopped()) return ExitCodeFor(stop.reason());
  uint64_t failed = 0;
  for (const BenchResult& result : *results) failed += result.failed;
  return FirstFailure(printed, failed > 0 ? ExitCode::kFailure : ExitCode::kOk);
}

void AddLoadFlags(Command verb, BenchOptions* options) {
  verb.AddFlag("--duration", "D", "End after this time, even with fewer",
               Into(&options->duration, ParsePositiveDuration));
  verb.AddFlag("--size", "SIZE", "Of a body, at least 8 [200]",
               [options](const std::string& text) {
                 const auto size = ParseSize(text);
                 if (!size.ok()) return size.status();
                 if (*size < 8 || *size > (64 << 20)) {
                   return absl::InvalidArgumentError("from 8 to 64MiB");
                 }
                 options->size = *size;
                 return absl::OkStatus();
               });
  verb.AddFlag("--rate", "N", "Publish at most N a second [no limit]",
               Into(&options->rate, ParseRate));
}

void AddSideFlags(Command verb, BenchOptions* options) {
  verb.AddFlag("--max-unanswered", "N", "Publishes under way at once [10000]",
               Into(&options->max_unanswered, ParsePositiveUint32));
  verb.AddFlag("--durability", "memory|os|disk",
               "Of the publishes [the topic's]",
               [options](const std::string& text) {
                 const auto level = ParseDurability(text);
                 if (!level.ok()) return level.status();
                 options->durability = *level == v1::DURABILITY_MEMORY
                                           ? PublishDurability::kMemory
                                       : *level == v1::DURABILITY_OS
                                           ? PublishDurability::kOs
                                           : PublishDurability::kDisk;
                 return absl::OkStatus();
               });
  verb.AddFlag("--channel", "CHANNEL", "To consume from [bench]",
               Into(&options->channel));
  verb.AddFlag("--max-in-flight", "N", "Messages held at once [2500]",
               Into(&options->max_in_flight, ParsePositiveUint32));
}

}  // namespace

void AddBench(Command root, const Settings& settings) {
  const auto flags = std::make_shared<BenchFlags>();
  Command verb = root.AddCommand("bench", "Measure publishing and consuming");
  verb.AddDetails(
      "Publishes messages and consumes them at once, as fast as they go, and\n"
      "tells how fast that was. Latency is from publish to its answer, and\n"
      "from publish to delivery; without --rate most of it is waiting.");
  verb.AddOptionalArgument(
      "TOPIC", "A topic that stays [one of its own, deleted at the end]",
      Into(&flags->options.topic));
  verb.AddFlag("--mode", "publish|consume|both",
               "What to do [both]; consume takes messages of a TOPIC",
               Into(&flags->mode, ParseMode));
  verb.AddFlag("-n,--messages", "N",
               "How many [100000, or with --duration no limit]",
               Into(&flags->messages, ParseUint64));
  AddLoadFlags(verb, &flags->options);
  AddSideFlags(verb, &flags->options);
  verb.AddSwitch("--keep", "Leave the topic of its own", &flags->keep);
  verb.AddExample("sluice bench");
  verb.AddExample("sluice bench --rate=1000 --duration=10s --output=json");
  verb.Run([flags, &settings] { return RunBench(*flags, settings); });
}

}  // namespace sluice
