// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/pub.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/cluster.h"
#include "cli/error_text.h"
#include "cli/flag_value.h"
#include "cli/progress.h"
#include "cli/publish_pipeline.h"
#include "cli/publisher_check.h"
#include "cli/record_publisher.h"
#include "cli/record_reader.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "client/durability_conversion.h"

namespace sluice {
namespace {

// How long a record may wait for others to travel with.
constexpr absl::Duration kPatience = absl::Milliseconds(5);

// What a dedup id takes of a message's attributes, amply.
constexpr size_t kDedupIdBytes = 128;

struct PubFlags {
  std::vector<std::string> texts;
  std::optional<std::string> file;
  RecordReader::Options records;
  bool nul = false;
  RecordPublisher::Options publishing;
  PublishPipeline::Options pipeline;
};

void PublishTexts(const PubFlags& flags, RecordPublisher* publisher) {
  uint64_t number = 0;
  for (const std::string& text : flags.texts) {
    if (!publisher->Add(text, ++number)) return;
  }
  publisher->Flush();
}

absl::Status PublishInput(int fd, const PubFlags& flags, int stop_fd,
                          RecordPublisher* publisher) {
  RecordReader reader(fd, stop_fd, flags.records);
  while (true) {
    const absl::Duration patience =
        publisher->empty() ? RecordPublisher::kTick : kPatience;
    const absl::StatusOr<RecordReader::Outcome> outcome = reader.Next(patience);
    // What was read before the error was asked to be published.
    if (!outcome.ok()) publisher->Flush();
    SLUICE_RETURN_IF_ERROR(outcome.status());
    switch (*outcome) {
      case RecordReader::Outcome::kRecord:
        if (!publisher->Add(reader.record(), reader.number())) {
          return absl::OkStatus();
        }
        break;
      case RecordReader::Outcome::kNothingYet:
        if (!publisher->Tick()) return absl::OkStatus();
        break;
      case RecordReader::Outcome::kEnd:
        publisher->Flush();
        return absl::OkStatus();
      case RecordReader::Outcome::kStopped:
        return absl::OkStatus();
    }
  }
}

// The end of the run for people, and its exit code.
ExitCode Report(const PublishPipeline::End& end, const absl::Status& input,
                StopSignal::Reason reason) {
  ExitCode code = ExitCode::kOk;
  const auto keep_first = [&code](ExitCode next) {
    if (code == ExitCode::kOk) code = next;
  };
  for (const PublishPipeline::Refusal& refusal : end.refusals) {
    PrintNote(RefusalText(refusal));
    keep_first(ExitCodeFor(refusal.status));
  }
  if (reason == StopSignal::Reason::kInterrupted ||
      reason == StopSignal::Reason::kTimedOut) {
    keep_first(ExitCodeFor(reason));
  }
  if (reason == StopSignal::Reason::kTimedOut) PrintNote("timed out");
  keep_first(ReportStatus(end.status));
  keep_first(ReportStatus(input));
  if (end.unanswered > 0) {
    PrintNote(UnansweredText(end));
    keep_first(ExitCode::kFailure);
  }
  return code;
}

absl::StatusOr<int> OpenInput(const PubFlags& flags) {
  if (!flags.file.has_value() || *flags.file == "-") return dup(STDIN_FILENO);
  const int fd = open(flags.file->c_str(), O_RDONLY | O_CLOEXEC);
  if (fd >= 0) return fd;
  return absl::InternalError(
      absl::StrCat("cannot open ", *flags.file, ": ", std::strerror(errno)));
}

absl::Status CheckFlags(PubFlags* flags) {
  SLUICE_RETURN_IF_ERROR(ValidateName("topic", flags->publishing.topic));
  if (flags->nul) flags->records.delimiter = std::string(1, '\0');
  if (!flags->texts.empty() && flags->file.has_value()) {
    return absl::InvalidArgumentError("-m and -f exclude each other");
  }
  if (flags->pipeline.give_up_after > PublishPipeline::kLongestGiveUp) {
    return absl::InvalidArgumentError(
        absl::StrCat("--give-up-after is at most ",
                     absl::FormatDuration(PublishPipeline::kLongestGiveUp),
                     ": later, nodes no longer know what they have stored"));
  }
  return absl::OkStatus();
}

// Whether a message may have one attribute more.
bool HasRoomForDedupId(const std::map<std::string, std::string>& attributes) {
  size_t bytes = kDedupIdBytes;
  for (const auto& [key, value] : attributes) {
    bytes += key.size() + value.size();
  }
  return attributes.size() < kMaxAttributes && bytes <= kMaxAttributeBytes;
}

// What became of it before anything was published.
ExitCode ReportStart(const absl::Status& status, const StopSignal& stop) {
  const StopSignal::Reason reason = stop.reason();
  if (reason == StopSignal::Reason::kNone) return ReportStatus(status);
  if (reason == StopSignal::Reason::kTimedOut) PrintNote("timed out");
  return ExitCodeFor(reason);
}

ExitCode RunPub(PubFlags flags, const Settings& settings) {
  const absl::Status valid = CheckFlags(&flags);
  if (!valid.ok()) return ReportStatus(valid);
  const bool from_arguments = !flags.texts.empty();
  const absl::StatusOr<int> fd =
      from_arguments ? absl::StatusOr<int>(-1) : OpenInput(flags);
  if (!fd.ok()) return ReportStatus(fd.status());
  const auto close_input = absl::MakeCleanup([fd = *fd] { close(fd); });
  if (!from_arguments && IsTerminal(*fd) && IsTerminal(STDERR_FILENO)) {
    PrintNote("reading messages from the terminal; end with Ctrl-D");
  }

  StopSignal stop({settings.timeout});
  Progress progress("published", Clock::Real(), DrawOnTerminal());
  const absl::Status reached = CheckForPublisher(settings, &stop);
  if (!reached.ok()) return ReportStart(reached, stop);
  const auto cluster = OpenCluster(settings);
  if (!cluster.ok()) return ReportStatus(cluster.status());
  flags.pipeline.add_dedup_ids = HasRoomForDedupId(flags.publishing.attributes);
  const auto pipeline = PublishPipeline::Create(
      *cluster, flags.pipeline, &stop, [&progress](const std::string& text) {
        progress.Clear();
        PrintNote(text);
      });
  if (!pipeline.ok()) return ReportStatus(pipeline.status());
  RecordPublisher publisher(flags.publishing, pipeline->get(), &progress,
                            &stop);
  absl::Status input;
  if (from_arguments) {
    PublishTexts(flags, &publisher);
  } else {
    input = PublishInput(*fd, flags, stop.fd(), &publisher);
  }
  StopSignal::Reason reason = stop.reason();
  const PublishPipeline::End end = (*pipeline)->Finish();
  // Once all is answered it is too late to be interrupted.
  if (end.unanswered > 0) reason = stop.reason();
  progress.Clear();
  const ExitCode code = Report(end, input, reason);
  // After an error one must know how far it came.
  const bool partial = code != ExitCode::kOk && end.published > 0;
  if (partial || settings.verbose || IsTerminal(STDERR_FILENO)) {
    PrintNote(progress.Summary(end.published,
                               absl::StrCat("to ", flags.publishing.topic)));
  }
  return code;
}

void AddInputFlags(Command pub, PubFlags* flags) {
  pub.AddListFlag("-m,--message", "TEXT",
                  "Publish these texts instead of the input; repeatable",
                  AppendTo(&flags->texts));
  pub.AddFlag("-f,--file", "FILE",
              "Publish the records of this file; - is standard input",
              Into(&flags->file));
  pub.AddFlag("--delimiter", "STR",
              "What ends a record, with escapes such as \\t; empty makes all "
              "of the input one record [newline]",
              Into(&flags->records.delimiter, ParseDelimiter));
  pub.AddSwitch("-0,--null", "Records end in a NUL byte", &flags->nul);
  pub.AddSwitch("--keep-empty", "Publish empty records too",
                &flags->records.keep_empty);
}

void AddMessageFlags(Command pub, PubFlags* flags) {
  pub.AddRepeatedFlag(
      "-a,--attribute", "KEY=VALUE",
      "Give each message this attribute; repeatable",
      [flags](const std::string& text) {
        SLUICE_ASSIGN_OR_RETURN(auto attribute, ParseAttribute(text));
        flags->publishing.attributes.insert_or_assign(
            std::move(attribute.first), std::move(attribute.second));
        return absl::OkStatus();
      });
  pub.AddFlag("--delay", "D", "Deliver no earlier than this after publishing",
              Into(&flags->publishing.delay, ParseDuration));
  pub.AddFlag("--durability", "memory|os|disk",
              "Answer only when this safe: memory, os or disk [the topic's]",
              [flags](const std::string& text) {
                SLUICE_ASSIGN_OR_RETURN(const v1::Durability durability,
                                        ParseDurability(text));
                flags->publishing.durability = FromProto(durability);
                return absl::OkStatus();
              });
}

void AddPaceFlags(Command pub, PubFlags* flags) {
  pub.AddFlag("--rate", "N", "At most N messages per second",
              Into(&flags->publishing.rate, ParseRate));
  pub.AddFlag("--batch-count", "N", "Messages that travel together [200]",
              Into(&flags->publishing.batch.messages, ParsePositiveUint32));
  pub.AddFlag("--batch-bytes", "SIZE",
              "Bytes that travel together; more only for a single message "
              "[1MiB]",
              Into(&flags->publishing.batch.bytes, ParseSize));
  pub.AddFlag("--give-up-after", "D",
              "Give up when nothing is answered for so long, at most 4m [30s]",
              Into(&flags->pipeline.give_up_after, ParsePositiveDuration));
}

}  // namespace

void AddPub(Command root, const Settings& settings) {
  const auto flags = std::make_shared<PubFlags>();
  Command pub = root.AddCommand("pub", "Publish messages");
  pub.AddDetails(
      "Publishes the texts of -m, or else the lines of a file or of standard\n"
      "input: each line is a message, and empty lines are skipped. With\n"
      "several nodes, or lookups, all go to the first that works, and to\n"
      "another when it drains or dies. A node that restarts is waited for,\n"
      "and stores what is sent again once.");
  pub.AddArgument("TOPIC", "The topic; made if it does not exist",
                  Into(&flags->publishing.topic));
  AddInputFlags(pub, flags.get());
  AddMessageFlags(pub, flags.get());
  AddPaceFlags(pub, flags.get());
  pub.AddExample("sluice pub greetings -m hello 'hello again'");
  pub.AddExample("sluice pub dpkg < /var/log/dpkg.log");
  pub.AddExample("find . -print0 | sluice pub files --null --rate=100");
  pub.Run([flags, &settings] { return RunPub(*flags, settings); });
}

}  // namespace sluice
