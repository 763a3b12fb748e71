// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace sluice {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using Environment = std::map<std::string, std::string>;

// Parses with an environment and one file, `sluiced.toml`, of the test's own.
absl::StatusOr<ParsedOptions> Parse(const std::vector<std::string>& arguments,
                                    const Environment& environment = {},
                                    const std::string& file = "") {
  FlagSources sources;
  sources.environment =
      [&](const std::string& name) -> absl::optional<std::string> {
    const auto it = environment.find(name);
    if (it == environment.end()) return absl::nullopt;
    return it->second;
  };
  sources.read_file =
      [&](const std::string& path) -> absl::StatusOr<std::string> {
    if (path != "sluiced.toml") return absl::NotFoundError("no such file");
    return file;
  };
  return ParseOptions(arguments, sources);
}

Options Parsed(const std::vector<std::string>& arguments,
               const Environment& environment = {},
               const std::string& file = "") {
  const auto parsed = Parse(arguments, environment, file);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? parsed->options : Options();
}

TEST(Options, DefaultsAreTheDocumentedOnes) {
  const Options options = Parsed({});
  EXPECT_EQ(options.grpc_address.ToString(), "0.0.0.0:4150");
  EXPECT_EQ(options.http_address.ToString(), "0.0.0.0:4151");
  EXPECT_EQ(options.data_path, "sluice-data");
  EXPECT_EQ(options.write_rules.mem_queue_size, 0u);
  EXPECT_EQ(options.write_rules.durability, Durability::kDisk);
  EXPECT_EQ(options.sync_interval, absl::Seconds(2));
  EXPECT_EQ(options.limits.message_timeout, absl::Seconds(60));
  EXPECT_EQ(options.limits.max_message_timeout, absl::Minutes(15));
  EXPECT_EQ(options.limits.max_message_bytes, 1048576u);
  EXPECT_EQ(options.limits.max_batch_bytes, 5242880u);
  EXPECT_EQ(options.limits.max_ready, 2500u);
  EXPECT_EQ(options.limits.max_requeue_delay, absl::Hours(24 * 365));
  EXPECT_EQ(options.limits.max_channel_subscribers, 0u);
  EXPECT_EQ(options.heartbeat_interval, absl::Seconds(30));
  EXPECT_EQ(options.heartbeat_timeout, absl::Seconds(10));
  EXPECT_TRUE(options.auto_create);
  EXPECT_GT(options.memory_limit_bytes, uint64_t{1} << 20);
  EXPECT_EQ(options.disk_floor_bytes, uint64_t{512} << 20);
  EXPECT_EQ(options.node_id, "");
  EXPECT_NE(options.broadcast_address, "");
  EXPECT_EQ(options.drain_timeout, absl::Seconds(25));
  EXPECT_EQ(options.log_level, "info");
  EXPECT_EQ(options.log_format, LogFormat::kText);
  EXPECT_EQ(options.address_file, "");
}

