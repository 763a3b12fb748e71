// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/completion_candidates.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace sluice {
namespace {

using Wanted = Completion::Wanted;

Wanted WantedBy(const std::string& placeholder) {
  if (placeholder == "FILE") return Wanted::kFile;
  if (placeholder == "DIR") return Wanted::kDirectory;
  if (placeholder == "TOPIC") return Wanted::kTopic;
  if (placeholder == "CHANNEL") return Wanted::kChannel;
  return Wanted::kNothing;
}

// Where on the command line one is, word by word.
class Walk {
 public:
  explicit Walk(const CommandDescription& program) : path_{&program} {}

  void Pass(const std::string& word) {
    if (awaiting_ != nullptr) {
      awaiting_ = nullptr;
    } else if (flags_over_ || word.empty() || word[0] != '-') {
      PassPlain(word);
    } else if (word == "--") {
      flags_over_ = true;
    } else if (!absl::StrContains(word, '=')) {
      const FlagDescription* flag = FindFlag(word);
      if (flag != nullptr && !flag->value.empty()) awaiting_ = flag;
    }
  }

  Completion At(const std::string& word) const {
    Completion completion;
    const size_t equals = word.find('=');
    if (awaiting_ != nullptr) {
      AddValues(*awaiting_, "", word, &completion);
    } else if (flags_over_ || word.empty() || word[0] != '-') {
      AddPlain(word, &completion);
    } else if (equals == std::string::npos) {
      AddFlags(word, &completion);
    } else if (const FlagDescription* flag = FindFlag(word.substr(0, equals))) {
      AddValues(*flag, word.substr(0, equals + 1), word, &completion);
    }
    return completion;
  }

 private:
  const CommandDescription& command() const { return *path_.back(); }

  void PassPlain(const std::string& word) {
    for (const CommandDescription& child : command().commands) {
      if (child.name == word) {
        path_.push_back(&child);
        return;
      }
    }
    if (arguments_.size() < command().arguments.size() &&
        command().arguments[arguments_.size()] == "TOPIC") {
      topic_ = word;
    }
    arguments_.push_back(word);
  }

  // Flags of the commands above stand behind their verbs as well.
  const FlagDescription* FindFlag(const std::string& name) const {
    for (const CommandDescription* each : path_) {
      for (const FlagDescription& flag : each->flags) {
        if (std::count(flag.names.begin(), flag.names.end(), name) > 0) {
          return &flag;
        }
      }
    }
    return nullptr;
  }

  void AddFlags(const std::string& word, Completion* completion) const {
    for (auto each = path_.rbegin(); each != path_.rend(); ++each) {
      for (const FlagDescription& flag : (*each)->flags) {
        const std::string& name = flag.names.back();
        const bool said = std::any_of(
            completion->candidates.begin(), completion->candidates.end(),
            [&name](const auto& before) { return before.text == name; });
        if (said || !absl::StartsWith(name, word)) continue;
        completion->candidates.push_back({name, flag.description});
      }
    }
  }

  void AddValues(const FlagDescription& flag, const std::string& prefix,
                 const std::string& word, Completion* completion) const {
    completion->wanted = WantedBy(flag.value);
    completion->topic = topic_;
    if (!absl::StrContains(flag.value, '|')) return;
    for (absl::string_view value : absl::StrSplit(flag.value, '|')) {
      std::string text = absl::StrCat(prefix, value);
      if (absl::StartsWith(text, word)) {
        completion->candidates.push_back({std::move(text), ""});
      }
    }
  }

  void AddPlain(const std::string& word, Completion* completion) const {
    for (const CommandDescription& child : command().commands) {
      if (absl::StartsWith(child.name, word)) {
        completion->candidates.push_back({child.name, child.summary});
      }
    }
    const std::vector<std::string>& names = command().arguments;
    if (names.empty()) return;
    if (arguments_.size() >= names.size() && !command().last_argument_repeats) {
      return;
    }
    completion->wanted =
        WantedBy(names[std::min(arguments_.size(), names.size() - 1)]);
    completion->topic = topic_;
  }

  std::vector<const CommandDescription*> path_;
  std::vector<std::string> arguments_;
  std::string topic_;
  const FlagDescription* awaiting_ = nullptr;
  bool flags_over_ = false;
};

}  // namespace

Completion CompleteWords(const CommandDescription& program,
                         const std::vector<std::string>& words) {
  Walk walk(program);
  for (size_t i = 0; i + 1 < words.size(); ++i) walk.Pass(words[i]);
  return walk.At(words.empty() ? "" : words.back());
}

}  // namespace sluice
