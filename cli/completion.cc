// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "cli/admin_client.h"
#include "cli/completion_candidates.h"
#include "cli/completion_script.h"
#include "cli/error_text.h"
#include "cli/node_answer.h"
#include "cli/node_choice.h"
#include "cli/output.h"
#include "cli/settings.h"

namespace sluice {
namespace {

// Somebody waits with a finger on the key.
constexpr char kPatience[] = "1s";

// Beyond this a list is of no use, and slow to make.
constexpr uint32_t kMostNames = 1000;

// Where the nodes are, as far as the words say.
SettingFlags FlagsIn(const std::vector<std::string>& words) {
  SettingFlags flags;
  flags.timeout = kPatience;
  const auto take = [&](size_t i, absl::string_view name,
                        std::vector<std::string>* values) {
    absl::string_view word = words[i];
    if (!absl::ConsumePrefix(&word, name)) return;
    if (absl::ConsumePrefix(&word, "=")) {
      values->emplace_back(word);
    } else if (word.empty() && i + 1 < words.size()) {
      values->push_back(words[i + 1]);
    }
  };
  std::vector<std::string> configs;
  for (size_t i = 0; i < words.size(); ++i) {
    take(i, "--address", &flags.addresses);
    take(i, "--lookup", &flags.lookups);
    take(i, "--config", &configs);
  }
  if (!configs.empty()) flags.config = configs.back();
  return flags;
}

absl::StatusOr<std::vector<std::string>> Topics(const Settings& settings) {
  SLUICE_ASSIGN_OR_RETURN(const auto nodes, AllNodes(settings));
  v1::ListTopicsRequest request;
  request.set_page_size(kMostNames);
  std::vector<std::string> names;
  for (const auto& [node, answer] :
       AskEach<AdminClient>(nodes, settings, request)) {
    if (!answer.ok()) continue;
    for (const v1::Topic& topic : answer->topics()) {
      names.push_back(topic.name());
    }
  }
  return names;
}

absl::StatusOr<std::vector<std::string>> Channels(const Settings& settings,
                                                  const std::string& topic) {
  SLUICE_ASSIGN_OR_RETURN(const auto nodes, NodesOfTopic(settings, topic));
  v1::ListChannelsRequest request;
  request.set_topic(topic);
  request.set_page_size(kMostNames);
  std::vector<std::string> names;
  for (const auto& [node, answer] :
       AskEach<AdminClient>(nodes, settings, request)) {
    if (!answer.ok()) continue;
    for (const v1::Channel& channel : answer->channels()) {
      names.push_back(channel.name());
    }
  }
  return names;
}

// Those that begin as the word does, each once.
std::string NameLines(absl::StatusOr<std::vector<std::string>> names,
                      const std::string& word) {
  if (!names.ok()) return "";
  std::sort(names->begin(), names->end());
  names->erase(std::unique(names->begin(), names->end()), names->end());
  std::string lines;
  for (const std::string& name : *names) {
    if (absl::StartsWith(name, word)) absl::StrAppend(&lines, name, "\n");
  }
  return lines;
}

std::string Lines(const Completion& completion,
                  const std::vector<std::string>& words) {
  std::string lines;
  for (const Completion::Candidate& each : completion.candidates) {
    absl::StrAppend(&lines, each.text, "\t", each.description, "\n");
  }
  if (completion.wanted == Completion::Wanted::kFile) return ":files\n";
  if (completion.wanted == Completion::Wanted::kDirectory) return ":dirs\n";
  if (completion.wanted == Completion::Wanted::kNothing) return lines;
  Settings settings;
  if (!ResolveSettings(FlagsIn(words), std::getenv, &settings).ok()) {
    return lines;
  }
  return lines + NameLines(completion.wanted == Completion::Wanted::kTopic
                               ? Topics(settings)
                               : Channels(settings, completion.topic),
                           words.empty() ? "" : words.back());
}

}  // namespace

ExitCode PrintCandidates(const CommandLine& line,
                         const std::vector<std::string>& words) {
  return ReportStatus(
      WriteOutput(Lines(CompleteWords(line.Describe(), words), words)));
}

void AddCompletion(Command root) {
  const auto shell = std::make_shared<std::string>();
  Command verb = root.AddCommand("completion",
                                 "Print what makes a shell complete commands");
  verb.AddDetails(
      "The shell then asks sluice itself, which also knows the topics and\n"
      "channels of its nodes.");
  verb.AddArgument("bash|zsh|fish", "The shell", Into(shell.get()));
  verb.AddExample("source <(sluice completion bash)");
  verb.AddExample(
      "sluice completion zsh > ~/.zfunc/_sluice   # a directory of $fpath");
  verb.AddExample(
      "sluice completion fish > ~/.config/fish/completions/sluice.fish");
  verb.Run([shell] {
    const auto script = CompletionScript(*shell);
    return script.ok() ? ReportStatus(WriteOutput(*script))
                       : ReportStatus(script.status());
  });
}

}  // namespace sluice
