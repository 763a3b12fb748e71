// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_STATS_TABLE_H_
#define SLUICE_CLI_STATS_TABLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/clock.h"
#include "cli/number_text.h"
#include "cli/table.h"
#include "google/protobuf/repeated_field.h"
#include "sluice/v1/admin.pb.h"

namespace sluice {

// Counts of topics and channels as a table: a line for each topic, and below it
// one for each of its channels. When watching, each table has the rates since
// the one before. Not thread-safe.
class StatsTable {
 public:
  using Topics = google::protobuf::RepeatedPtrField<v1::TopicStats>;

  StatsTable(bool with_rates, NumberStyle style);

  // `now` is when the counts were received.
  Table Next(const Topics& topics, SteadyTime now);

 private:
  // What rates are made of.
  struct Totals {
    uint64_t in = 0;
    uint64_t out = 0;
    SteadyTime at;
  };

  void AddTopic(const v1::TopicStats& topic, SteadyTime now, Table* table);
  void AddChannel(const std::string& topic, const v1::ChannelStats& channel,
                  SteadyTime now, Table* table);

  // In and out per second of the line called `key`, and remembers its totals.
  std::pair<std::string, std::string> Rates(const std::string& key,
                                            const Totals& totals);

  const bool with_rates_;
  const NumberStyle style_;
  std::map<std::string, Totals> before_;
  std::map<std::string, Totals> seen_;  // becomes before_
};

}  // namespace sluice

#endif  // SLUICE_CLI_STATS_TABLE_H_
