// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/channel.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "base/status_macros.h"
#include "cli/admin_client.h"
#include "cli/config_text.h"
#include "cli/confirmation.h"
#include "cli/connection.h"
#include "cli/error_text.h"
#include "cli/flag_value.h"
#include "cli/listing.h"
#include "cli/lookup_calls.h"
#include "cli/node_answer.h"
#include "cli/node_choice.h"
#include "client/proto_duration.h"
#include "google/protobuf/field_mask.pb.h"

namespace sluice {
namespace {

struct ChannelFlags {
  std::string topic;
  std::string channel;
  v1::ChannelConfig config;
  google::protobuf::FieldMask given;  // the fields of `config` on the line
  v1::StartPosition start = v1::START_POSITION_UNSPECIFIED;
  bool yes = false;
};

std::string FullName(const ChannelFlags& flags) {
  return absl::StrCat(flags.topic, "/", flags.channel);
}

Table ChannelTable() {
  return Table({{"TOPIC"},
                {"CHANNEL"},
                {"STATE"},
                {"MAX-ATTEMPTS", Table::Align::kRight},
                {"DEAD-LETTER-TOPIC"},
                {"CREATED"}});
}

void AddRow(const v1::Channel& channel, Table* table) {
  const v1::ChannelConfig& config = channel.config();
  table->AddRow(
      {channel.topic(), channel.name(), PausedText(channel.paused()),
       config.max_attempts() == 0
           ? "unlimited"
           : CountText(config.max_attempts(), OutputNumberStyle()),
       config.dead_letter_topic().empty() ? "-" : config.dead_letter_topic(),
       TimeText(FromProto(channel.create_time()))});
}

absl::StatusOr<v1::ListChannelsResponse> ListAll(const AdminClient& admin,
                                                 const std::string& topic) {
  v1::ListChannelsResponse all;
  v1::ListChannelsRequest request;
  request.set_topic(topic);
  do {
    SLUICE_ASSIGN_OR_RETURN(const v1::ListChannelsResponse page,
                            admin.Call(request));
    all.mutable_channels()->MergeFrom(page.channels());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

ExitCode RunList(const ChannelFlags& flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const auto nodes = NodesOfTopic(settings, flags.topic);
  if (!nodes.ok()) return ReportStatus(nodes.status());
  const auto answers = AskEachBy<v1::ListChannelsResponse>(
      *nodes, settings, [&flags](const Connection& connection) {
        return ListAll(AdminClient(connection), flags.topic);
      });
  NodeListing listing(ChannelTable(), settings.many_nodes());
  for (const auto& [node, all] : answers) {
    if (!all.ok()) continue;
    std::vector<const google::protobuf::Message*> items;
    for (const v1::Channel& channel : all->channels()) {
      items.push_back(&channel);
      AddRow(channel, listing.table());
    }
    listing.AddNode(node, *all, std::move(items));
  }
  return FirstFailure(listing.Print(*format),
                      ReportFailures(answers, settings.many_nodes()));
}

ExitCode RunInfo(const ChannelFlags& flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const auto nodes = NodesOfTopic(settings, flags.topic);
  if (!nodes.ok()) return ReportStatus(nodes.status());
  v1::GetChannelRequest request;
  request.set_topic(flags.topic);
  request.set_channel(flags.channel);
  const auto answers = AskEach<AdminClient>(*nodes, settings, request);
  NodeListing listing(ChannelTable(), settings.many_nodes());
  for (const auto& [node, answer] : answers) {
    if (!answer.ok()) continue;
    AddRow(answer->channel(), listing.table());
    listing.AddNode(node, answer->channel(), {&answer->channel()});
  }
  return FirstFailure(listing.Print(*format),
                      ReportFailures(answers, settings.many_nodes()));
}

// A call that answers with the channel as it is now, to each node that has the
// topic.
template <typename Request>
ExitCode Change(Request request, const char* done, const ChannelFlags& flags,
                const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const auto nodes = NodesOfTopic(settings, flags.topic);
  if (!nodes.ok()) return ReportStatus(nodes.status());
  request.set_topic(flags.topic);
  request.set_channel(flags.channel);
  const auto answers = AskEach<AdminClient>(*nodes, settings, request);
  NodeListing listing(ChannelTable(), settings.many_nodes());
  for (const auto& [node, answer] : answers) {
    if (!answer.ok()) continue;
    NoteChange(absl::StrCat(done, " channel ", FullName(flags)), node,
               settings);
    listing.AddNode(node, answer->channel(), {&answer->channel()});
  }
  const ExitCode printed =
      *format == OutputFormat::kTable ? ExitCode::kOk : listing.Print(*format);
  return FirstFailure(printed, ReportFailures(answers, settings.many_nodes()));
}

// Puts a request about the channel to every lookup, if there are any.
template <typename Request>
ExitCode TellLookups(const ChannelFlags& flags, const Settings& settings) {
  Request request;
  request.set_topic(flags.topic);
  request.set_channel(flags.channel);
  return ReportFailures(
      AskEach<LookupCalls>(settings.lookups, settings, request), true);
}

// A call that cannot be taken back.
template <typename Request>
ExitCode Destroy(const char* consequence, const char* done,
                 const ChannelFlags& flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const absl::Status confirmed = ConfirmOnTerminal(
      absl::Substitute(consequence, flags.channel, flags.topic), flags.channel,
      flags.yes);
  if (!confirmed.ok()) return ReportStatus(confirmed);
  const auto nodes = NodesOfTopic(settings, flags.topic);
  if (!nodes.ok()) return ReportStatus(nodes.status());
  Request request;
  request.set_topic(flags.topic);
  request.set_channel(flags.channel);
  const auto answers = AskEach<AdminClient>(*nodes, settings, request);
  for (const auto& [node, answer] : answers) {
    if (!answer.ok()) continue;
    NoteChange(absl::StrCat(done, " channel ", FullName(flags)), node,
               settings);
  }
  return ReportFailures(answers, settings.many_nodes());
}

Command AddVerb(Command channel, const char* name, const char* description,
                ChannelFlags* flags) {
  Command verb = channel.AddCommand(name, description);
  verb.AddArgument("TOPIC", "The channel's topic", Into(&flags->topic));
  verb.AddArgument("CHANNEL", "The channel", Into(&flags->channel));
  verb.AddExample(absl::StrCat("sluice channel ", name, " greetings archive"));
  return verb;
}

void AddConfigFlags(Command verb, ChannelFlags* flags) {
  v1::ChannelConfig* const config = &flags->config;
  google::protobuf::FieldMask* const given = &flags->given;
  verb.AddFlag("--max-attempts", "N",
               "Deliver a message at most N times; 0 is without limit [0]",
               [config, given](const std::string& text) {
                 given->add_paths("max_attempts");
                 const auto attempts = ParseUint32(text);
                 if (attempts.ok()) config->set_max_attempts(*attempts);
                 return attempts.status();
               });
  verb.AddFlag("--dead-letter-topic", "TOPIC",
               "Where messages go after their last attempt [nowhere]",
               [config, given](const std::string& text) {
                 given->add_paths("dead_letter_topic");
                 config->set_dead_letter_topic(text);
                 return absl::OkStatus();
               });
}

void AddCreate(Command channel, const std::shared_ptr<ChannelFlags>& flags,
               const Settings& settings) {
  Command create = AddVerb(channel, "create", "Create a channel", flags.get());
  create.AddDetails(
      "With several nodes, on each that has the topic. With lookups they also\n"
      "remember it, for nodes that make the topic later.");
  AddConfigFlags(create, flags.get());
  create.AddFlag("--start", "earliest|latest",
                 "Where it begins: earliest or latest [earliest for a topic's "
                 "first channel, else latest]",
                 Into(&flags->start, ParseStartPosition));
  create.AddExample(
      "sluice channel create orders billing --max-attempts=5 "
      "--dead-letter-topic=orders-failed");
  create.Run([flags, &settings] {
    v1::CreateChannelRequest request;
    *request.mutable_config() = flags->config;
    request.set_start(flags->start);
    const ExitCode told =
        TellLookups<v1::LookupServiceCreateChannelRequest>(*flags, settings);
    if (told != ExitCode::kOk) return told;
    const bool no_node_yet =
        !settings.lookups.empty() &&
        absl::IsNotFound(NodesOfTopic(settings, flags->topic).status());
    if (no_node_yet) return ExitCode::kOk;
    return Change(std::move(request), "created", *flags, settings);
  });
}

// Leaves what no flag names as it is.
void AddUpdate(Command channel, const std::shared_ptr<ChannelFlags>& flags,
               const Settings& settings) {
  Command update =
      AddVerb(channel, "update", "Change a channel's config", flags.get());
  AddConfigFlags(update, flags.get());
  update.AddExample("sluice channel update orders billing --max-attempts=9");
  update.Run([flags, &settings] {
    if (flags->given.paths().empty()) {
      return ReportStatus(absl::InvalidArgumentError(
          "nothing to change: give at least one of --max-attempts and "
          "--dead-letter-topic"));
    }
    v1::UpdateChannelRequest request;
    *request.mutable_config() = flags->config;
    *request.mutable_update_mask() = flags->given;
    return Change(std::move(request), "updated", *flags, settings);
  });
}

void AddDestructive(Command channel, const std::shared_ptr<ChannelFlags>& flags,
                    const Settings& settings) {
  Command empty =
      AddVerb(channel, "empty", "Drop all messages of a channel", flags.get());
  Command remove = AddVerb(channel, "rm", "Delete a channel", flags.get());
  for (Command verb : {empty, remove}) {
    verb.AddSwitch("-y,--yes", "Do not ask", &flags->yes);
  }
  empty.Run([flags, &settings] {
    return Destroy<v1::EmptyChannelRequest>(
        "drops all messages of channel \"$0\" of topic \"$1\"", "emptied",
        *flags, settings);
  });
  remove.Run([flags, &settings] {
    const ExitCode deleted = Destroy<v1::DeleteChannelRequest>(
        "deletes channel \"$0\" of topic \"$1\" and its messages", "deleted",
        *flags, settings);
    if (deleted != ExitCode::kOk) return deleted;
    // Last: nodes that still had it would bring it back there.
    return TellLookups<v1::LookupServiceDeleteChannelRequest>(*flags, settings);
  });
}

}  // namespace

void AddChannel(Command root, const Settings& settings) {
  const auto flags = std::make_shared<ChannelFlags>();
  Command channel =
      root.AddCommand("channel", "List, make and manage channels");
  Command list = channel.AddCommand("ls", "List the channels of a topic");
  list.AddArgument("TOPIC", "The topic", Into(&flags->topic));
  list.AddExample("sluice channel ls greetings");
  list.Run([flags, &settings] { return RunList(*flags, settings); });
  AddCreate(channel, flags, settings);
  AddUpdate(channel, flags, settings);
  AddVerb(channel, "info", "Show a channel", flags.get())
      .Run([flags, &settings] { return RunInfo(*flags, settings); });
  AddVerb(channel, "pause", "Deliver nothing more from a channel", flags.get())
      .Run([flags, &settings] {
        return Change(v1::PauseChannelRequest(), "paused", *flags, settings);
      });
  AddVerb(channel, "resume", "End the pause of a channel", flags.get())
      .Run([flags, &settings] {
        return Change(v1::ResumeChannelRequest(), "resumed", *flags, settings);
      });
  AddDestructive(channel, flags, settings);
}

}  // namespace sluice
