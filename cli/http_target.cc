// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/http_target.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace sluice {
namespace {

constexpr char kBody[] = "%s";

// RFC 3986's unreserved characters stay, everything else is escaped.
std::string Escaped(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
        c == '.' || c == '_' || c == '~') {
      escaped += c;
    } else {
      absl::StrAppendFormat(&escaped, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

}  // namespace

absl::StatusOr<HttpTarget> HttpTarget::Parse(absl::string_view url) {
  const size_t scheme = url.find("://");
  const bool known =
      scheme != absl::string_view::npos &&
      (url.substr(0, scheme) == "http" || url.substr(0, scheme) == "https");
  const size_t host = known ? scheme + 3 : 0;
  const size_t end = std::min(url.size(), url.find_first_of("/?", host));
  const bool has_host = end > host && url[host] != ':';
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (known && has_host && byte > 0x20 && byte < 0x7f && c != '#') continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", url, "\" is not a URL such as http://host:8080/path?key=%s"));
  }
  if (!known || !has_host) {
    return absl::InvalidArgumentError("a URL must not be empty");
  }
  std::string path(url.substr(end));
  if (path.empty() || path.front() == '?') path.insert(0, "/");
  return HttpTarget(std::string(url.substr(0, end)), std::move(path));
}

std::string HttpTarget::PathFor(absl::string_view body) const {
  return absl::StrReplaceAll(path_, {{kBody, Escaped(body)}});
}

bool HttpTarget::takes_body() const { return absl::StrContains(path_, kBody); }

}  // namespace sluice
