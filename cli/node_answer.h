// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_NODE_ANSWER_H_
#define SLUICE_CLI_NODE_ANSWER_H_

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/in_parallel.h"
#include "cli/settings.h"

namespace sluice {

// What one of several servers answered to the same question.
template <typename Response>
struct NodeAnswer {
  std::string address;
  absl::StatusOr<Response> answer;
};

// Calls `ask` for a connection to each of `addresses`, several at once. Answers
// are in the order of the addresses.
template <typename Response, typename Ask>
std::vector<NodeAnswer<Response>> AskEachBy(
    const std::vector<std::string>& addresses, const Settings& settings,
    const Ask& ask) {
  std::vector<NodeAnswer<Response>> answers(addresses.size());
  InParallel(addresses.size(), [&](size_t i) {
    const Connection connection(addresses[i], settings);
    answers[i] = {addresses[i], ask(connection)};
  });
  return answers;
}

// Puts `request` to each of `addresses`, through a Client (AdminClient,
// LookupCalls).
template <typename Client, typename Request>
auto AskEach(const std::vector<std::string>& addresses,
             const Settings& settings, const Request& request) {
  using Response =
      typename std::decay_t<decltype(std::declval<const Client>().Call(
          request))>::value_type;
  return AskEachBy<Response>(addresses, settings,
                             [&request](const Connection& connection) {
                               return Client(connection).Call(request);
                             });
}

// Says which servers failed, each on a line of its own, and returns the first
// one's exit code. That a server does not know a topic or channel is no failure
// when another one does. `many` puts the address before each error.
ExitCode ReportFailures(
    const std::vector<std::pair<std::string, absl::Status>>& statuses,
    bool many);
template <typename Response>
ExitCode ReportFailures(const std::vector<NodeAnswer<Response>>& answers,
                        bool many) {
  std::vector<std::pair<std::string, absl::Status>> statuses;
  for (const auto& [address, answer] : answers) {
    statuses.emplace_back(address, answer.status());
  }
  return ReportFailures(statuses, many);
}

}  // namespace sluice

#endif  // SLUICE_CLI_NODE_ANSWER_H_
