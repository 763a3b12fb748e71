// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_REGISTRY_H_
#define SLUICE_SERVER_QUEUE_REGISTRY_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/queue/topic.h"

namespace sluice {

// The topics of the node, by name, and the ids they are given. Thread-safe.
class Registry {
 public:
  // `next_id`: of the next topic to be made.
  explicit Registry(TopicId next_id) : next_id_(next_id) {}

  // TOPIC_NOT_FOUND.
  absl::StatusOr<std::shared_ptr<Topic>> Find(absl::string_view name) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // Makes a topic with the id it is given.
  using Make = std::function<std::shared_ptr<Topic>(TopicId id)>;
  // The topic of that name, made when missing; the flag says whether it was.
  // `make` runs under the registry's lock: whoever finds the topic comes after
  // it.
  std::pair<std::shared_ptr<Topic>, bool> FindOrMake(absl::string_view name,
                                                     const Make& make)
      ABSL_LOCKS_EXCLUDED(mu_);

  void Add(std::shared_ptr<Topic> topic) ABSL_LOCKS_EXCLUDED(mu_);

  // Takes `topic` out, after which its name is free, if `removing` says so,
  // which runs under the lock. False when it is not there any more, or stays.
  bool Remove(const Topic& topic, const std::function<bool()>& removing)
      ABSL_LOCKS_EXCLUDED(mu_);

  // By name.
  std::vector<std::shared_ptr<Topic>> All() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  mutable absl::Mutex mu_;
  TopicId next_id_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<std::string, std::shared_ptr<Topic>> topics_
      ABSL_GUARDED_BY(mu_);
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_REGISTRY_H_
