// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/pagination.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

struct Entry {
  std::string name;
};

std::vector<Entry> Entries(int count) {
  std::vector<Entry> entries;
  for (int i = 0; i < count; ++i) {
    entries.push_back({absl::StrCat("topic", 10000 + i)});
  }
  return entries;
}

TEST(Pagination, WalksThroughAllEntriesOnce) {
  const std::vector<Entry> entries = Entries(7);
  std::string token;
  std::vector<size_t> sizes;
  size_t next = 0;
  do {
    const absl::StatusOr<Page> page = FindPage(entries, 3, token);
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(page->begin, next);
    sizes.push_back(page->end - page->begin);
    next = page->end;
    token = page->next_page_token;
  } while (!token.empty());
  EXPECT_EQ(sizes, (std::vector<size_t>{3, 3, 1}));
}

TEST(Pagination, TheLastFullPageHasNoToken) {
  EXPECT_EQ(FindPage(Entries(3), 3, "")->next_page_token, "");
}

TEST(Pagination, GoesOnWhereAnEntryWasDeleted) {
  std::vector<Entry> entries = Entries(5);
  const std::string token = FindPage(entries, 2, "")->next_page_token;
  entries.erase(entries.begin() + 1);  // the one the token names
  const absl::StatusOr<Page> page = FindPage(entries, 2, token);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(entries[page->begin].name, "topic10002");
}

TEST(Pagination, ZeroIsTheDefaultAndMoreThanTheMaximumIsCut) {
  const std::vector<Entry> entries = Entries(1500);
  EXPECT_EQ(FindPage(entries, 0, "")->end, kMaxPageSize);
  EXPECT_EQ(FindPage(entries, 4'000'000'000u, "")->end, kMaxPageSize);
}

TEST(Pagination, AnEmptyListIsOneEmptyPage) {
  const absl::StatusOr<Page> page = FindPage(Entries(0), 10, "");
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->begin, page->end);
  EXPECT_EQ(page->next_page_token, "");
}

TEST(Pagination, RefusesTokensThatItDidNotMake) {
  for (const char* const token : {"orders", "!", "bjE6", "AAAA"}) {
    EXPECT_EQ(ErrorReason(FindPage(Entries(1), 1, token).status()),
              "INVALID_PAGE_TOKEN")
        << token;
  }
}

}  // namespace
}  // namespace sluice
