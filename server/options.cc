// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/options.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/version.h"
#include "daemon/flags/address_flag.h"
#include "daemon/flags/flag.h"
#include "daemon/flags/values.h"
#include "daemon/host_name.h"
#include "server/machine_memory.h"

namespace sluice {
namespace {

constexpr uint64_t kKiB = uint64_t{1} << 10;
constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr uint64_t kGiB = uint64_t{1} << 30;
constexpr uint64_t kTiB = uint64_t{1} << 40;
constexpr absl::Duration kDay = absl::Hours(24);

// The flags of `sluiced` and what they set. Fields whose type is no flag's type
// are kept here until everything is read.
class NodeFlags {
 public:
  NodeFlags()
      : flags_("sluiced",
               "sluiced, the queue node of Sluice: topics and channels over "
               "gRPC, kept on disk.") {
    // Whole mebibytes read better.
    options_.memory_limit_bytes = MachineMemoryBytes() / 4 / kMiB * kMiB;
    options_.broadcast_address = HostName();
    max_message_bytes_ = options_.limits.max_message_bytes;
    max_batch_bytes_ = options_.limits.max_batch_bytes;
    AddNetwork();
    AddStorage();
    AddLimits();
    AddBehaviour();
    AddLogging();
  }

  absl::StatusOr<ParsedOptions> Parse(const std::vector<std::string>& arguments,
                                      const FlagSources& sources) {
    SLUICE_ASSIGN_OR_RETURN(const FlagSet::Command command,
                            flags_.Parse(arguments, sources));
    switch (command) {
      case FlagSet::Command::kHelp:
        return ParsedOptions{options_, flags_.Help()};
      case FlagSet::Command::kVersion:
        return ParsedOptions{options_,
                             absl::StrCat("sluiced ", kVersion, "\n")};
      default:
        break;
    }
    SLUICE_RETURN_IF_ERROR(Finish());
    if (command == FlagSet::Command::kPrintConfig) {
      return ParsedOptions{options_, flags_.PrintConfig()};
    }
    if (command == FlagSet::Command::kCheckConfig) {
      return ParsedOptions{options_, "the configuration is valid\n"};
    }
    return ParsedOptions{options_, absl::nullopt};
  }

 private:
  void AddNetwork() {
    flags_.Group("Network");
    flags_.Add(AddressFlag("grpc-address", &options_.grpc_address,
                           "where to serve gRPC; port 0 takes a free\none"));
    flags_.Add(AddressFlag("http-address", &options_.http_address,
                           "where to serve HTTP: /ping, /ready, /info"));
    flags_.Add(TextFlag("broadcast-address", "HOST",
                        &options_.broadcast_address,
                        "the name under which others reach this\nnode"));
    flags_.Add(IntegerFlag("broadcast-grpc-port", &options_.broadcast_grpc_port,
                           0, 65535,
                           "the port under which they reach its gRPC,\n"
                           "behind a forwarded port; 0: the same"));
    flags_.Add(IntegerFlag("broadcast-http-port", &options_.broadcast_http_port,
                           0, 65535, "likewise its HTTP"));
    flags_.Add(AddressListFlag("lookup-address", &options_.lookup_addresses,
                               "lookup server to announce to, as in\n"
                               "lookup.example:4160; repeatable"));
    flags_.Add(TextFlag("address-file", "FILE", &options_.address_file,
                        "once serving, write the actual addresses\nthere as "
                        "JSON",
                        "none"));
    flags_.Add(DurationFlag("heartbeat-interval", &options_.heartbeat_interval,
                            absl::Milliseconds(100), absl::Hours(1),
                            "ask a quiet connection whether it is alive"));
    flags_.Add(DurationFlag("heartbeat-timeout", &options_.heartbeat_timeout,
                            absl::Milliseconds(100), absl::Hours(1),
                            "drop it when no answer comes for this long"));
  }

  void AddStorage() {
    flags_.Group("Storage");
    flags_.Add(TextFlag("data-path", "DIR", &options_.data_path,
                        "where everything is kept; made if missing"));
    flags_.Add(IntegerFlag("mem-queue-size",
                           &options_.write_rules.mem_queue_size, 0,
                           1'000'000'000,
                           "messages a topic keeps in memory before it\n"
                           "overflows to disk; 0: everything goes to\ndisk"));
    flags_.Add(ChoiceFlag("durability", &durability_, {"disk", "os", "memory"},
                          "when a publish is answered: fsynced, handed\nto the "
                          "operating system, or in memory",
                          "disk when mem-queue-size is 0, else memory"));
    flags_.Add(DurationFlag("sync-interval", &options_.sync_interval,
                            absl::Milliseconds(1), absl::Hours(1),
                            "with durability os: fsync at least this\noften"));
    flags_.Add(SizeFlag("disk-floor", &options_.disk_floor_bytes, 0,
                        1024 * kTiB,
                        "free disk space below which publishes are\nrefused "
                        "with DISK_FLOOR; 0: never"));
    flags_.Add(TextFlag("node-id", "TEXT", &options_.node_id,
                        "the name of this node among others",
                        "made once, kept in the data directory"));
  }

