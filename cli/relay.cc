// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/relay.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/cluster.h"
#include "cli/error_text.h"
#include "cli/feed.h"
#include "cli/feed_run.h"
#include "cli/flag_value.h"
#include "cli/json_filter.h"
#include "cli/relay_id.h"
#include "cli/stop_signal.h"
#include "client/producer.h"

namespace sluice {
namespace {

// Within the grace that StopSignal gives.
constexpr absl::Duration kCloseTimeout = absl::Milliseconds(300);

struct RelayFlags {
  FeedFlags feed;
  std::vector<std::string> to;
  std::vector<std::string> to_lookups;
  std::string to_topic;  // empty: as it is
  bool spread = false;
  JsonFilter::Options filter;
};

// Carries messages on. Thread-safe.
class Relaying {
 public:
  Relaying(const RelayFlags& flags, bool many_targets, Producer* producer)
      : to_topic_(flags.to_topic),
        many_targets_(many_targets),
        filter_(flags.filter),
        producer_(*producer) {}

  // Returns once the message is on its way; what becomes of it then ends the
  // delivery.
  void Handle(Delivery delivery) {
    std::optional<std::string> body = filter_.Apply(delivery.message().body);
    if (!body.has_value()) {
      ++counts_.left_out;
      delivery.Finish();
      return;
    }
    OutgoingBatch batch = BatchOf(delivery.message(), *std::move(body));
    // The callback must be copyable.
    const auto held = std::make_shared<Delivery>(std::move(delivery));
    producer_.PublishBatch(
        std::move(batch),
        [this, held](const absl::StatusOr<PublishedBatch>& published) {
          End(published.status(), held.get());
        });
  }

  const FeedCounts& counts() const { return counts_; }

 private:
  OutgoingBatch BatchOf(const Message& message, std::string body) const {
    OutgoingBatch batch;
    batch.topic = to_topic_.empty() ? message.topic : to_topic_;
    batch.request_id = RelayId(message, batch.topic);
    OutgoingMessage outgoing;
    outgoing.body = std::move(body);
    outgoing.attributes = message.attributes;
    // Where a retry may go to another node, consumers can drop the copy by it.
    if (many_targets_ && outgoing.attributes.size() < kMaxAttributes) {
      outgoing.attributes.insert({kDedupIdAttribute, batch.request_id});
    }
    batch.messages.push_back(std::move(outgoing));
    return batch;
  }

  void End(const absl::Status& status, Delivery* delivery) {
    if (status.ok()) {
      ++counts_.done;
      delivery->Finish();
      return;
    }
    ++counts_.failed;
    PrintNote(absl::StrCat("message ", delivery->message().id, " of ",
                           delivery->message().topic,
                           " comes again: ", ErrorText(status)));
    delivery->Complete(HandlerResult::Requeue());
  }

