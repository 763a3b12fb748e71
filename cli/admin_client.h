// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_ADMIN_CLIENT_H_
#define SLUICE_CLI_ADMIN_CLIENT_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/connection.h"
#include "cli/stop_signal.h"
#include "sluice/v1/admin.pb.h"

namespace sluice {

// The node's AdminService: one method per call the program makes, named by its
// request. Each ends with what the node answered, within the connection's
// deadline. Thread-safe.
class AdminClient {
 public:
  explicit AdminClient(const Connection& connection)
      : connection_(connection) {}

  template <typename Response>
  using Answer = absl::StatusOr<Response>;

  Answer<v1::CreateTopicResponse> Call(const v1::CreateTopicRequest&) const;
  Answer<v1::DeleteTopicResponse> Call(const v1::DeleteTopicRequest&) const;
  Answer<v1::GetTopicResponse> Call(const v1::GetTopicRequest&) const;
  Answer<v1::ListTopicsResponse> Call(const v1::ListTopicsRequest&) const;
  Answer<v1::UpdateTopicResponse> Call(const v1::UpdateTopicRequest&) const;
  Answer<v1::PauseTopicResponse> Call(const v1::PauseTopicRequest&) const;
  Answer<v1::ResumeTopicResponse> Call(const v1::ResumeTopicRequest&) const;
  Answer<v1::EmptyTopicResponse> Call(const v1::EmptyTopicRequest&) const;

  Answer<v1::CreateChannelResponse> Call(const v1::CreateChannelRequest&) const;
  Answer<v1::DeleteChannelResponse> Call(const v1::DeleteChannelRequest&) const;
  Answer<v1::GetChannelResponse> Call(const v1::GetChannelRequest&) const;
  Answer<v1::ListChannelsResponse> Call(const v1::ListChannelsRequest&) const;
  Answer<v1::UpdateChannelResponse> Call(const v1::UpdateChannelRequest&) const;
  Answer<v1::PauseChannelResponse> Call(const v1::PauseChannelRequest&) const;
  Answer<v1::ResumeChannelResponse> Call(const v1::ResumeChannelRequest&) const;
  Answer<v1::EmptyChannelResponse> Call(const v1::EmptyChannelRequest&) const;

  Answer<v1::GetStatsResponse> Call(const v1::GetStatsRequest&) const;
  Answer<v1::GetServerInfoResponse> Call(const v1::GetServerInfoRequest&) const;
  Answer<v1::PeekMessagesResponse> Call(const v1::PeekMessagesRequest&) const;

  // Hands each answer to `take` until it returns false, the node ends the
  // stream, or `stop` says so. No deadline. OK after the first and the last.
  absl::Status Watch(
      const v1::WatchStatsRequest& request, StopSignal* stop,
      const std::function<bool(const v1::WatchStatsResponse&)>& take) const;

 private:
  const Connection& connection_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_ADMIN_CLIENT_H_
