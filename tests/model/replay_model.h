// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_TESTS_MODEL_REPLAY_MODEL_H_
#define SLUICE_TESTS_MODEL_REPLAY_MODEL_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/queue/subscription.h"

namespace sluice {

// What a topic's retention promises: whatever was published within it, finished
// or not, is there for a channel that is made at EARLIEST. How much more is
// there is the node's own affair, but it is the end of the log without a hole.
class ReplayModel {
 public:
  explicit ReplayModel(absl::Duration retention) : retention_(retention) {}

  // One message, with the next sequence. `due` in Unix nanoseconds; 0: at once.
  void Publish(absl::Time now, int64_t due) { messages_.push_back({now, due}); }

  // `got` came, in this order, to a new channel that can see the messages below
  // `visible_end`. Empty when that is allowed.
  std::string Check(const std::vector<Sequence>& got, Sequence visible_end,
                    absl::Time now) const {
    Sequence first = visible_end;
    while (first > 1 && At(first - 1).published > now - retention_) --first;
    if (!got.empty() && got[0] < first) first = got[0];
    std::vector<Sequence> wanted;
    for (; first < visible_end; ++first) {
      if (At(first).due <= absl::ToUnixNanos(now)) wanted.push_back(first);
    }
    if (got == wanted) return "";
    return absl::StrCat("a new channel got ", got.size(), " messages and not ",
                        wanted.size(), ", from ", got.empty() ? 0 : got[0],
                        " and not ", wanted.empty() ? 0 : wanted[0]);
  }

 private:
  struct Message {
    absl::Time published;
    int64_t due;
  };
  const Message& At(Sequence sequence) const { return messages_[sequence - 1]; }

  const absl::Duration retention_;
  std::vector<Message> messages_;
};

}  // namespace sluice

#endif  // SLUICE_TESTS_MODEL_REPLAY_MODEL_H_
