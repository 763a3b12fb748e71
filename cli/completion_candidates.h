// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_COMPLETION_CANDIDATES_H_
#define SLUICE_CLI_COMPLETION_CANDIDATES_H_

#include <string>
#include <vector>

#include "cli/command_description.h"

namespace sluice {

// What could stand where somebody is typing.
struct Completion {
  struct Candidate {
    std::string text;  // of the whole word
    std::string description;
  };
  // What the candidates cannot tell: names that only the disk or a node knows.
  enum class Wanted { kNothing, kFile, kDirectory, kTopic, kChannel };

  std::vector<Candidate> candidates;
  Wanted wanted = Wanted::kNothing;
  std::string topic;  // for kChannel: the one typed before
};

// `words` are those behind the program's name; the last one is being typed, and
// may be empty. Pure.
Completion CompleteWords(const CommandDescription& program,
                         const std::vector<std::string>& words);

}  // namespace sluice

#endif  // SLUICE_CLI_COMPLETION_CANDIDATES_H_
