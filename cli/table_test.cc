// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

Table NamesAndNumbers() {
  return Table({{"NAME"}, {"DEPTH", Table::Align::kRight}, {"STATE"}});
}

TEST(Table, AlignsColumnsAndLeavesNoBlanksAtTheEnd) {
  Table table = NamesAndNumbers();
  table.AddRow({"dpkg", "7", "paused"});
  table.AddRow({"a-longer-name", "123456", ""});
  EXPECT_EQ(table.Text(false),
            "NAME            DEPTH  STATE\n"
            "dpkg                7  paused\n"
            "a-longer-name  123456\n");
}

TEST(Table, WithoutRowsIsItsTitles) {
  EXPECT_EQ(NamesAndNumbers().Text(false), "NAME  DEPTH  STATE\n");
}

TEST(Table, CountsCharactersNotBytes) {
  Table table({{"A"}, {"B"}});
  table.AddRow({"\xc3\xbc", "x"});
  EXPECT_EQ(table.Text(false), "A  B\n\xc3\xbc  x\n");
}

TEST(Table, EmphasisesTitlesOnRequest) {
  EXPECT_EQ(Table({{"A"}}).Text(true), "\x1b[1mA\x1b[0m\n");
}

TEST(Table, TakesAFurtherColumnInFront) {
  Table table({{"A"}});
  table.AddRow({"1"});
  table.AddRow({"2"});
  EXPECT_EQ(table.row_count(), 2u);
  table.PrependColumn({"NODE"}, {"x", "y"});
  EXPECT_EQ(table.Text(false), "NODE  A\nx     1\ny     2\n");
}

}  // namespace
}  // namespace sluice
