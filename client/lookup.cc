// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/lookup.h"

#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "client/call_error.h"
#include "client/client_runtime.h"
#include "client/node_address.h"
#include "client/unary_call.h"
#include "sluice/v1/lookup.grpc.pb.h"

namespace sluice {
namespace {

using Stub = v1::LookupService::Stub;

LookupNode FromProto(const v1::NodeInfo& node) {
  LookupNode result;
  result.node_id = node.node_id();
  result.hostname = node.hostname();
  result.address = NodeAddress(node);
  if (node.http_port() != 0) {
    result.http_address =
        HostAndPort(node.broadcast_address(), node.http_port());
  }
  result.version = node.version();
  return result;
}

template <typename Nodes>
std::vector<LookupNode> FromProto(const Nodes& nodes) {
  std::vector<LookupNode> result;
  for (const v1::NodeInfo& node : nodes) result.push_back(FromProto(node));
  return result;
}

// Asks every lookup at once and waits for all.
template <typename Answer, typename Response>
std::vector<FromLookup<Answer>> AskAll(
    ClientRuntime& runtime, absl::Duration timeout,
    const std::function<
        std::unique_ptr<grpc::ClientAsyncResponseReader<Response>>(
            Stub*, grpc::ClientContext*, grpc::CompletionQueue*)>& prepare,
    const std::function<Answer(const Response&)>& convert) {
  std::vector<FromLookup<Answer>> answers;
  std::vector<std::unique_ptr<Stub>> stubs;
  for (const std::string& address : runtime.options().lookup_addresses) {
    answers.push_back({address, absl::UnknownError("not asked")});
    stubs.push_back(v1::LookupService::NewStub(runtime.Channel(address)));
  }
  absl::BlockingCounter missing(static_cast<int>(answers.size()));
  runtime.loop().Post([&] {
    for (size_t i = 0; i < answers.size(); ++i) {
      UnaryCall<Response>::Start(
          &runtime.loop(), timeout,
          [&, i](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
            return prepare(stubs[i].get(), context, queue);
          },
          [&, i](const grpc::Status& status, Response* response) {
            if (status.ok()) {
              answers[i].answer = convert(*response);
            } else {
              answers[i].answer = CallError(status, answers[i].lookup);
            }
            missing.DecrementCount();
          });
    }
  });
  missing.Wait();
  return answers;
}

// Adds what `add` finds in each answer; the first error where there is none.
template <typename Answer>
absl::Status ForEachAnswer(const std::vector<FromLookup<Answer>>& answers,
                           const std::function<void(const Answer&)>& add) {
  bool any = false;
  absl::Status first_error =
      absl::FailedPreconditionError("the connection has no lookup addresses");
  for (auto entry = answers.rbegin(); entry != answers.rend(); ++entry) {
    if (entry->answer.ok()) {
      any = true;
      add(*entry->answer);
    } else {
      first_error = entry->answer.status();
    }
  }
  return any ? absl::OkStatus() : first_error;
}

std::vector<LookupNode> ByAddress(const std::vector<LookupNode>& nodes) {
  std::map<std::string, LookupNode> by_address;
  for (const LookupNode& node : nodes) by_address[node.address] = node;
  std::vector<LookupNode> result;
  for (const auto& [address, node] : by_address) result.push_back(node);
  return result;
}

}  // namespace

LookupClient::LookupClient(std::shared_ptr<ClusterConnection> connection)
    : connection_(std::move(connection)) {}

std::vector<FromLookup<TopicNodes>> LookupClient::Lookup(
    const std::string& topic, absl::Duration timeout) {
  return AskAll<TopicNodes, v1::LookupResponse>(
      connection_->runtime(), timeout,
      [&topic](Stub* stub, grpc::ClientContext* context,
               grpc::CompletionQueue* queue) {
        v1::LookupRequest request;
        request.set_topic(topic);
        return stub->PrepareAsyncLookup(context, request, queue);
      },
      [](const v1::LookupResponse& response) {
        TopicNodes answer;
        answer.channels.assign(response.channels().begin(),
                               response.channels().end());
        answer.nodes = FromProto(response.producers());
        return answer;
      });
}

std::vector<FromLookup<std::vector<LookupNode>>> LookupClient::ListNodes(
    absl::Duration timeout) {
  return AskAll<std::vector<LookupNode>, v1::LookupServiceListNodesResponse>(
      connection_->runtime(), timeout,
      [](Stub* stub, grpc::ClientContext* context,
         grpc::CompletionQueue* queue) {
        return stub->PrepareAsyncListNodes(context, {}, queue);
      },
      [](const v1::LookupServiceListNodesResponse& response) {
        return FromProto(response.nodes());
      });
}

std::vector<FromLookup<std::vector<std::string>>> LookupClient::ListTopics(
    absl::Duration timeout) {
  return AskAll<std::vector<std::string>, v1::LookupServiceListTopicsResponse>(
      connection_->runtime(), timeout,
      [](Stub* stub, grpc::ClientContext* context,
         grpc::CompletionQueue* queue) {
        return stub->PrepareAsyncListTopics(context, {}, queue);
      },
      [](const v1::LookupServiceListTopicsResponse& response) {
        return std::vector<std::string>(response.topics().begin(),
                                        response.topics().end());
      });
}

absl::StatusOr<TopicNodes> UnionOf(
    const std::vector<FromLookup<TopicNodes>>& answers) {
  TopicNodes all;
  std::set<std::string> channels;
  const absl::Status status =
      ForEachAnswer<TopicNodes>(answers, [&](const TopicNodes& answer) {
        channels.insert(answer.channels.begin(), answer.channels.end());
        all.nodes.insert(all.nodes.end(), answer.nodes.begin(),
                         answer.nodes.end());
      });
  if (!status.ok()) return status;
  all.channels.assign(channels.begin(), channels.end());
  all.nodes = ByAddress(all.nodes);
  return all;
}

absl::StatusOr<std::vector<LookupNode>> UnionOf(
    const std::vector<FromLookup<std::vector<LookupNode>>>& answers) {
  std::vector<LookupNode> all;
  const absl::Status status = ForEachAnswer<std::vector<LookupNode>>(
      answers, [&all](const std::vector<LookupNode>& answer) {
        all.insert(all.end(), answer.begin(), answer.end());
      });
  if (!status.ok()) return status;
  return ByAddress(all);
}

absl::StatusOr<std::vector<std::string>> UnionOf(
    const std::vector<FromLookup<std::vector<std::string>>>& answers) {
  std::set<std::string> all;
  const absl::Status status = ForEachAnswer<std::vector<std::string>>(
      answers, [&all](const std::vector<std::string>& answer) {
        all.insert(answer.begin(), answer.end());
      });
  if (!status.ok()) return status;
  return std::vector<std::string>(all.begin(), all.end());
}

}  // namespace sluice
