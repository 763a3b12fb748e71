// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/pub.h"

#include <fcntl.h>
#include <poll.h>
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
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/connection.h"
#include "cli/error_text.h"
#include "cli/flag_value.h"
#include "cli/node_choice.h"
#include "cli/pacer.h"
#include "cli/progress.h"
#include "cli/publish_batch.h"
#include "cli/publish_pipeline.h"
#include "cli/record_reader.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"

namespace sluice {
namespace {

// How long a record may wait for others to travel with.
constexpr absl::Duration kPatience = absl::Milliseconds(5);

struct PubFlags {
  std::string topic;
  std::vector<std::string> texts;
  std::optional<std::string> file;
  RecordReader::Options records;
  bool nul = false;
  std::map<std::string, std::string> attributes;
  absl::Duration delay;
  v1::Durability durability = v1::DURABILITY_UNSPECIFIED;
  std::optional<double> rate;
  PublishBatch::Limits batch;
};

// Groups records into batches and hands them to the pipeline, at the rate
// asked for.
class Publishing {
 public:
  Publishing(const PubFlags& flags, PublishPipeline* pipeline, StopSignal* stop)
      : pipeline_(*pipeline),
        stop_(*stop),
        batch_(flags.topic, flags.durability, flags.attributes, flags.delay,
               flags.batch),
        progress_("published", Clock::Real(), DrawOnTerminal()) {
    if (flags.rate.has_value()) pacer_.emplace(*flags.rate, Clock::Real());
  }

  // Both are false when it is time to stop.
  bool Add(absl::string_view record, uint64_t number) {
    if (!AwaitTurn()) return false;
    if (!batch_.HasRoomFor(record.size()) && !Flush()) return false;
    batch_.Add(record, number);
    return batch_.HasRoomFor(0) || Flush();
  }
  bool Flush() {
    if (batch_.empty()) return true;
    progress_.Update(pipeline_.published());
    std::vector<uint64_t> records = batch_.TakeRecords();
    return pipeline_.Send(batch_.TakeRequest(), std::move(records));
  }

  bool empty() const { return batch_.empty(); }
  Progress& progress() { return progress_; }

 private:
  bool AwaitTurn() {
    if (!pacer_.has_value()) return true;
    while (true) {
      const absl::Duration wait = pacer_->Wait();
      if (wait <= absl::ZeroDuration()) break;
      if (!Flush()) return false;
      progress_.Update(pipeline_.published());
      pollfd stop = {stop_.fd(), POLLIN, 0};
      const absl::Duration step = std::min(wait, absl::Seconds(1));
      poll(&stop, 1,
           static_cast<int>(absl::ToInt64Milliseconds(
               absl::Ceil(step, absl::Milliseconds(1)))));
      if (stop.revents != 0) return false;
    }
    pacer_->Take();
    return true;
  }

  PublishPipeline& pipeline_;
  StopSignal& stop_;
  PublishBatch batch_;
  Progress progress_;
  std::optional<Pacer> pacer_;
};

void PublishTexts(const PubFlags& flags, Publishing* publishing) {
  uint64_t number = 0;
  for (const std::string& text : flags.texts) {
    if (!publishing->Add(text, ++number)) return;
  }
  publishing->Flush();
}

absl::Status PublishInput(int fd, const PubFlags& flags, int stop_fd,
                          Publishing* publishing) {
  RecordReader reader(fd, stop_fd, flags.records);
  while (true) {
    const absl::Duration patience =
        publishing->empty() ? absl::InfiniteDuration() : kPatience;
    const absl::StatusOr<RecordReader::Outcome> outcome = reader.Next(patience);
    // What was read before the error was asked to be published.
    if (!outcome.ok()) publishing->Flush();
    SLUICE_RETURN_IF_ERROR(outcome.status());
    switch (*outcome) {
      case RecordReader::Outcome::kRecord:
        if (!publishing->Add(reader.record(), reader.number())) {
          return absl::OkStatus();
        }
        break;
      case RecordReader::Outcome::kNothingYet:
        if (!publishing->Flush()) return absl::OkStatus();
        break;
      case RecordReader::Outcome::kEnd:
        publishing->Flush();
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
  if (!end.unanswered.empty()) {
    PrintNote(absl::StrCat(
        end.unanswered.size(), " messages were not answered, up to record ",
        end.unanswered.back(), "; they may have been published"));
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
  SLUICE_RETURN_IF_ERROR(ValidateName("topic", flags->topic));
  if (flags->nul) flags->records.delimiter = std::string(1, '\0');
  if (!flags->texts.empty() && flags->file.has_value()) {
    return absl::InvalidArgumentError("-m and -f exclude each other");
  }
  return absl::OkStatus();
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
  const auto node = LiveNode(settings);
  if (!node.ok()) return ReportStatus(node.status());
  const Connection connection(*node, settings);
  PublishPipeline pipeline(connection, &stop);
  Publishing publishing(flags, &pipeline, &stop);
  absl::Status input;
  if (from_arguments) {
    PublishTexts(flags, &publishing);
  } else {
    input = PublishInput(*fd, flags, stop.fd(), &publishing);
  }
  const StopSignal::Reason reason = stop.reason();
  const PublishPipeline::End end = pipeline.Finish();
  publishing.progress().Clear();
  const ExitCode code = Report(end, input, reason);
  // After an error one must know how far it came.
  const bool partial = code != ExitCode::kOk && end.published > 0;
  if (partial || settings.verbose || IsTerminal(STDERR_FILENO)) {
    PrintNote(publishing.progress().Summary(end.published,
                                            absl::StrCat("to ", flags.topic)));
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
        flags->attributes.insert_or_assign(std::move(attribute.first),
                                           std::move(attribute.second));
        return absl::OkStatus();
      });
  pub.AddFlag("--delay", "D", "Deliver no earlier than this after publishing",
              Into(&flags->delay, ParseDuration));
  pub.AddFlag("--durability", "memory|os|disk",
              "Answer only when this safe: memory, os or disk [the topic's]",
              Into(&flags->durability, ParseDurability));
}

void AddPaceFlags(Command pub, PubFlags* flags) {
  pub.AddFlag("--rate", "N", "At most N messages per second",
              Into(&flags->rate, ParseRate));
  pub.AddFlag("--batch-count", "N", "Messages that travel together [200]",
              Into(&flags->batch.messages, ParsePositiveUint32));
  pub.AddFlag("--batch-bytes", "SIZE",
              "Bytes that travel together; more only for a single message "
              "[1MiB]",
              Into(&flags->batch.bytes, ParseSize));
}

}  // namespace

void AddPub(Command root, const Settings& settings) {
  const auto flags = std::make_shared<PubFlags>();
  Command pub = root.AddCommand("pub", "Publish messages");
  pub.AddDetails(
      "Publishes the texts of -m, or else the lines of a file or of standard\n"
      "input: each line is a message, and empty lines are skipped. With\n"
      "several nodes, or lookups, all go to one node that serves.");
  pub.AddArgument("TOPIC", "The topic; made if it does not exist",
                  Into(&flags->topic));
  AddInputFlags(pub, flags.get());
  AddMessageFlags(pub, flags.get());
  AddPaceFlags(pub, flags.get());
  pub.AddExample("sluice pub greetings -m hello 'hello again'");
  pub.AddExample("sluice pub dpkg < /var/log/dpkg.log");
  pub.AddExample("find . -print0 | sluice pub files --null --rate=100");
  pub.Run([flags, &settings] { return RunPub(*flags, settings); });
}

}  // namespace sluice
