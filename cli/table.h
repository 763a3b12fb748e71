// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_TABLE_H_
#define SLUICE_CLI_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

namespace sluice {

// Text in aligned columns, two blanks apart. Not thread-safe.
class Table {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns);

  // As many cells as columns.
  void AddRow(std::vector<std::string> cells);

  // Those of a table with the same columns.
  void AddRows(const Table& other);

  size_t row_count() const { return rows_.size(); }

  // Puts a column before the first one; as many cells as rows.
  void PrependColumn(Column column, const std::vector<std::string>& cells);

  // Title line and rows, each ending in a line break and without blanks before
  // it. `bold_titles` uses a terminal's escape sequences.
  std::string Text(bool bold_titles) const;

 private:
  std::string Line(const std::vector<std::string>& cells,
                   const std::vector<size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace sluice

#endif  // SLUICE_CLI_TABLE_H_
