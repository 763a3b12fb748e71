// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_RPC_PAGINATION_H_
#define SLUICE_SERVER_RPC_PAGINATION_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sluice {

// Pages of lists ordered by name. A token holds the last name of its page, so
// it stays good while entries come and go: nothing that stays is skipped or
// shown twice.

// Most entries of a page, and as many as one has by default.
constexpr uint32_t kMaxPageSize = 1000;

std::string PageTokenAfter(absl::string_view last_name);

// The name after which the page of `token` begins, empty for the first page.
// INVALID_PAGE_TOKEN for what PageTokenAfter did not make.
absl::StatusOr<std::string> NameBeforePage(absl::string_view token);

// One page of a list, as positions in it.
struct Page {
  size_t begin = 0;
  size_t end = 0;
  std::string next_page_token;  // empty on the last page
};

// Finds the page of `entries`, which are in the order of their member `name`.
// `page_size` 0 stands for the default, more than the maximum for the maximum.
template <typename Entry>
absl::StatusOr<Page> FindPage(const std::vector<Entry>& entries,
                              uint32_t page_size, absl::string_view token) {
  absl::StatusOr<std::string> after = NameBeforePage(token);
  if (!after.ok()) return after.status();
  Page page;
  if (!after->empty()) {
    page.begin = static_cast<size_t>(
        std::upper_bound(entries.begin(), entries.end(), *after,
                         [](const std::string& name, const Entry& entry) {
                           return name < entry.name;
                         }) -
        entries.begin());
  }
  if (page_size == 0 || page_size > kMaxPageSize) page_size = kMaxPageSize;
  page.end = std::min<size_t>(entries.size(), page.begin + page_size);
  if (page.end < entries.size()) {
    page.next_page_token = PageTokenAfter(entries[page.end - 1].name);
  }
  return page;
}

}  // namespace sluice

#endif  // SLUICE_SERVER_RPC_PAGINATION_H_