  const std::string to_topic_;
  const bool many_targets_;
  const JsonFilter filter_;
  Producer& producer_;
  FeedCounts counts_;
};

// A relay that reads what it wrote would never end.
absl::Status CheckForCircle(const RelayFlags& flags, const Settings& settings) {
  const bool same_place =
      std::any_of(flags.to.begin(), flags.to.end(),
                  [&settings](const std::string& address) {
                    return std::count(settings.addresses.begin(),
                                      settings.addresses.end(), address) > 0;
                  }) ||
      std::any_of(flags.to_lookups.begin(), flags.to_lookups.end(),
                  [&settings](const std::string& address) {
                    return std::count(settings.lookups.begin(),
                                      settings.lookups.end(), address) > 0;
                  });
  if (!same_place) return absl::OkStatus();
  const auto& selection = flags.feed.selection;
  const std::vector<std::string>& topics = selection.topics;
  const bool same_topic =
      flags.to_topic.empty() ||
      std::count(topics.begin(), topics.end(), flags.to_topic) > 0 ||
      (selection.pattern.has_value() &&
       std::regex_search(flags.to_topic, *selection.pattern));
  if (!same_topic) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "this would go round in circles: it publishes on the nodes it consumes "
      "from, to a topic it consumes; give another --to-topic, or another node");
}

absl::Status Check(const RelayFlags& flags, const Settings& settings) {
  SLUICE_RETURN_IF_ERROR(CheckFeedFlags(flags.feed));
  if (flags.to.empty() == flags.to_lookups.empty()) {
    return absl::InvalidArgumentError(
        "say where messages go: --to=HOST:PORT, or --to-lookup=HOST:PORT, and "
        "not both");
  }
  if (!flags.to_topic.empty()) {
    SLUICE_RETURN_IF_ERROR(ValidateName("topic", flags.to_topic));
  }
  if (flags.filter.required_value.has_value() &&
      flags.filter.required_field.empty()) {
    return absl::InvalidArgumentError(
        "--require-json-value needs a --require-json-field");
  }
  return CheckForCircle(flags, settings);
}

ExitCode RunRelay(const RelayFlags& flags, const Settings& settings) {
  const absl::Status valid = Check(flags, settings);
  if (!valid.ok()) return ReportStatus(valid);
  StopSignal stop({settings.timeout});
  const auto source = OpenCluster(settings);
  if (!source.ok()) return ReportStatus(source.status());
  const auto target = OpenCluster(flags.to, flags.to_lookups);
  if (!target.ok()) return ReportStatus(target.status());
  ProducerOptions options;
  options.node_choice = flags.spread ? ProducerOptions::NodeChoice::kSpread
                                     : ProducerOptions::NodeChoice::kFirst;
  options.on_error = NoteNodeError;
  const auto producer = Producer::Create(*target, options);
  if (!producer.ok()) return ReportStatus(producer.status());
  const bool many_targets = flags.to.size() != 1;
  Relaying relaying(flags, many_targets, producer->get());
  Feed feed(flags.feed, settings, Clock::Real(), [&](ConsumerOptions consumer) {
    return Consumer::CreateAsync(*source, std::move(consumer),
                                 [&relaying](Delivery delivery) {
                                   relaying.Handle(std::move(delivery));
                                 });
  });
  const ExitCode code =
      RunFeed(&feed, relaying.counts(), "relayed", settings, stop);
  // Callbacks use what goes next.
  (*producer)->Close(kCloseTimeout).IgnoreError();
  return code;
}

void AddTargetFlags(Command verb, RelayFlags* flags) {
  verb.AddRepeatedFlag("--to", "HOST:PORT", "A node to publish on; repeatable",
                       AppendTo(&flags->to));
  verb.AddRepeatedFlag("--to-lookup", "HOST:PORT",
                       "A lookup node that knows the nodes to publish on; "
                       "repeatable",
                       AppendTo(&flags->to_lookups));
  verb.AddFlag("--to-topic", "TOPIC", "Publish to this topic [the same]",
               Into(&flags->to_topic));
  verb.AddSwitch("--spread",
                 "Let all nodes take turns; otherwise the first that works "
                 "gets everything",
                 &flags->spread);
}

void AddFilterFlags(Command verb, RelayFlags* flags) {
  JsonFilter::Options* filter = &flags->filter;
  verb.AddFlag("--require-json-field", "NAME",
               "Only messages that are JSON objects with this field; others "
               "are finished and left out",
               Into(&filter->required_field));
  verb.AddFlag("--require-json-value", "VALUE",
               "And whose field has this value",
               [filter](const std::string& text) {
                 filter->required_value = text;
                 return absl::OkStatus();
               });
  verb.AddRepeatedFlag("--keep-json-field", "NAME",
                       "Carry only this field of a JSON object; repeatable",
                       AppendTo(&filter->kept_fields));
}

}  // namespace

void AddRelay(Command root, const Settings& settings) {
  const auto flags = std::make_shared<RelayFlags>();
  flags->feed.consumer.channel = "relay";
  flags->feed.consumer.max_in_flight = 2500;
  flags->feed.consumer.default_requeue_delay = absl::Seconds(5);
  flags->feed.consumer.max_requeue_delay = absl::Minutes(2);
  Command verb =
      root.AddCommand("relay", "Publish messages again, on other nodes");
  verb.AddDetails(
      "Finishes a message once the other node has stored it, with its\n"
      "attributes. One that is carried a second time within that node's\n"
      "deduplication window (5 minutes) is not stored a second time there.");
  AddFeedFlags(verb, &flags->feed);
  AddTargetFlags(verb, flags.get());
  AddFilterFlags(verb, flags.get());
  verb.AddExample("sluice relay orders --to=archive.example:4150");
  verb.AddExample(
      "sluice relay --topic-pattern='^eu-' --lookup=eu.example:4160 "
      "--to-lookup=us.example:4160");
  verb.Run([flags, &settings] { return RunRelay(*flags, settings); });
}

}  // namespace sluice
