// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/to_file.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "cli/archive_directory.h"
#include "cli/cluster.h"
#include "cli/delivery_inbox.h"
#include "cli/error_text.h"
#include "cli/feed.h"
#include "cli/file_naming.h"
#include "cli/flag_value.h"
#include "cli/hangup_signal.h"
#include "cli/progress.h"
#include "cli/record_encoding.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "cli/topic_archive.h"

namespace sluice {
namespace {

// Within the grace that StopSignal gives.
constexpr absl::Duration kStopTimeout = absl::Seconds(2);

struct ToFileFlags {
  FeedFlags feed;
  FileNaming::Options naming;
  ArchiveOptions archive;
  std::string output_directory = ".";
  std::string work_directory;  // empty: below the output directory
  bool nul = false;
};

std::string HostName() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

// All archives, and what is told about them.
class Archives {
 public:
  Archives(const ToFileFlags& flags, const FileNaming& naming,
           ArchiveDirectory* directory, bool verbose)
      : flags_(flags),
        naming_(naming),
        directory_(*directory),
        verbose_(verbose) {}

  absl::Status Add(Delivery delivery) {
    const std::string topic = delivery.message().topic;
    const std::string body = delivery.message().body;
    TopicArchive& archive =
        archives_
            .try_emplace(topic, topic, flags_.archive, naming_, &directory_,
                         Clock::Real())
            .first->second;
    return archive.Add(body, [delivery = std::move(delivery)]() mutable {
      delivery.Finish();
    });
  }

  absl::Status DoWhatIsDue() {
    for (auto& [topic, archive] : archives_) {
      SLUICE_RETURN_IF_ERROR(Told(
          &archive, [&archive = archive] { return archive.DoWhatIsDue(); }));
    }
    return absl::OkStatus();
  }

  absl::Status EndFiles() {
    for (auto& [topic, archive] : archives_) {
      SLUICE_RETURN_IF_ERROR(
          Told(&archive, [&archive = archive] { return archive.EndFile(); }));
    }
    return absl::OkStatus();
  }

  SteadyTime NextDue() const {
    SteadyTime due = SteadyTime::InfiniteFuture();
    for (const auto& [topic, archive] : archives_) {
      due = std::min(due, archive.NextDue());
    }
    return due;
  }

  uint64_t messages() const {
    uint64_t messages = 0;
    for (const auto& [topic, archive] : archives_)
      messages += archive.messages();
    return messages;
  }

 private:
  template <typename Work>
  absl::Status Told(TopicArchive* archive, const Work& work) {
    const uint64_t before = archive->files();
    const absl::Status status = work();
    if (verbose_ && archive->files() > before) {
      PrintNote(absl::StrCat("wrote ", archive->last_file()));
    }
    return status;
  }

