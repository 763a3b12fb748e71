// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/publisher_check.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cli/connection.h"
#include "cli/node_choice.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "sluice/v1/publisher.grpc.pb.h"

namespace sluice {
namespace {

// Of a node beside others.
constexpr absl::Duration kTimeoutOfOne = absl::Seconds(2);

absl::Status CheckNode(const std::string& node, const Settings& settings,
                       StopSignal* stop) {
  const Connection connection(node, settings);
  grpc::ClientContext context;
  connection.SetDeadline(&context);
  stop->SetHandler([&context] { context.TryCancel(); });
  const auto no_handler =
      absl::MakeCleanup([stop] { stop->SetHandler(nullptr); });
  v1::PublisherService::Stub stub(connection.channel());
  const auto stream = stub.PublishStream(&context);
  stream->WritesDone();
  v1::PublishStreamResponse response;
  while (stream->Read(&response)) {
  }
  return connection.ToStatus(stream->Finish());
}

}  // namespace

absl::Status CheckForPublisher(const Settings& settings, StopSignal* stop) {
  SLUICE_ASSIGN_OR_RETURN(const std::vector<std::string> nodes,
                          AllNodes(settings));
  if (nodes.size() == 1) return CheckNode(nodes.front(), settings, stop);
  Settings brief = settings;
  brief.timeout =
      std::min(settings.timeout.value_or(kDefaultCallTimeout), kTimeoutOfOne);
  absl::Status last;
  for (const std::string& node : nodes) {
    last = CheckNode(node, brief, stop);
    if (last.ok() || stop->stopped()) return last;
  }
  return absl::UnavailableError(absl::StrCat(
      "none of ", nodes.size(), " nodes can be used: ", last.message()));
}

}  // namespace sluice
