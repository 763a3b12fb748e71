// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_JSON_FILTER_H_
#define SLUICE_CLI_JSON_FILTER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

// Chooses messages by what their bodies say, where those are JSON objects, and
// what of the bodies to keep. Thread-safe: it never changes.
class JsonFilter {
 public:
  struct Options {
    // This field must be there; empty: none.
    std::string required_field;
    // And be this: a string as it is, anything else as JSON writes it.
    std::optional<std::string> required_value;
    // Only these fields are kept, in the order of the body; empty: all, and the
    // body stays as it is, byte for byte.
    std::vector<std::string> kept_fields;
  };

  explicit JsonFilter(Options options) : options_(std::move(options)) {}

  // The body to carry on. None: leave the message out, because a condition does
  // not hold, or because there is one and the body is no JSON object.
  // Numbers in a body that is written anew keep 64 bits of precision.
  std::optional<std::string> Apply(const std::string& body) const;

 private:
  const Options options_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_JSON_FILTER_H_
