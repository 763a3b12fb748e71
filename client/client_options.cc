// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "client/client_options.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/error.h"

namespace sluice {
namespace {

constexpr char kReason[] = "INVALID_OPTION";

// `host:port`, with brackets around an IPv6 address.
bool IsAddress(absl::string_view address) {
  const size_t colon = address.rfind(':');
  uint32_t port = 0;
  return colon != absl::string_view::npos && colon > 0 &&
         absl::SimpleAtoi(address.substr(colon + 1), &port) && port > 0 &&
         port <= 65535;
}

absl::Status ValidateAddresses(const char* name,
                               const std::vector<std::string>& addresses) {
  for (const std::string& address : addresses) {
    if (!IsAddress(address)) {
      return InvalidArgument(kReason, name,
                             absl::StrCat(name, ": \"", address,
                                          "\" is not an address; write it as "
                                          "host:port"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateClientOptions(const ClientOptions& options) {
  if (options.addresses.empty() == options.lookup_addresses.empty()) {
    return InvalidArgument(kReason, "addresses",
                           "give either addresses, of nodes, or "
                           "lookup_addresses, of lookups, and not both");
  }
  absl::Status status = ValidateAddresses("addresses", options.addresses);
  status.Update(
      ValidateAddresses("lookup_addresses", options.lookup_addresses));
  if (!status.ok()) return status;
  if (options.lookup_poll_interval < absl::Milliseconds(10)) {
    return InvalidArgument(kReason, "lookup_poll_interval",
                           "lookup_poll_interval must be at least 10 ms");
  }
  if (options.min_reconnect_delay < absl::Milliseconds(1) ||
      options.min_reconnect_delay > options.max_reconnect_delay) {
    return InvalidArgument(kReason, "min_reconnect_delay",
                           "min_reconnect_delay must be at least 1 ms and at "
                           "most max_reconnect_delay");
  }
  if (options.forget_node_after < absl::ZeroDuration()) {
    return InvalidArgument(kReason, "forget_node_after",
                           "forget_node_after must not be negative");
  }
  return absl::OkStatus();
}

}  // namespace sluice
