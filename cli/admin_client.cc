// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_client.h"

#include <memory>

#include "cli/unary_call.h"
#include "sluice/v1/admin.grpc.pb.h"

namespace sluice {
namespace {

using Stub = v1::AdminService::Stub;

}  // namespace

absl::StatusOr<v1::CreateTopicResponse> AdminClient::Call(
    const v1::CreateTopicRequest& request) const {
  return CallUnary(connection_, &Stub::CreateTopic, request);
}

absl::StatusOr<v1::DeleteTopicResponse> AdminClient::Call(
    const v1::DeleteTopicRequest& request) const {
  return CallUnary(connection_, &Stub::DeleteTopic, request);
}

absl::StatusOr<v1::GetTopicResponse> AdminClient::Call(
    const v1::GetTopicRequest& request) const {
  return CallUnary(connection_, &Stub::GetTopic, request);
}

absl::StatusOr<v1::ListTopicsResponse> AdminClient::Call(
    const v1::ListTopicsRequest& request) const {
  return CallUnary(connection_, &Stub::ListTopics, request);
}

absl::StatusOr<v1::UpdateTopicResponse> AdminClient::Call(
    const v1::UpdateTopicRequest& request) const {
  return CallUnary(connection_, &Stub::UpdateTopic, request);
}

absl::StatusOr<v1::PauseTopicResponse> AdminClient::Call(
    const v1::PauseTopicRequest& request) const {
  return CallUnary(connection_, &Stub::PauseTopic, request);
}

absl::StatusOr<v1::ResumeTopicResponse> AdminClient::Call(
    const v1::ResumeTopicRequest& request) const {
  return CallUnary(connection_, &Stub::ResumeTopic, request);
}

absl::StatusOr<v1::EmptyTopicResponse> AdminClient::Call(
    const v1::EmptyTopicRequest& request) const {
  return CallUnary(connection_, &Stub::EmptyTopic, request);
}

absl::StatusOr<v1::CreateChannelResponse> AdminClient::Call(
    const v1::CreateChannelRequest& request) const {
  return CallUnary(connection_, &Stub::CreateChannel, request);
}

absl::StatusOr<v1::DeleteChannelResponse> AdminClient::Call(
    const v1::DeleteChannelRequest& request) const {
  return CallUnary(connection_, &Stub::DeleteChannel, request);
}

absl::StatusOr<v1::GetChannelResponse> AdminClient::Call(
    const v1::GetChannelRequest& request) const {
  return CallUnary(connection_, &Stub::GetChannel, request);
}

absl::StatusOr<v1::ListChannelsResponse> AdminClient::Call(
    const v1::ListChannelsRequest& request) const {
  return CallUnary(connection_, &Stub::ListChannels, request);
}

absl::StatusOr<v1::UpdateChannelResponse> AdminClient::Call(
    const v1::UpdateChannelRequest& request) const {
  return CallUnary(connection_, &Stub::UpdateChannel, request);
}

absl::StatusOr<v1::PauseChannelResponse> AdminClient::Call(
    const v1::PauseChannelRequest& request) const {
  return CallUnary(connection_, &Stub::PauseChannel, request);
}

absl::StatusOr<v1::ResumeChannelResponse> AdminClient::Call(
    const v1::ResumeChannelRequest& request) const {
  return CallUnary(connection_, &Stub::ResumeChannel, request);
}

absl::StatusOr<v1::EmptyChannelResponse> AdminClient::Call(
    const v1::EmptyChannelRequest& request) const {
  return CallUnary(connection_, &Stub::EmptyChannel, request);
}

absl::StatusOr<v1::GetStatsResponse> AdminClient::Call(
    const v1::GetStatsRequest& request) const {
  return CallUnary(connection_, &Stub::GetStats, request);
}

absl::StatusOr<v1::GetServerInfoResponse> AdminClient::Call(
    const v1::GetServerInfoRequest& request) const {
  return CallUnary(connection_, &Stub::GetServerInfo, request);
}

absl::StatusOr<v1::PeekMessagesResponse> AdminClient::Call(
    const v1::PeekMessagesRequest& request) const {
  return CallUnary(connection_, &Stub::PeekMessages, request);
}

absl::Status AdminClient::Watch(
    const v1::WatchStatsRequest& request, StopSignal* stop,
    const std::function<bool(const v1::WatchStatsResponse&)>& take) const {
  Stub stub(connection_.channel());
  grpc::ClientContext context;
  const auto stream = stub.WatchStats(&context, request);
  stop->SetHandler([&context] { context.TryCancel(); });
  v1::WatchStatsResponse response;
  bool wanted = true;
  while (wanted && stream->Read(&response)) wanted = take(response);
  stop->SetHandler(nullptr);
  if (!wanted) context.TryCancel();
  const absl::Status status = connection_.ToStatus(stream->Finish());
  return wanted && !stop->stopped() ? status : absl::OkStatus();
}

}  // namespace sluice
