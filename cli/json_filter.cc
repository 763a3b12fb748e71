// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/json_filter.h"

#include <algorithm>

#include "nlohmann/json.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto kReplaceBadUtf8 = Json::error_handler_t::replace;

std::string TextOf(const Json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, kReplaceBadUtf8);
}

}  // namespace

std::optional<std::string> JsonFilter::Apply(const std::string& body) const {
  if (options_.required_field.empty() && options_.kept_fields.empty()) {
    return body;
  }
  const Json object = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  if (!options_.required_field.empty()) {
    const auto found = object.find(options_.required_field);
    if (found == object.end()) return std::nullopt;
    if (options_.required_value.has_value() &&
        TextOf(*found) != *options_.required_value) {
      return std::nullopt;
    }
  }
  if (options_.kept_fields.empty()) return body;
  Json kept = Json::object();
  for (const auto& [name, value] : object.items()) {
    const auto& fields = options_.kept_fields;
    if (std::find(fields.begin(), fields.end(), name) != fields.end()) {
      kept[name] = value;
    }
  }
  return kept.dump(-1, ' ', false, kReplaceBadUtf8);
}

}  // namespace sluice