  const ToFileFlags& flags_;
  const FileNaming& naming_;
  ArchiveDirectory& directory_;
  const bool verbose_;
  std::map<std::string, TopicArchive> archives_;
};

int PollTimeout(SteadyTime due) {
  if (due == SteadyTime::InfiniteFuture()) return -1;
  const absl::Duration rest = std::clamp(due - Clock::Real().SteadyNow(),
                                         absl::ZeroDuration(), absl::Hours(1));
  return static_cast<int>(
      absl::ToInt64Milliseconds(absl::Ceil(rest, absl::Milliseconds(1))));
}

// Until it is time to stop, or an error.
absl::Status Run(Feed* feed, DeliveryInbox* inbox, Archives* archives,
                 HangupSignal* hangup, const StopSignal& stop) {
  Progress progress("archived", Clock::Real(), DrawOnTerminal());
  absl::Status status;
  while (status.ok() && !stop.stopped()) {
    SLUICE_RETURN_IF_ERROR(feed->Refresh());
    pollfd waits[] = {{stop.fd(), POLLIN, 0},
                      {hangup->fd(), POLLIN, 0},
                      {inbox->fd(), POLLIN, 0}};
    poll(waits, std::size(waits),
         PollTimeout(std::min(archives->NextDue(), feed->NextRefresh())));
    for (Delivery& delivery : inbox->TakeAll()) {
      if (status.ok()) status = archives->Add(std::move(delivery));
    }
    if (status.ok() && hangup->Take()) status = archives->EndFiles();
    if (status.ok()) status = archives->DoWhatIsDue();
    progress.Update(archives->messages());
  }
  if (status.ok()) status = archives->EndFiles();
  progress.Clear();
  return status;
}

absl::Status Prepare(ToFileFlags* flags) {
  SLUICE_RETURN_IF_ERROR(CheckFeedFlags(flags->feed));
  if (flags->nul) flags->archive.delimiter = std::string(1, '\0');
  if (flags->work_directory.empty()) {
    flags->work_directory = absl::StrCat(flags->output_directory, "/.work");
  }
  flags->naming.extension = ExtensionOf(flags->archive.compression);
  // As soon as half of what may be held waits for it.
  flags->archive.max_unsynced =
      std::max<size_t>(1, flags->feed.consumer.max_in_flight / 2);
  return MakeRecordEncoder(flags->archive.compression, flags->archive.level)
      .status();
}

absl::Status Archive(const ToFileFlags& flags, const Settings& settings,
                     HangupSignal* hangup, const StopSignal& stop) {
  SLUICE_ASSIGN_OR_RETURN(const FileNaming naming,
                          FileNaming::Create(flags.naming));
  SLUICE_ASSIGN_OR_RETURN(
      ArchiveDirectory directory,
      ArchiveDirectory::Open(flags.output_directory, flags.work_directory));
  SLUICE_ASSIGN_OR_RETURN(const std::vector<std::string> rescued,
                          RescueLeftovers(flags.archive, &directory));
  for (const std::string& path : rescued) {
    PrintNote(
        absl::StrCat("an earlier run did not end well; its file is ", path));
  }
  SLUICE_ASSIGN_OR_RETURN(const auto cluster, OpenCluster(settings));
  DeliveryInbox inbox;
  const bool tell = settings.verbose || IsTerminal(STDERR_FILENO);
  Archives archives(flags, naming, &directory, tell);
  Feed feed(flags.feed, settings, Clock::Real(), [&](ConsumerOptions options) {
    return Consumer::CreateAsync(
        cluster, std::move(options),
        [&inbox](Delivery delivery) { inbox.Put(std::move(delivery)); });
  });
  const absl::Status status = Run(&feed, &inbox, &archives, hangup, stop);
  // What came after the last file is not worked on.
  for (Delivery& delivery : inbox.TakeAll()) {
    delivery.Complete(HandlerResult::GiveBack());
  }
  feed.Stop(kStopTimeout).IgnoreError();
  if (tell) {
    PrintNote(absl::StrCat("archived ", archives.messages(), " messages"));
  }
  return status;
}

ExitCode RunToFile(ToFileFlags flags, const Settings& settings) {
  const absl::Status valid = Prepare(&flags);
  if (!valid.ok()) return ReportStatus(valid);
  HangupSignal hangup;
  StopSignal stop({settings.timeout});
  const absl::Status status = Archive(flags, settings, &hangup, stop);
  if (!status.ok()) return ReportStatus(status);
  return ExitCodeFor(stop.reason());
}

void AddFileFlags(Command verb, ToFileFlags* flags) {
  verb.AddFlag("--output-dir", "DIR", "Where complete files go [.]",
               Into(&flags->output_directory));
  verb.AddFlag("--work-dir", "DIR",
               "Where files grow; on the same file system [.work in the "
               "output directory]",
               Into(&flags->work_directory));
  verb.AddFlag("--filename-format", "FORMAT",
               "With <TOPIC>, <HOST>, <PID>, <DATETIME>, and <REV>, which "
               "keeps files from being overwritten "
               "[<TOPIC>.<HOST><REV>.<DATETIME>.log]",
               Into(&flags->naming.format));
  verb.AddFlag("--datetime-format", "FORMAT",
               "What <DATETIME> becomes, as strftime has it; a new file is "
               "begun when it changes [%Y-%m-%d_%H]",
               Into(&flags->naming.datetime_format));
  verb.AddFlag("--host-identifier", "NAME",
               "What <HOST> becomes [the name of this machine]",
               Into(&flags->naming.host));
}

void AddWritingFlags(Command verb, ToFileFlags* flags) {
  ArchiveOptions* archive = &flags->archive;
  verb.AddFlag("--compress", "none|gzip|zstd", "Pack the files [none]",
               Into(&archive->compression, ParseCompression));
  verb.AddFlag("--compress-level", "N",
               "1 to 9 for gzip [6], 1 to 19 for zstd [3]",
               [archive](const std::string& text) {
                 const auto level = ParsePositiveUint32(text);
                 if (!level.ok()) return level.status();
                 archive->level = static_cast<int>(std::min(*level, 100u));
                 return absl::OkStatus();
               });
  verb.AddFlag("--rotate-size", "SIZE", "Begin a new file at this size",
               Into(&archive->rotation.max_bytes, ParseSize));
  verb.AddFlag("--rotate-interval", "D", "Begin a new file at this age",
               Into(&archive->rotation.max_age, ParsePositiveDuration));
  verb.AddFlag("--sync-interval", "D",
               "Messages are finished after an fsync, at least this often [1s]",
               Into(&archive->sync_interval, ParsePositiveDuration));
  verb.AddFlag("--delimiter", "STR",
               "What to write behind each body, with escapes such as \\t "
               "[newline]",
               Into(&archive->delimiter, ParseDelimiter));
  verb.AddSwitch("-0,--null", "Write a NUL byte behind each body", &flags->nul);
}

}  // namespace

void AddToFile(Command root, const Settings& settings) {
  const auto flags = std::make_shared<ToFileFlags>();
  flags->naming.host = HostName();
  flags->feed.consumer.channel = "to-file";
  flags->feed.consumer.max_in_flight = 2500;
  Command verb = root.AddCommand("to-file", "Archive messages in files");
  verb.AddDetails(
      "Writes each body and a delimiter to a file of its topic, and finishes\n"
      "the message once that is fsynced. Files move to the output directory\n"
      "when they are complete, and never replace one. SIGHUP completes them "
      "at\n"
      "once; SIGINT and SIGTERM do, too, and end. After a crash the next run\n"
      "brings what was left in the work directory.");
  AddFeedFlags(verb, &flags->feed);
  AddFileFlags(verb, flags.get());
  AddWritingFlags(verb, flags.get());
  verb.AddExample(
      "sluice to-file orders --output-dir=/srv/archive --compress=zstd");
  verb.AddExample("sluice to-file --topic-pattern='^log-' --rotate-size=64MiB");
  verb.Run([flags, &settings] { return RunToFile(*flags, settings); });
}

}  // namespace sluice