TEST(Options, EveryFlagReachesItsField) {
  const Options options = Parsed({"--grpc-address=127.0.0.1:1",
                                  "--http-address=[::1]:2",
                                  "--broadcast-address=queue.example",
                                  "--broadcast-grpc-port=31000",
                                  "--broadcast-http-port=31001",
                                  "--lookup-address=a.example:4160",
                                  "--lookup-address=b.example:4160",
                                  "--address-file=/tmp/a",
                                  "--heartbeat-interval=1s",
                                  "--heartbeat-timeout=500ms",
                                  "--data-path=/tmp/sluice-none",
                                  "--mem-queue-size=100",
                                  "--durability=os",
                                  "--sync-interval=250ms",
                                  "--disk-floor=1GiB",
                                  "--node-id=n1",
                                  "--max-msg-size=2MiB",
                                  "--max-body-size=4MiB",
                                  "--max-rdy-count=9",
                                  "--msg-timeout=5s",
                                  "--max-msg-timeout=10s",
                                  "--max-req-timeout=1h",
                                  "--max-channel-consumers=3",
                                  "--memory-limit=64MiB",
                                  "--auto-create=false",
                                  "--drain-timeout=1s",
                                  "--log-level=warn",
                                  "--log-format=json"});
  EXPECT_EQ(options.grpc_address.ToString(), "127.0.0.1:1");
  EXPECT_EQ(options.http_address.ToString(), "[::1]:2");
  EXPECT_EQ(options.broadcast_address, "queue.example");
  EXPECT_EQ(options.broadcast_grpc_port, 31000u);
  EXPECT_EQ(options.broadcast_http_port, 31001u);
  ASSERT_EQ(options.lookup_addresses.size(), 2u);
  EXPECT_EQ(options.lookup_addresses[1].ToString(), "b.example:4160");
  EXPECT_EQ(options.address_file, "/tmp/a");
  EXPECT_EQ(options.heartbeat_interval, absl::Seconds(1));
  EXPECT_EQ(options.heartbeat_timeout, absl::Milliseconds(500));
  EXPECT_EQ(options.data_path, "/tmp/sluice-none");
  EXPECT_EQ(options.write_rules.mem_queue_size, 100u);
  EXPECT_EQ(options.write_rules.durability, Durability::kOs);
  EXPECT_EQ(options.sync_interval, absl::Milliseconds(250));
  EXPECT_EQ(options.disk_floor_bytes, uint64_t{1} << 30);
  EXPECT_EQ(options.node_id, "n1");
  EXPECT_EQ(options.limits.max_message_bytes, size_t{2} << 20);
  EXPECT_EQ(options.limits.max_batch_bytes, size_t{4} << 20);
  EXPECT_EQ(options.limits.max_ready, 9u);
  EXPECT_EQ(options.limits.message_timeout, absl::Seconds(5));
  EXPECT_EQ(options.limits.max_message_timeout, absl::Seconds(10));
  EXPECT_EQ(options.limits.max_requeue_delay, absl::Hours(1));
  EXPECT_EQ(options.limits.max_channel_subscribers, 3u);
  EXPECT_EQ(options.memory_limit_bytes, uint64_t{64} << 20);
  EXPECT_FALSE(options.auto_create);
  EXPECT_EQ(options.drain_timeout, absl::Seconds(1));
  EXPECT_EQ(options.log_level, "warn");
  EXPECT_EQ(options.log_format, LogFormat::kJson);
}

TEST(Options, EveryFlagHasItsVariableAndItsKey) {
  EXPECT_EQ(Parsed({}, {{"SLUICED_GRPC_ADDRESS", "127.0.0.1:9"}})
                .grpc_address.ToString(),
            "127.0.0.1:9");
  EXPECT_EQ(Parsed({"--config=sluiced.toml"}, {},
                   "# limits\nmax-rdy-count = 100\ndata-path = \"/tmp/no\"\n"
                   "auto-create = false  # off\n")
                .limits.max_ready,
            100u);
}

TEST(Options, FlagWinsOverVariableOverFile) {
  const std::string file =
      "max-rdy-count = 1\nmax-channel-consumers = 1\nmem-queue-size = 1\n";
  const Options options = Parsed(
      {"--config=sluiced.toml", "--max-rdy-count=3"},
      {{"SLUICED_MAX_RDY_COUNT", "2"}, {"SLUICED_MAX_CHANNEL_CONSUMERS", "2"}},
      file);
  EXPECT_EQ(options.limits.max_ready, 3u);
  EXPECT_EQ(options.limits.max_channel_subscribers, 2u);
  EXPECT_EQ(options.write_rules.mem_queue_size, 1u);
}

TEST(Options, DurabilityFollowsTheMemoryQueueUnlessSet) {
  EXPECT_EQ(Parsed({"--mem-queue-size=10"}).write_rules.durability,
            Durability::kMemory);
  EXPECT_EQ(Parsed({"--mem-queue-size=10", "--durability=disk"})
                .write_rules.durability,
            Durability::kDisk);
  EXPECT_EQ(Parsed({"--durability=memory"}).write_rules.durability,
            Durability::kMemory);
}

struct BadValue {
  std::string flag;
  std::string problem;
};

class OptionsRefuse : public ::testing::TestWithParam<BadValue> {};

