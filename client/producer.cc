// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/producer.h"

#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "client/client_runtime.h"
#include "client/producer_core.h"

namespace sluice {

absl::StatusOr<std::unique_ptr<Producer>> Producer::Create(
    std::shared_ptr<ClusterConnection> connection, ProducerOptions options) {
  SLUICE_RETURN_IF_ERROR(ValidateProducerOptions(options));
  const size_t nodes = connection->options().addresses.size();
  if (nodes > 0 && options.copies > nodes) {
    return InvalidArgument("INVALID_OPTION", "copies",
                           "copies must be at most the number of addresses");
  }
  return std::unique_ptr<Producer>(
      new Producer(std::move(connection), std::move(options)));
}

Producer::Producer(std::shared_ptr<ClusterConnection> connection,
                   ProducerOptions options)
    : connection_(std::move(connection)),
      core_(std::make_shared<ProducerCore>(&connection_->runtime(),
                                           std::move(options))) {
  core_->Start();
}

Producer::~Producer() {
  core_->Close(absl::Seconds(1)).IgnoreError();
  core_->Shutdown();
}

void Producer::Publish(absl::string_view topic, OutgoingMessage message,
                       Callback callback) {
  core_->Publish(topic, std::move(message), std::move(callback));
}

std::future<absl::StatusOr<PublishedMessage>> Producer::Publish(
    absl::string_view topic, OutgoingMessage message) {
  auto promise =
      std::make_shared<std::promise<absl::StatusOr<PublishedMessage>>>();
  std::future<absl::StatusOr<PublishedMessage>> future = promise->get_future();
  core_->Publish(topic, std::move(message),
                 [promise](const absl::StatusOr<PublishedMessage>& published) {
                   promise->set_value(published);
                 });
  return future;
}

absl::StatusOr<PublishedMessage> Producer::PublishAndWait(
    absl::string_view topic, OutgoingMessage message) {
  return Publish(topic, std::move(message)).get();
}

void Producer::PublishBatch(OutgoingBatch batch, BatchCallback callback) {
  core_->PublishBatch(std::move(batch), std::move(callback));
}

absl::StatusOr<PublishedBatch> Producer::PublishBatchAndWait(
    OutgoingBatch batch) {
  auto promise =
      std::make_shared<std::promise<absl::StatusOr<PublishedBatch>>>();
  std::future<absl::StatusOr<PublishedBatch>> future = promise->get_future();
  core_->PublishBatch(std::move(batch),
                      [promise](const absl::StatusOr<PublishedBatch>& result) {
                        promise->set_value(result);
                      });
  return future.get();
}

absl::Status Producer::Flush(absl::Duration timeout) {
  return core_->Flush(timeout);
}

absl::Status Producer::Close(absl::Duration timeout) {
  return core_->Close(timeout);
}

ProducerStats Producer::stats() const { return core_->stats(); }

}  // namespace sluice
