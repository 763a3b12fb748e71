// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/archive_directory.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "cli/file_naming.h"

namespace sluice {
namespace {

namespace fs = std::filesystem;

constexpr char kPart[] = ".part";
constexpr mode_t kMode = 0666;  // less the umask

// Enough for a file a second in a name that changes by the day.
constexpr uint32_t kMaxRevision = 999'999;

absl::Status SystemError(const std::string& what) {
  return absl::InternalError(absl::StrCat(what, ": ", std::strerror(errno)));
}

// A stem as one file name, and back.
std::string Flat(const std::string& stem) {
  return absl::StrReplaceAll(stem, {{"%", "%25"}, {"/", "%2F"}});
}
std::string Unflat(absl::string_view name) {
  return absl::StrReplaceAll(name, {{"%25", "%"}, {"%2F", "/"}});
}

absl::Status SyncDirectory(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return SystemError(absl::StrCat("cannot open ", path));
  const bool synced = fsync(fd) == 0;
  close(fd);
  return synced ? absl::OkStatus()
                : SystemError(absl::StrCat("cannot sync ", path));
}

absl::Status MakeDirectories(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("cannot make ", path, ": ", error.message()));
}

// EEXIST when `to` is taken. Not every file system can refuse by itself; there
// a second name does.
bool RenameWithoutReplacing(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(),
                RENAME_NOREPLACE) == 0) {
    return true;
  }
  if (errno != EINVAL && errno != ENOSYS) return false;
  return link(from.c_str(), to.c_str()) == 0 && unlink(from.c_str()) == 0;
}

}  // namespace

ArchiveDirectory::WorkFile::~WorkFile() { close(fd_); }

absl::StatusOr<ArchiveDirectory> ArchiveDirectory::Open(
    std::string output_directory, std::string work_directory) {
  struct stat output, work;
  for (const std::string& path : {output_directory, work_directory}) {
    SLUICE_RETURN_IF_ERROR(MakeDirectories(path));
  }
  if (stat(output_directory.c_str(), &output) != 0 ||
      stat(work_directory.c_str(), &work) != 0) {
    return SystemError(absl::StrCat("cannot look at ", work_directory));
  }
  if (output.st_dev != work.st_dev) {
    return absl::InvalidArgumentError(absl::StrCat(
        work_directory, " and ", output_directory,
        " must be on one file system, so that files can move whole"));
  }
  return ArchiveDirectory(std::move(output_directory),
                          std::move(work_directory));
}

absl::StatusOr<std::unique_ptr<ArchiveDirectory::WorkFile>>
ArchiveDirectory::Create(const std::string& stem) {
  while (true) {
    const std::string path = absl::StrCat(work_, "/", Flat(stem), ".", getpid(),
                                          "-", ++made_, kPart);
    const int fd =
        open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
    if (fd < 0 && errno == EEXIST) continue;  // of an earlier process's
    if (fd < 0) return SystemError(absl::StrCat("cannot make ", path));
    auto file = std::make_unique<WorkFile>(fd, path, stem);
    // Somebody who looks for leftovers may have been quicker; it is theirs.
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) continue;
    SLUICE_RETURN_IF_ERROR(SyncDirectory(work_));
    return file;
  }
}

absl::StatusOr<std::string> ArchiveDirectory::Publish(
    std::unique_ptr<WorkFile> file) {
  for (uint32_t revision = 0; revision <= kMaxRevision; ++revision) {
    const std::string path = absl::StrCat(
        output_, "/", FileNaming::WithRevision(file->stem(), revision));
    const std::string directory = fs::path(path).parent_path();
    SLUICE_RETURN_IF_ERROR(MakeDirectories(directory));
    if (RenameWithoutReplacing(file->path(), path)) {
      SLUICE_RETURN_IF_ERROR(SyncDirectory(directory));
      return path;
    }
    if (errno != EEXIST) {
      return SystemError(
          absl::StrCat("cannot move ", file->path(), " to ", path));
    }
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("all revisions of ", file->stem(), " are taken"));
}

absl::Status ArchiveDirectory::Discard(std::unique_ptr<WorkFile> file) {
  if (unlink(file->path().c_str()) == 0) return absl::OkStatus();
  return SystemError(absl::StrCat("cannot delete ", file->path()));
}

absl::StatusOr<std::vector<std::unique_ptr<ArchiveDirectory::WorkFile>>>
ArchiveDirectory::Leftovers() {
  std::vector<std::unique_ptr<WorkFile>> files;
  std::error_code error;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(work_, error)) {
    const std::string name = entry.path().filename();
    absl::string_view stem = name;
    if (!absl::ConsumeSuffix(&stem, kPart)) continue;
    stem = stem.substr(0, stem.rfind('.'));  // less the process and the number
    const int fd = open(entry.path().c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) continue;
    auto file = std::make_unique<WorkFile>(fd, entry.path(), Unflat(stem));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) continue;
    // Its writer may have moved it away between our looking and our locking.
    if (access(file->path().c_str(), F_OK) != 0) continue;
    files.push_back(std::move(file));
  }
  if (error) {
    return absl::InternalError(
        absl::StrCat("cannot look into ", work_, ": ", error.message()));
  }
  return files;
}

}  // namespace sluice