TEST_P(OptionsRefuse, ValuesThatAreNotAllowed) {
  const absl::Status status = Parse({GetParam().flag}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(
      std::string(status.message()),
      AllOf(StartsWith(GetParam().flag), HasSubstr(GetParam().problem)));
  EXPECT_EQ(status.message().find('\n'), absl::string_view::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OptionsRefuse,
    ::testing::Values(
        BadValue{"--grpc-address=4150", "expected host:port"},
        BadValue{"--grpc-address=localhost:65536", "expected host:port"},
        BadValue{"--http-address=http://x:1", "expected host:port"},
        BadValue{"--heartbeat-interval=0s", "from 100ms to 1h"},
        BadValue{"--heartbeat-timeout=2h", "from 100ms to 1h"},
        BadValue{"--mem-queue-size=-1", "from 0 to 1000000000"},
        BadValue{"--mem-queue-size=1.5", "a whole number"},
        BadValue{"--durability=ssd", "disk, os, memory"},
        BadValue{"--sync-interval=0s", "from 1ms to 1h"},
        BadValue{"--disk-floor=half", "a size such as"},
        BadValue{"--node-id=a b", "1 to 64 characters"},
        BadValue{"--node-id=a#ephemeral", "1 to 64 characters"},
        BadValue{"--max-msg-size=0", "from 1 to 1GiB"},
        BadValue{"--max-body-size=2GiB", "from 1 to 1GiB"},
        BadValue{"--max-rdy-count=0", "from 1 to 1000000"},
        BadValue{"--msg-timeout=999ms", "from 1s to 1d"},
        BadValue{"--max-msg-timeout=2d", "from 1s to 1d"},
        BadValue{"--max-req-timeout=-1s", "from 0s to 3650d"},
        BadValue{"--max-channel-consumers=few", "a whole number"},
        BadValue{"--memory-limit=1KiB", "from 64KiB"},
        BadValue{"--auto-create=perhaps", "true or false"},
        BadValue{"--drain-timeout=25", "a duration such as"},
        BadValue{"--log-level=trace", "debug, info, warn, error"},
        BadValue{"--log-format=xml", "text, json"},
        BadValue{"--msg-timeout=20m",
                 "must not be above --max-msg-timeout=15m (default)"},
        BadValue{"--max-msg-size=6MiB",
                 "must not be above --max-body-size=5MiB (default)"},
        BadValue{"--lookup-address=localhost", "expected host:port"},
        BadValue{"--mem-queu-size=1", "did you mean --mem-queue-size?"}));

TEST(Options, RefusesADataPathThatIsAFile) {
  const std::string path = ::testing::TempDir() + "/data_file";
  std::ofstream(path) << "x";
  const absl::Status status = Parse({"--data-path=" + path}).status();
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(path), HasSubstr("expected a directory")));
}

TEST(Options, CommandsPrintInsteadOfServing) {
  EXPECT_THAT(*Parse({"--version"})->output, StartsWith("sluiced 0."));
  EXPECT_THAT(
      *Parse({"--help"})->output,
      AllOf(HasSubstr("Network:"), HasSubstr("Storage:"), HasSubstr("Limits:"),
            HasSubstr("Behaviour:"), HasSubstr("Logging:")));
  EXPECT_THAT(*Parse({"--check-config"})->output, HasSubstr("valid"));
  EXPECT_FALSE(Parse({"--check-config", "--msg-timeout=x"}).ok());
  EXPECT_FALSE(Parse({}).value().output.has_value());
}

TEST(Options, PrintsTheEffectiveConfiguration) {
  const std::string printed = *Parse({"--print-config", "--mem-queue-size=5"},
                                     {{"SLUICED_LOG_LEVEL", "warn"}})
                                   ->output;
  EXPECT_THAT(printed, HasSubstr("mem-queue-size = 5  # flag\n"));
  EXPECT_THAT(printed,
              HasSubstr("log-level = \"warn\"  # SLUICED_LOG_LEVEL\n"));
  EXPECT_THAT(printed, HasSubstr("durability = \"memory\"  # default\n"));
  EXPECT_THAT(printed, HasSubstr("max-msg-size = \"1MiB\"  # default\n"));
  EXPECT_TRUE(Parse({"--config=sluiced.toml"}, {}, printed).ok());
}

TEST(Options, NoLineOfTheHelpIsWiderThanATerminal) {
  const std::string help = *Parse({"--help"})->output;
  for (size_t begin = 0; begin < help.size();) {
    const size_t end = help.find('\n', begin);
    EXPECT_LE(end - begin, 80u) << help.substr(begin, end - begin);
    begin = end + 1;
  }
}

}  // namespace
}  // namespace sluice
