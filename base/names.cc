// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/error.h"

namespace sluice {
namespace {

bool IsNameCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' ||
         c == '_' || c == '-';
}

}  // namespace

absl::Status ValidateName(absl::string_view field, absl::string_view name) {
  constexpr char kReason[] = "INVALID_NAME";
  if (name.empty()) {
    return InvalidArgument(kReason, field, absl::StrCat(field, " is empty"));
  }
  if (name.size() > kMaxNameLength) {
    return InvalidArgument(
        kReason, field,
        absl::StrCat(field, " has ", name.size(), " characters; at most ",
                     kMaxNameLength, " are allowed"));
  }
  const absl::string_view stem = absl::StripSuffix(name, kEphemeralSuffix);
  if (stem.empty()) {
    return InvalidArgument(
        kReason, field, absl::StrCat(field, " has nothing before #ephemeral"));
  }
  for (const char c : stem) {
    if (!IsNameCharacter(c)) {
      return InvalidArgument(
          kReason, field,
          absl::StrCat(field, " \"", absl::CHexEscape(name),
                       "\" may only have the characters .a-zA-Z0-9_- and the "
                       "ending #ephemeral"));
    }
  }
  return absl::OkStatus();
}

bool IsEphemeralName(absl::string_view name) {
  return absl::EndsWith(name, kEphemeralSuffix);
}

}  // namespace sluice
