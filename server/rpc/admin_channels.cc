// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// AdminService's methods about channels.
#include <utility>

#include "base/names.h"
#include "base/status_macros.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/config_conversion.h"
#include "server/rpc/pagination.h"

namespace sluice {
namespace {

// Answers a call whose response is a channel.
template <typename Response>
Broker::ChannelDone AnswerChannel(Response* response, UnaryDone done) {
  return
      [response, done = std::move(done)](absl::StatusOr<ChannelInfo> channel) {
        if (channel.ok()) ToWire(*channel, response->mutable_channel());
        done(channel.status());
      };
}

absl::Status CheckNames(absl::string_view topic, absl::string_view channel) {
  SLUICE_RETURN_IF_ERROR(ValidateName("topic", topic));
  return ValidateName("channel", channel);
}

}  // namespace

void AdminService::CreateChannel(const v1::CreateChannelRequest& request,
                                 v1::CreateChannelResponse* response,
                                 UnaryDone done) {
  const absl::Status names = CheckNames(request.topic(), request.channel());
  if (!names.ok()) return done(names);
  const absl::StatusOr<StartPosition> start =
      FromWire("start", request.start());
  if (!start.ok()) return done(start.status());
  const absl::StatusOr<ChannelConfig> config = FromWire(request.config());
  if (!config.ok()) return done(config.status());
  context_.broker.CreateChannel(request.topic(), request.channel(), *config,
                                *start,
                                AnswerChannel(response, std::move(done)));
}

void AdminService::DeleteChannel(const v1::DeleteChannelRequest& request,
                                 v1::DeleteChannelResponse*, UnaryDone done) {
  context_.broker.DeleteChannel(request.topic(), request.channel(),
                                std::move(done));
}

void AdminService::GetChannel(const v1::GetChannelRequest& request,
                              v1::GetChannelResponse* response,
                              UnaryDone done) {
  AnswerChannel(response, std::move(done))(
      context_.broker.GetChannel(request.topic(), request.channel()));
}

void AdminService::ListChannels(const v1::ListChannelsRequest& request,
                                v1::ListChannelsResponse* response,
                                UnaryDone done) {
  const absl::StatusOr<std::vector<ChannelInfo>> channels =
      context_.broker.ListChannels(request.topic());
  if (!channels.ok()) return done(channels.status());
  absl::StatusOr<Page> page =
      FindPage(*channels, request.page_size(), request.page_token());
  if (!page.ok()) return done(page.status());
  for (size_t i = page->begin; i < page->end; ++i) {
    ToWire((*channels)[i], response->add_channels());
  }
  response->set_next_page_token(std::move(page->next_page_token));
  done(absl::OkStatus());
}

void AdminService::UpdateChannel(const v1::UpdateChannelRequest& request,
                                 v1::UpdateChannelResponse* response,
                                 UnaryDone done) {
  const absl::Status names = CheckNames(request.topic(), request.channel());
  if (!names.ok()) return done(names);
  const absl::StatusOr<ChannelConfigChange> change =
      FromWire(request.config(), request.update_mask());
  if (!change.ok()) return done(change.status());
  context_.broker.UpdateChannel(request.topic(), request.channel(), *change,
                                AnswerChannel(response, std::move(done)));
}

void AdminService::PauseChannel(const v1::PauseChannelRequest& request,
                                v1::PauseChannelResponse* response,
                                UnaryDone done) {
  context_.broker.SetChannelPaused(request.topic(), request.channel(), true,
                                   AnswerChannel(response, std::move(done)));
}

void AdminService::ResumeChannel(const v1::ResumeChannelRequest& request,
                                 v1::ResumeChannelResponse* response,
                                 UnaryDone done) {
  context_.broker.SetChannelPaused(request.topic(), request.channel(), false,
                                   AnswerChannel(response, std::move(done)));
}

void AdminService::EmptyChannel(const v1::EmptyChannelRequest& request,
                                v1::EmptyChannelResponse*, UnaryDone done) {
  context_.broker.EmptyChannel(request.topic(), request.channel(),
                               std::move(done));
}

}  // namespace sluice
