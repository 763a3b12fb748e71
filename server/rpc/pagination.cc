// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/pagination.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/error.h"
#include "base/names.h"

namespace sluice {
namespace {

// Marks the format, so that a later version can have another.
constexpr char kPrefix[] = "n1:";

}  // namespace

std::string PageTokenAfter(absl::string_view last_name) {
  return absl::WebSafeBase64Escape(absl::StrCat(kPrefix, last_name));
}

absl::StatusOr<std::string> NameBeforePage(absl::string_view token) {
  if (token.empty()) return std::string();
  std::string text;
  absl::string_view name;
  if (absl::WebSafeBase64Unescape(token, &text)) {
    name = text;
    if (absl::ConsumePrefix(&name, kPrefix) &&
        ValidateName("page_token", name).ok()) {
      return std::string(name);
    }
  }
  return InvalidArgument("INVALID_PAGE_TOKEN", "page_token",
                         "page_token is not from an earlier answer");
}

}  // namespace sluice
