// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/history.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace sluice {
namespace {

// A finish is durable within a second of its answer. The answer may be read
// late, and the clock that says so is the test's, on a busy machine.
constexpr absl::Duration kDurableWithin = absl::Seconds(1);
constexpr absl::Duration kReadLate = absl::Seconds(1);
constexpr absl::Duration kBusyMachine = absl::Milliseconds(500);

constexpr size_t kViolationsMax = 20;

}  // namespace

std::string BodyOf(uint64_t key) {
  std::minstd_rand random(static_cast<unsigned>(key % 2147483646 + 1));
  std::string body = absl::StrCat(key, ":");
  const size_t size = body.size() + random() % 600;
  while (body.size() < size) body.push_back(static_cast<char>(random() >> 8));
  return body;
}

absl::optional<uint64_t> KeyOf(const std::string& body) {
  uint64_t key = 0;
  const absl::string_view head =
      absl::string_view(body).substr(0, body.find(':'));
  if (!absl::SimpleAtoi(head, &key) || body != BodyOf(key)) {
    return absl::nullopt;
  }
  return key;
}

void History::Acknowledged(uint64_t key, uint64_t message_id) {
  absl::MutexLock lock(&mu_);
  Know(message_id, key).acknowledged = true;
}

void History::Delivered(uint64_t message_id, const std::string& body,
                        absl::Time when) {
  const absl::optional<uint64_t> key = KeyOf(body);
  absl::MutexLock lock(&mu_);
  if (!key.has_value()) {
    Break(absl::StrCat("message ", message_id, " came with other bytes"));
    return;
  }
  Message& message = Know(message_id, *key);
  if (++message.deliveries > 1) ++redeliveries_;
  if (message.finished < when && !ACrashExplains(message.finished, when)) {
    Break(absl::StrCat(
        "message ", message_id, " finished at ",
        absl::FormatTime(message.finished), " came again at ",
        absl::FormatTime(when), "; last kill ",
        kills_.empty() ? "none" : absl::FormatTime(kills_.back())));
  }
}

void History::Finished(uint64_t message_id, absl::Time when) {
  absl::MutexLock lock(&mu_);
  messages_[message_id].finished = when;
}

void History::Killed(absl::Time when) {
  absl::MutexLock lock(&mu_);
  kills_.push_back(when);
}

std::vector<std::string> History::Violations() const {
  absl::MutexLock lock(&mu_);
  std::vector<std::string> all = violations_;
  size_t lost = 0;
  for (const auto& [id, message] : messages_) {
    if (!message.acknowledged || message.deliveries > 0) continue;
    if (++lost <= kViolationsMax) {
      all.push_back(absl::StrCat("message ", id, " was acknowledged and lost"));
    }
  }
  if (lost > kViolationsMax) {
    all.push_back(absl::StrCat(lost, " messages were lost in all"));
  }
  return all;
}

std::string History::Summary() const {
  absl::MutexLock lock(&mu_);
  size_t acknowledged = 0;
  for (const auto& [id, message] : messages_) {
    acknowledged += message.acknowledged ? 1 : 0;
  }
  return absl::StrCat(kills_.size(), " kills, ", messages_.size(),
                      " messages, ", acknowledged, " acknowledged, ",
                      redeliveries_, " redeliveries");
}

History::Message& History::Know(uint64_t message_id, uint64_t key) {
  Message& message = messages_[message_id];
  if (message.key.value_or(key) != key) {
    Break(absl::StrCat("id ", message_id, " stands for message ", *message.key,
                       " and for ", key));
  }
  message.key = key;
  const auto [known, is_new] = id_of_key_.emplace(key, message_id);
  if (!is_new && known->second != message_id) {
    Break(absl::StrCat("message ", key, " was stored twice, as ", known->second,
                       " and ", message_id));
  }
  return message;
}

bool History::ACrashExplains(absl::Time finished, absl::Time delivered) const {
  return std::any_of(kills_.begin(), kills_.end(), [&](absl::Time kill) {
    return kill >= finished - kReadLate &&
           kill <= finished + kDurableWithin + kBusyMachine &&
           kill <= delivered;
  });
}

void History::Break(std::string what) {
  if (violations_.size() < kViolationsMax) {
    violations_.push_back(std::move(what));
  }
}

}  // namespace sluice
