// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/history.h"

#include <chrono>
#include <random>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace sluice {

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

void History::Add(Event event) {
  absl::MutexLock lock(&mu_);
  // Under the lock, so that the events are in the order of their times.
  event.when =
      absl::UnixEpoch() +
      absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
  events_.push_back(std::move(event));
}

void History::Add(Event::Kind kind, const std::string& channel) {
  Event event;
  event.kind = kind;
  event.channel = channel;
  Add(std::move(event));
}

std::vector<Event> History::Events() const {
  absl::MutexLock lock(&mu_);
  return events_;
}

}  // namespace sluice
