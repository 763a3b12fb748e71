// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "daemon/host_port.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace sluice {
namespace {

constexpr char kAllAddresses[] = "0.0.0.0";

bool IsHostCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' ||
         c == '-' || c == '_';
}

absl::optional<uint16_t> ParsePort(absl::string_view text) {
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  uint32_t port = 0;
  if (!digits || !absl::SimpleAtoi(text, &port) || port > UINT16_MAX) {
    return absl::nullopt;
  }
  return static_cast<uint16_t>(port);
}

bool IsBracketed(absl::string_view host) {
  return host.size() > 2 && absl::StartsWith(host, "[") &&
         absl::EndsWith(host, "]") && absl::StrContains(host, ':');
}

}  // namespace

std::string HostPort::ToString() const {
  if (absl::StrContains(host, ':')) return absl::StrCat("[", host, "]:", port);
  return absl::StrCat(host, ":", port);
}

HostPort HostPort::Reachable() const {
  if (host == kAllAddresses || host == "::") return {"127.0.0.1", port};
  return *this;
}

absl::optional<HostPort> ParseHostPort(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return absl::nullopt;
  absl::string_view host = text.substr(0, colon);
  const absl::optional<uint16_t> port = ParsePort(text.substr(colon + 1));
  if (!port.has_value()) return absl::nullopt;
  if (host.empty()) return HostPort{kAllAddresses, *port};
  if (IsBracketed(host)) {
    return HostPort{std::string(host.substr(1, host.size() - 2)), *port};
  }
  if (!std::all_of(host.begin(), host.end(), IsHostCharacter)) {
    return absl::nullopt;
  }
  return HostPort{std::string(host), *port};
}

}  // namespace sluice
