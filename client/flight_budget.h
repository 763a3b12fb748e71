// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLIENT_FLIGHT_BUDGET_H_
#define SLUICE_CLIENT_FLIGHT_BUDGET_H_

#include <cstddef>

namespace sluice {

// What may be published and not answered: a bound on messages and on bytes.
// Something larger than the bound fits when nothing else is under way.
//
// Not thread-safe.
class FlightBudget {
 public:
  FlightBudget(size_t max_messages, size_t max_bytes)
      : max_messages_(max_messages), max_bytes_(max_bytes) {}

  bool Fits(size_t messages, size_t bytes) const {
    if (messages_ == 0) return true;
    return messages_ + messages <= max_messages_ &&
           bytes_ + bytes <= max_bytes_;
  }
  void Take(size_t messages, size_t bytes) {
    messages_ += messages;
    bytes_ += bytes;
  }
  void GiveBack(size_t messages, size_t bytes) {
    messages_ -= messages;
    bytes_ -= bytes;
  }

  size_t messages() const { return messages_; }
  size_t bytes() const { return bytes_; }

 private:
  const size_t max_messages_;
  const size_t max_bytes_;
  size_t messages_ = 0;
  size_t bytes_ = 0;
};

}  // namespace sluice

#endif  // SLUICE_CLIENT_FLIGHT_BUDGET_H_
