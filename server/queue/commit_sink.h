// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_COMMIT_SINK_H_
#define SLUICE_SERVER_QUEUE_COMMIT_SINK_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "server/storage/message_store.h"

namespace sluice {

class Channel;
class Topic;

// Where topics send what must reach the disk: the committer, as topics see it.
// Thread-safe; no call blocks.
class CommitSink {
 public:
  virtual ~CommitSink() = default;

  using Done = std::function<void(absl::Status)>;
  // Writes small records with the next commit, before every publish handed in
  // later. With `done`: fsynced before it is called. An error: they are not on
  // disk yet, and go with the first commit that succeeds.
  virtual void Write(std::vector<StateWrite> records, Done done) = 0;

  // Saves the channel's cursor as it is now or later. `done` when that is
  // fsynced, or the channel gone.
  virtual void SaveCursor(std::shared_ptr<Topic> topic,
                          std::shared_ptr<Channel> channel, Done done) = 0;

  // Saves the channel's cursor within a second, or with the next commit when
  // `urgent`.
  virtual void CursorDirty(std::shared_ptr<Topic> topic,
                           std::shared_ptr<Channel> channel, bool urgent) = 0;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_COMMIT_SINK_H_
