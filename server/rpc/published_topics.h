// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_PUBLISHED_TOPICS_H_
#define SLUICE_SERVER_RPC_PUBLISHED_TOPICS_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/queue/broker.h"

namespace sluice {

// The topics that one stream has published to, so that each counts it as a
// publisher once, for as long as the stream lives. Does not keep a deleted
// topic alive. Thread-compatible. Owned by its stream.
class PublishedTopics {
 public:
  explicit PublishedTopics(Broker& broker) : broker_(broker) {}
  ~PublishedTopics();
  PublishedTopics(const PublishedTopics&) = delete;
  PublishedTopics& operator=(const PublishedTopics&) = delete;

  // Counts the stream at `topic`, unless that was done.
  void Note(absl::string_view name, const std::shared_ptr<Topic>& topic);

 private:
  void ForgetDeleted();

  Broker& broker_;
  absl::flat_hash_map<std::string, std::weak_ptr<Topic>> topics_;
  size_t forget_at_ = 64;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_PUBLISHED_TOPICS_H_
