// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_QUEUE_FAKE_COMMIT_SINK_H_
#define SLUICE_SERVER_QUEUE_FAKE_COMMIT_SINK_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "server/queue/channel.h"
#include "server/queue/commit_sink.h"
#include "server/queue/topic.h"
#include "server/storage/keys.h"

namespace sluice {

// Takes records like the committer and keeps them in a map. Answers when told
// to, as the committer does: after the call that handed them in.
class FakeCommitSink : public CommitSink {
 public:
  void Write(std::vector<StateWrite> records, Done done) override {
    for (StateWrite& record : records) {
      if (record.value.has_value()) {
        state[record.key] = *std::move(record.value);
      } else {
        state.erase(record.key);
      }
    }
    ++writes;
    pending.push_back(std::move(done));
  }
  void SaveCursor(std::shared_ptr<Topic> topic,
                  std::shared_ptr<Channel> channel, Done done) override {
    Sequence floor = 0;
    std::vector<StateWrite> records;
    const CursorState cursor = channel->SaveCursor(&floor, &records);
    records.push_back({StateFamily::kMeta,
                       CursorKey(topic->id(), channel->id()), cursor.Encode()});
    Write(std::move(records), std::move(done));
  }
  void CursorDirty(std::shared_ptr<Topic>, std::shared_ptr<Channel>,
                   bool urgent) override {
    ++dirty_calls;
    urgent_calls += urgent ? 1 : 0;
  }

  // The commit is through.
  void Answer(const absl::Status& status = absl::OkStatus()) {
    for (const Done& done : std::exchange(pending, {})) {
      if (done != nullptr) done(status);
    }
  }

  std::map<std::string, std::string> state;
  std::vector<Done> pending;
  int writes = 0;
  int dirty_calls = 0;
  int urgent_calls = 0;
};

}  // namespace sluice

#endif  // SLUICE_SERVER_QUEUE_FAKE_COMMIT_SINK_H_
