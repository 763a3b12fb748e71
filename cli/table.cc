// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "absl/strings/str_cat.h"

namespace sluice {
namespace {

constexpr char kGap[] = "  ";

// Columns on the screen, as far as one per code point is right.
size_t Width(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::AddRow(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

void Table::AddRows(const Table& other) {
  for (const std::vector<std::string>& row : other.rows_) AddRow(row);
}

void Table::PrependColumn(Column column,
                          const std::vector<std::string>& cells) {
  assert(cells.size() == rows_.size());
  columns_.insert(columns_.begin(), std::move(column));
  for (size_t i = 0; i < rows_.size(); ++i) {
    rows_[i].insert(rows_[i].begin(), cells[i]);
  }
}

std::string Table::Line(const std::vector<std::string>& cells,
                        const std::vector<size_t>& widths) const {
  std::string line;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const std::string padding(widths[i] - Width(cells[i]), ' ');
    if (i > 0) line += kGap;
    if (columns_[i].align == Align::kRight) {
      absl::StrAppend(&line, padding, cells[i]);
    } else {
      absl::StrAppend(&line, cells[i], padding);
    }
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string Table::Text(bool bold_titles) const {
  std::vector<std::string> titles;
  std::vector<size_t> widths;
  for (const Column& column : columns_) {
    titles.push_back(column.title);
    widths.push_back(Width(column.title));
  }
  for (const std::vector<std::string>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], Width(row[i]));
    }
  }
  std::string text = Line(titles, widths);
  if (bold_titles) text = absl::StrCat("\x1b[1m", text, "\x1b[0m");
  text += '\n';
  for (const std::vector<std::string>& row : rows_) {
    absl::StrAppend(&text, Line(row, widths), "\n");
  }
  return text;
}

}  // namespace sluice
