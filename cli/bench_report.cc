// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_report.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace sluice {
namespace {

double PerSecond(uint64_t count, absl::Duration time) {
  return static_cast<double>(count) /
         std::max(absl::ToDoubleSeconds(time), 1e-9);
}

std::string Millis(const BenchResult& result, absl::Duration duration) {
  if (result.timed == 0) return "-";
  return absl::StrFormat("%.2f", absl::ToDoubleMilliseconds(duration));
}

}  // namespace

Table BenchTable(const std::vector<BenchResult>& results, NumberStyle style) {
  constexpr auto kRight = Table::Align::kRight;
  Table table({{""},
               {"MESSAGES", kRight},
               {"FAILED", kRight},
               {"SECONDS", kRight},
               {"MESSAGES/S", kRight},
               {"MIB/S", kRight},
               {"P50-MS", kRight},
               {"P99-MS", kRight},
               {"P99.9-MS", kRight},
               {"MAX-MS", kRight}});
  for (const BenchResult& result : results) {
    table.AddRow({result.what, CountText(result.messages, style),
                  CountText(result.failed, style),
                  absl::StrFormat("%.2f", absl::ToDoubleSeconds(result.time)),
                  RateText(PerSecond(result.messages, result.time), style),
                  absl::StrFormat(
                      "%.1f", PerSecond(result.bytes, result.time) / (1 << 20)),
                  Millis(result, result.p50), Millis(result, result.p99),
                  Millis(result, result.p999), Millis(result, result.max)});
  }
  return table;
}

std::string BenchJson(const BenchResult& result) {
  nlohmann::ordered_json object = {
      {"what", result.what},
      {"messages", result.messages},
      {"failed", result.failed},
      {"bytes", result.bytes},
      {"seconds", absl::ToDoubleSeconds(result.time)},
      {"messagesPerSecond", PerSecond(result.messages, result.time)}};
  if (result.timed > 0) {
    object["latency"] = {{"count", result.timed},
                         {"p50", absl::ToDoubleSeconds(result.p50)},
                         {"p99", absl::ToDoubleSeconds(result.p99)},
                         {"p999", absl::ToDoubleSeconds(result.p999)},
                         {"max", absl::ToDoubleSeconds(result.max)}};
  }
  return object.dump();
}

}  // namespace sluice
