// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/health.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/admin_client.h"
#include "cli/connection.h"
#include "cli/error_text.h"
#include "cli/listing.h"
#include "cli/node_answer.h"
#include "cli/node_choice.h"
#include "cli/output.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace sluice {
namespace {

namespace health = grpc::health::v1;

absl::StatusOr<health::HealthCheckResponse> Check(
    const Connection& connection) {
  health::Health::Stub stub(connection.channel());
  grpc::ClientContext context;
  connection.SetDeadline(&context);
  health::HealthCheckResponse response;
  const absl::Status status = connection.ToStatus(
      stub.Check(&context, health::HealthCheckRequest(), &response));
  if (!status.ok()) return status;
  return response;
}

// The node knows why; the health service has no words for it.
std::string WhyNotServing(const Connection& connection) {
  const auto info = AdminClient(connection).Call(v1::GetServerInfoRequest());
  if (!info.ok()) return "not serving";
  if (info->server().draining()) return "not serving: draining";
  return absl::StrCat("not serving: ", info->server().unhealthy_reason());
}

ExitCode CheckNodes(OutputFormat format, const Settings& settings) {
  const auto nodes = AllNodes(settings);
  if (!nodes.ok()) return ReportStatus(nodes.status());
  const auto answers =
      AskEachBy<health::HealthCheckResponse>(*nodes, settings, Check);
  NodeListing listing(Table({{"STATUS"}}), true);
  ExitCode serving = ExitCode::kOk;
  for (const auto& [node, answer] : answers) {
    if (!answer.ok()) continue;
    if (answer->status() != health::HealthCheckResponse::SERVING) {
      serving = ExitCode::kUnavailable;
    }
    listing.table()->AddRow(
        {health::HealthCheckResponse::ServingStatus_Name(answer->status())});
    listing.AddNode(node, *answer, {&*answer});
  }
  const ExitCode printed = listing.Print(format);
  return FirstFailure(FirstFailure(printed, ReportFailures(answers, true)),
                      serving);
}

ExitCode RunHealth(const Settings& settings) {
  const auto format = ListingFormat(settings);
  if (!format.ok()) return ReportStatus(format.status());
  if (settings.many_nodes()) return CheckNodes(*format, settings);
  const Connection connection(settings.addresses.front(), settings);
  const auto response = Check(connection);
  if (!response.ok()) return ReportStatus(response.status());
  const std::string text =
      *format == OutputFormat::kTable
          ? health::HealthCheckResponse::ServingStatus_Name(
                response->status()) +
                "\n"
          : JsonText(*response, *format);
  const absl::Status written = WriteOutput(text);
  if (!written.ok()) return ReportStatus(written);
  if (response->status() == health::HealthCheckResponse::SERVING) {
    return ExitCode::kOk;
  }
  return ReportStatus(absl::UnavailableError(WhyNotServing(connection)));
}

}  // namespace

void AddHealth(Command root, const Settings& settings) {
  Command verb = root.AddCommand("health", "Tell whether the node serves");
  verb.AddDetails(
      "Exits with 0 if it does and 4 if not. Of several nodes, all must.");
  verb.AddExample("sluice health --address=queue.example:4150 --timeout=1s");
  verb.Run([&settings] { return RunHealth(settings); });
}

}  // namespace sluice
