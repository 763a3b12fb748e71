// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_RECOVERY_H_
#define SLUICE_SERVER_QUEUE_RECOVERY_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/queue/catalog_records.h"
#include "server/queue/channel.h"
#include "server/queue/dedup_window.h"
#include "server/queue/topic_log.h"
#include "server/storage/message_store.h"

namespace sluice {

// What a store holds, read once at start. After a clean stop this costs a few
// seeks per topic. After a crash of a topic that kept messages in memory only,
// its backlog is read through to find which of its ids are gone.

struct RecoveredTopic {
  TopicId id = 0;
  TopicRecord record;
  TopicLog::Start log;
  std::vector<Channel::Spec> channels;
  std::unique_ptr<DedupWindow> dedup;  // null: it remembers no request
};

struct Recovered {
  std::vector<RecoveredTopic> topics;
  TopicId next_topic_id = 1;
};

// Also finishes the deletions that a crash interrupted, and erases request ids
// when none are to be remembered. DATA_LOSS (CORRUPTION) when a record cannot
// be read. Damaged blocks are left to who reads them; after a damaged newest
// one the ids jump, for nobody knows which it had.
absl::StatusOr<Recovered> Recover(MessageStore& store,
                                  const DedupLimits& dedup = {});

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_RECOVERY_H_
