// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/consumer.h"

#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "client/client_runtime.h"
#include "client/consumer_core.h"

namespace sluice {
namespace {

absl::StatusOr<std::shared_ptr<ConsumerCore>> StartCore(
    ClusterConnection& connection, ConsumerOptions options,
    Consumer::Handler handler, Consumer::AsyncHandler async_handler) {
  SLUICE_RETURN_IF_ERROR(ValidateConsumerOptions(options));
  if (handler == nullptr && async_handler == nullptr) {
    return InvalidArgument("INVALID_OPTION", "handler",
                           "a consumer needs a handler");
  }
  auto core = std::make_shared<ConsumerCore>(
      &connection.runtime(), std::move(options), std::move(handler),
      std::move(async_handler));
  core->Start();
  return core;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Consumer>> Consumer::Create(
    std::shared_ptr<ClusterConnection> connection, ConsumerOptions options,
    Handler handler) {
  SLUICE_ASSIGN_OR_RETURN(auto core, StartCore(*connection, std::move(options),
                                               std::move(handler), nullptr));
  return std::unique_ptr<Consumer>(
      new Consumer(std::move(connection), std::move(core)));
}

absl::StatusOr<std::unique_ptr<Consumer>> Consumer::CreateAsync(
    std::shared_ptr<ClusterConnection> connection, ConsumerOptions options,
    AsyncHandler handler) {
  SLUICE_ASSIGN_OR_RETURN(auto core, StartCore(*connection, std::move(options),
                                               nullptr, std::move(handler)));
  return std::unique_ptr<Consumer>(
      new Consumer(std::move(connection), std::move(core)));
}

Consumer::Consumer(std::shared_ptr<ClusterConnection> connection,
                   std::shared_ptr<ConsumerCore> core)
    : connection_(std::move(connection)), core_(std::move(core)) {}

Consumer::~Consumer() {
  core_->Stop(absl::ZeroDuration()).IgnoreError();
  core_->Join();
}

void Consumer::SetMaxInFlight(uint32_t messages) {
  core_->SetMaxInFlight(messages);
}

absl::Status Consumer::Stop(absl::Duration timeout) {
  return core_->Stop(timeout);
}

ConsumerStats Consumer::stats() const { return core_->stats(); }

}  // namespace sluice
