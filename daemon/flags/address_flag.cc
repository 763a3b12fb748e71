// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags/address_flag.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "daemon/flags/values.h"

namespace sluice {
namespace {

Flag MakeFlag(absl::string_view name, absl::string_view help) {
  Flag flag;
  flag.name = std::string(name);
  flag.value_name = "HOST:PORT";
  flag.help = std::string(help);
  return flag;
}

}  // namespace

Flag AddressFlag(absl::string_view name, HostPort* target,
                 absl::string_view help) {
  Flag flag = MakeFlag(name, help);
  flag.set = [=](absl::string_view text) {
    const absl::optional<HostPort> address = ParseHostPort(text);
    if (!address.has_value()) {
      return absl::InvalidArgumentError(
          "expected host:port with a port from 0 to 65535, such as "
          "127.0.0.1:4150 or [::1]:4150");
    }
    *target = *address;
    return absl::OkStatus();
  };
  flag.get = [=] { return QuoteToml(target->ToString()); };
  return flag;
}

Flag AddressListFlag(absl::string_view name, std::vector<HostPort>* target,
                     absl::string_view help) {
  Flag flag = MakeFlag(name, help);
  flag.when_empty = "none";
  flag.repeatable = true;
  flag.set = [=](absl::string_view text) {
    std::vector<HostPort> addresses;
    for (const absl::string_view part : absl::StrSplit(text, ',')) {
      const absl::optional<HostPort> address = ParseHostPort(part);
      if (!address.has_value() || absl::StartsWith(part, ":") ||
          address->port == 0) {
        return absl::InvalidArgumentError(
            "expected host:port with a port from 1 to 65535, such as "
            "lookup.example:4160; several are separated by commas");
      }
      addresses.push_back(*address);
    }
    *target = std::move(addresses);
    return absl::OkStatus();
  };
  flag.get = [=] {
    if (target->empty()) return std::string();
    return QuoteToml(absl::StrJoin(
        *target, ",", [](std::string* out, const HostPort& address) {
          absl::StrAppend(out, address.ToString());
        }));
  };
  return flag;
}

}  // namespace sluice
