// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/topic.h"

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

struct TopicFlags {
  std::string topic;
  v1::TopicConfig config;
  google::protobuf::FieldMask given;  // the fields of `config` on the line
  bool yes = false;
};

Table TopicTable() {
  return Table({{"TOPIC"},
                {"STATE"},
                {"DURABILITY"},
                {"MEM-QUEUE", Table::Align::kRight},
                {"RETENTION", Table::Align::kRight},
                {"CREATED"}});
}

void AddRow(const v1::Topic& topic, Table* table) {
  const v1::TopicConfig& config = topic.config();
  table->AddRow({topic.name(), PausedText(topic.paused()),
                 DurabilityText(config.durability()),
                 config.has_mem_queue_size()
                     ? CountText(config.mem_queue_size(), OutputNumberStyle())
                     : "default",
                 absl::FormatDuration(FromProto(config.retention())),
                 TimeText(FromProto(topic.create_time()))});
}

absl::StatusOr<v1::ListTopicsResponse> ListAll(const AdminClient& admin) {
  v1::ListTopicsResponse all;
  v1::ListTopicsRequest request;
  do {
    SLUICE_ASSIGN_OR_RETURN(const v1::ListTopicsResponse page,
                            admin.Call(request));
    all.mutable_topics()->MergeFrom(page.topics());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

ExitCode RunList(const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const auto nodes = AllNodes(settings);
  if (!nodes.ok()) return ReportStatus(nodes.status());
  const auto answers = AskEachBy<v1::ListTopicsResponse>(
      *nodes, settings, [](const Connection& connection) {
        return ListAll(AdminClient(connection));
      });
  NodeListing listing(TopicTable(), settings.many_nodes());
  for (const auto& [node, all] : answers) {
    if (!all.ok()) continue;
    std::vector<const google::protobuf::Message*> items;
    for (const v1::Topic& topic : all->topics()) {
      items.push_back(&topic);
      AddRow(topic, listing.table());
    }
    listing.AddNode(node, *all, std::move(items));
  }
  return FirstFailure(listing.Print(*format),
                      ReportFailures(answers, settings.many_nodes()));
}

ExitCode RunInfo(const TopicFlags& flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const auto nodes = NodesOfTopic(settings, flags.topic);
  if (!nodes.ok()) return ReportStatus(nodes.status());
  v1::GetTopicRequest request;
  request.set_topic(flags.topic);
  const auto answers = AskEach<AdminClient>(*nodes, settings, request);
  NodeListing listing(TopicTable(), settings.many_nodes());
  for (const auto& [node, answer] : answers) {
    if (!answer.ok()) continue;
    AddRow(answer->topic(), listing.table());
    listing.AddNode(node, answer->topic(), {&answer->topic()});
  }
  return FirstFailure(listing.Print(*format),
                      ReportFailures(answers, settings.many_nodes()));
}

// A call that answers with the topic as it is now, to each of `nodes`.
template <typename Request>
ExitCode Change(Request request, const char* done, const TopicFlags& flags,
                const Settings& settings,
                const absl::StatusOr<std::vector<std::string>>& nodes) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  if (!nodes.ok()) return ReportStatus(nodes.status());
  request.set_topic(flags.topic);
  const auto answers = AskEach<AdminClient>(*nodes, settings, request);
  NodeListing listing(TopicTable(), settings.many_nodes());
  for (const auto& [node, answer] : answers) {
    if (!answer.ok()) continue;
    NoteChange(absl::StrCat(done, " topic ", flags.topic), node, settings);
    listing.AddNode(node, answer->topic(), {&answer->topic()});
  }
  const ExitCode printed =
      *format == OutputFormat::kTable ? ExitCode::kOk : listing.Print(*format);
  return FirstFailure(printed, ReportFailures(answers, settings.many_nodes()));
}

template <typename Request>
ExitCode Change(Request request, const char* done, const TopicFlags& flags,
                const Settings& settings) {
  return Change(std::move(request), done, flags, settings,
                NodesOfTopic(settings, flags.topic));
}

// What lookups know of a topic goes last: nodes that still had it would bring
// it back there.
ExitCode ForgetAtLookups(const TopicFlags& flags, const Settings& settings) {
  v1::LookupServiceDeleteTopicRequest request;
  request.set_topic(flags.topic);
  return ReportFailures(
      AskEach<LookupCalls>(settings.lookups, settings, request), true);
}

// A call that cannot be taken back.
template <typename Request>
ExitCode Destroy(const char* consequence, const char* done,
                 const TopicFlags& flags, const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  const absl::Status confirmed = ConfirmOnTerminal(
      absl::Substitute(consequence, flags.topic), flags.topic, flags.yes);
  if (!confirmed.ok()) return ReportStatus(confirmed);
  const auto nodes = NodesOfTopic(settings, flags.topic);
  if (!nodes.ok()) return ReportStatus(nodes.status());
  Request request;
  request.set_topic(flags.topic);
  const auto answers = AskEach<AdminClient>(*nodes, settings, request);
  for (const auto& [node, answer] : answers) {
    if (!answer.ok()) continue;
    NoteChange(absl::StrCat(done, " topic ", flags.topic), node, settings);
  }
  return ReportFailures(answers, settings.many_nodes());
}

Command AddVerb(Command topic, const char* name, const char* description,
                TopicFlags* flags) {
  Command verb = topic.AddCommand(name, description);
  verb.AddArgument("TOPIC", "The topic", Into(&flags->topic));
  verb.AddExample(absl::StrCat("sluice topic ", name, " greetings"));
  return verb;
}

void AddConfigFlags(Command verb, TopicFlags* flags) {
  v1::TopicConfig* const config = &flags->config;
  google::protobuf::FieldMask* const given = &flags->given;
  verb.AddFlag("--durability", "memory|os|disk",
               "The least level of its publishes: memory, os or disk "
               "[the node's]",
               [config, given](const std::string& text) {
                 given->add_paths("durability");
                 const auto durability = ParseDurability(text);
                 if (durability.ok()) config->set_durability(*durability);
                 return durability.status();
               });
  verb.AddFlag("--mem-queue-size", "N",
               "Messages kept in memory before more go to disk [the node's]",
               [config, given](const std::string& text) {
                 given->add_paths("mem_queue_size");
                 const auto size = ParseUint32(text);
                 if (size.ok()) config->set_mem_queue_size(*size);
                 return size.status();
               });
  verb.AddFlag("--retention", "D",
               "Keep finished messages this long after their publish [0s]",
               [config, given](const std::string& text) {
                 given->add_paths("retention");
                 const auto retention = ParseDuration(text);
                 if (retention.ok()) {
                   *config->mutable_retention() = ToProto(*retention);
                 }
                 return retention.status();
               });
}

void AddCreate(Command topic, const std::shared_ptr<TopicFlags>& flags,
               const Settings& settings) {
  Command create = AddVerb(topic, "create", "Create a topic", flags.get());
  create.AddDetails("With several nodes, or lookups, on every node.");
  AddConfigFlags(create, flags.get());
  create.AddExample("sluice topic create orders --durability=disk");
  create.Run([flags, &settings] {
    v1::CreateTopicRequest request;
    *request.mutable_config() = flags->config;
    return Change(std::move(request), "created", *flags, settings,
                  AllNodes(settings));
  });
}

// Leaves what no flag names as it is.
void AddUpdate(Command topic, const std::shared_ptr<TopicFlags>& flags,
               const Settings& settings) {
  Command update =
      AddVerb(topic, "update", "Change a topic's config", flags.get());
  AddConfigFlags(update, flags.get());
  update.AddExample("sluice topic update orders --retention=24h");
  update.Run([flags, &settings] {
    if (flags->given.paths().empty()) {
      return ReportStatus(absl::InvalidArgumentError(
          "nothing to change: give at least one of --durability, "
          "--mem-queue-size and --retention"));
    }
    v1::UpdateTopicRequest request;
    *request.mutable_config() = flags->config;
    *request.mutable_update_mask() = flags->given;
    return Change(std::move(request), "updated", *flags, settings);
  });
}

void AddDestructive(Command topic, const std::shared_ptr<TopicFlags>& flags,
                    const Settings& settings) {
  Command empty =
      AddVerb(topic, "empty", "Drop the messages that belong to no channel yet",
              flags.get());
  Command remove = AddVerb(
      topic, "rm", "Delete a topic, its channels and messages", flags.get());
  for (Command verb : {empty, remove}) {
    verb.AddSwitch("-y,--yes", "Do not ask", &flags->yes);
  }
  empty.Run([flags, &settings] {
    return Destroy<v1::EmptyTopicRequest>("drops what waits in topic \"$0\"",
                                          "emptied", *flags, settings);
  });
  remove.Run([flags, &settings] {
    const ExitCode deleted = Destroy<v1::DeleteTopicRequest>(
        "deletes topic \"$0\", its channels and messages", "deleted", *flags,
        settings);
    return deleted == ExitCode::kOk ? ForgetAtLookups(*flags, settings)
                                    : deleted;
  });
}

}  // namespace

void AddTopic(Command root, const Settings& settings) {
  const auto flags = std::make_shared<TopicFlags>();
  Command topic = root.AddCommand("topic", "List, make and manage topics");
  Command list = topic.AddCommand("ls", "List the topics");
  list.AddExample("sluice topic ls --output=jsonl");
  list.Run([&settings] { return RunList(settings); });
  AddCreate(topic, flags, settings);
  AddUpdate(topic, flags, settings);
  AddVerb(topic, "info", "Show a topic", flags.get()).Run([flags, &settings] {
    return RunInfo(*flags, settings);
  });
  AddVerb(topic, "pause", "Let what is published from now on wait in the topic",
          flags.get())
      .Run([flags, &settings] {
        return Change(v1::PauseTopicRequest(), "paused", *flags, settings);
      });
  AddVerb(topic, "resume", "End the pause of a topic", flags.get())
      .Run([flags, &settings] {
        return Change(v1::ResumeTopicRequest(), "resumed", *flags, settings);
      });
  AddDestructive(topic, flags, settings);
}

}  // namespace sluice