  void AddLimits() {
    flags_.Group("Limits");
    Limits& limits = options_.limits;
    flags_.Add(SizeFlag("max-msg-size", &max_message_bytes_, 1, kGiB,
                        "largest body of a message"));
    flags_.Add(SizeFlag("max-body-size", &max_batch_bytes_, 1, kGiB,
                        "largest sum of bodies in one publish"));
    flags_.Add(IntegerFlag("max-rdy-count", &limits.max_ready, 1, 1'000'000,
                           "highest RDY of a subscriber"));
    flags_.Add(DurationFlag(
        "msg-timeout", &limits.message_timeout, kMinMessageTimeout, kDay,
        "a message that is not finished after this\nlong is "
        "delivered again"));
    flags_.Add(DurationFlag("max-msg-timeout", &limits.max_message_timeout,
                            kMinMessageTimeout, kDay,
                            "longest timeout a subscriber may ask for,\nTOUCH "
                            "included"));
    flags_.Add(DurationFlag("max-req-timeout", &limits.max_requeue_delay,
                            absl::ZeroDuration(), 3650 * kDay,
                            "longest delay of a requeue or a publish"));
    flags_.Add(IntegerFlag("max-channel-consumers",
                           &limits.max_channel_subscribers, 0, 1'000'000,
                           "most subscribers of a channel; 0: no limit"));
    flags_.Add(DurationFlag(
        "dedup-window", &limits.dedup_window, absl::ZeroDuration(), kDay,
        "how long a publish that is tried again under\nits "
        "request id is answered and not stored;\n0: never"));
    flags_.Add(IntegerFlag("dedup-max-ids", &limits.dedup_max_ids, 0,
                           100'000'000,
                           "most request ids a topic remembers, about 95\n"
                           "bytes each"));
    flags_.Add(SizeFlag("memory-limit", &options_.memory_limit_bytes, 64 * kKiB,
                        1024 * kTiB,
                        "memory for queues and publishes under way;\nby "
                        "default a quarter of the machine's"));
  }

  void AddBehaviour() {
    flags_.Group("Behaviour");
    flags_.Add(BoolFlag("auto-create", &options_.auto_create,
                        "make topics and channels on first use"));
    flags_.Add(DurationFlag("drain-timeout", &options_.drain_timeout,
                            absl::ZeroDuration(), absl::Hours(1),
                            "on SIGTERM, wait this long for subscribers\nto "
                            "finish what they hold"));
  }

  void AddLogging() {
    flags_.Group("Logging");
    flags_.Add(ChoiceFlag("log-level", &options_.log_level,
                          {"debug", "info", "warn", "error"},
                          "least important lines to log"));
    flags_.Add(ChoiceFlag("log-format", &log_format_, {"text", "json"},
                          "text, or JSON with one object a line"));
  }

  // Fills in what depends on other flags and checks what concerns several.
  absl::Status Finish() {
    if (durability_.empty()) {
      durability_ =
          options_.write_rules.mem_queue_size == 0 ? "disk" : "memory";
    }
    options_.write_rules.durability = *ParseDurability(durability_);
    options_.log_format =
        log_format_ == "json" ? LogFormat::kJson : LogFormat::kText;
    options_.limits.max_message_bytes = max_message_bytes_;
    options_.limits.max_batch_bytes = max_batch_bytes_;

    if (max_message_bytes_ > max_batch_bytes_) {
      return MustNotExceed("max-msg-size", "max-body-size");
    }
    if (options_.limits.message_timeout > options_.limits.max_message_timeout) {
      return MustNotExceed("msg-timeout", "max-msg-timeout");
    }
    if (!options_.node_id.empty() &&
        (!ValidateName("node-id", options_.node_id).ok() ||
         IsEphemeralName(options_.node_id))) {
      return absl::InvalidArgumentError(
          absl::StrCat(flags_.Describe("node-id"),
                       ": expected 1 to 64 characters of .a-zA-Z0-9_-"));
    }
    std::error_code ignored;
    const auto data = std::filesystem::status(options_.data_path, ignored);
    if (std::filesystem::exists(data) && !std::filesystem::is_directory(data)) {
      return absl::InvalidArgumentError(
          absl::StrCat(flags_.Describe("data-path"),
                       ": expected a directory, but this is a file"));
    }
    return absl::OkStatus();
  }

  absl::Status MustNotExceed(absl::string_view lower, absl::string_view upper) {
    return absl::InvalidArgumentError(absl::StrCat(flags_.Describe(lower),
                                                   ": must not be above ",
                                                   flags_.Describe(upper)));
  }

  Options options_;
  FlagSet flags_;
  std::string durability_;
  std::string log_format_ = "text";
  uint64_t max_message_bytes_ = 0;
  uint64_t max_batch_bytes_ = 0;
};

}  // namespace

absl::StatusOr<ParsedOptions> ParseOptions(
    const std::vector<std::string>& arguments, const FlagSources& sources) {
  return NodeFlags().Parse(arguments, sources);
}

}  // namespace sluice
