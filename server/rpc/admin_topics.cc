// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// AdminService's methods about topics.
#include <utility>

#include "base/names.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/config_conversion.h"
#include "server/rpc/pagination.h"

namespace sluice {
namespace {

// Answers a call whose response is a topic.
template <typename Response>
Broker::TopicDone AnswerTopic(Response* response, UnaryDone done) {
  return [response, done = std::move(done)](absl::StatusOr<TopicInfo> topic) {
    if (topic.ok()) ToWire(*topic, response->mutable_topic());
    done(topic.status());
  };
}

}  // namespace

void AdminService::CreateTopic(const v1::CreateTopicRequest& request,
                               v1::CreateTopicResponse* response,
                               UnaryDone done) {
  const absl::Status name = ValidateName("topic", request.topic());
  if (!name.ok()) return done(name);
  const absl::StatusOr<TopicConfig> config = FromWire(request.config());
  if (!config.ok()) return done(config.status());
  auto create = [this, &request, config = *config,
                 answer = AnswerTopic(response, std::move(done))](
                    const Broker::Channels& channels) {
    context_.broker.CreateTopic(request.topic(), config, answer, channels);
  };
  if (context_.find_channels == nullptr ||
      !context_.broker.IsUnknown(request.topic())) {
    return create({});
  }
  context_.find_channels(request.topic(), std::move(create));
}

void AdminService::DeleteTopic(const v1::DeleteTopicRequest& request,
                               v1::DeleteTopicResponse*, UnaryDone done) {
  context_.broker.DeleteTopic(request.topic(), std::move(done));
}

void AdminService::GetTopic(const v1::GetTopicRequest& request,
                            v1::GetTopicResponse* response, UnaryDone done) {
  AnswerTopic(response,
              std::move(done))(context_.broker.GetTopic(request.topic()));
}

void AdminService::ListTopics(const v1::ListTopicsRequest& request,
                              v1::ListTopicsResponse* response,
                              UnaryDone done) {
  const std::vector<TopicInfo> topics = context_.broker.ListTopics();
  absl::StatusOr<Page> page =
      FindPage(topics, request.page_size(), request.page_token());
  if (!page.ok()) return done(page.status());
  for (size_t i = page->begin; i < page->end; ++i) {
    ToWire(topics[i], response->add_topics());
  }
  response->set_next_page_token(std::move(page->next_page_token));
  done(absl::OkStatus());
}

void AdminService::UpdateTopic(const v1::UpdateTopicRequest& request,
                               v1::UpdateTopicResponse* response,
                               UnaryDone done) {
  const absl::Status name = ValidateName("topic", request.topic());
  if (!name.ok()) return done(name);
  const absl::StatusOr<TopicConfigChange> change =
      FromWire(request.config(), request.update_mask());
  if (!change.ok()) return done(change.status());
  context_.broker.UpdateTopic(request.topic(), *change,
                              AnswerTopic(response, std::move(done)));
}

void AdminService::PauseTopic(const v1::PauseTopicRequest& request,
                              v1::PauseTopicResponse* response,
                              UnaryDone done) {
  context_.broker.SetTopicPaused(request.topic(), true,
                                 AnswerTopic(response, std::move(done)));
}

void AdminService::ResumeTopic(const v1::ResumeTopicRequest& request,
                               v1::ResumeTopicResponse* response,
                               UnaryDone done) {
  context_.broker.SetTopicPaused(request.topic(), false,
                                 AnswerTopic(response, std::move(done)));
}

void AdminService::EmptyTopic(const v1::EmptyTopicRequest& request,
                              v1::EmptyTopicResponse*, UnaryDone done) {
  context_.broker.EmptyTopic(request.topic(), std::move(done));
}

}  // namespace sluice
