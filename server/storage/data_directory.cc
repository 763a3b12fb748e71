// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/data_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <random>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"

namespace sluice {
namespace {

constexpr char kFormatFile[] = "/FORMAT";
constexpr char kFormatWord[] = "sluice-data ";
constexpr char kLockFile[] = "/LOCK";
constexpr char kNodeIdFile[] = "/node-id";
// A file is written under this ending and then renamed.
constexpr char kUnfinished[] = ".tmp";

constexpr size_t kMaxNodeIdLength = 64;
constexpr size_t kMaxSmallFileBytes = 4096;

absl::Status DiskError(absl::string_view what, const std::string& path) {
  return absl::UnavailableError(absl::StrCat("cannot ", what, " ", path, ": ",
                                             std::strerror(errno),
                                             ". Check the disk."));
}

// NOT_FOUND when there is none.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return absl::NotFoundError(path);
  if (fd < 0) return DiskError("open", path);
  const auto closer = absl::MakeCleanup([fd] { close(fd); });
  std::string content(kMaxSmallFileBytes, '\0');
  const ssize_t size = read(fd, &content[0], content.size());
  if (size < 0) return DiskError("read", path);
  content.resize(static_cast<size_t>(size));
  return content;
}

absl::Status SyncDirectory(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return DiskError("open", path);
  const auto closer = absl::MakeCleanup([fd] { close(fd); });
  return fsync(fd) == 0 ? absl::OkStatus() : DiskError("sync", path);
}

// On stable storage, with all of `content` or not at all.
absl::Status WriteSmallFile(const std::string& directory,
                            const std::string& name,
                            const std::string& content) {
  const std::string path = directory + name;
  const std::string unfinished = path + kUnfinished;
  const int fd =
      open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return DiskError("create", unfinished);
  {
    const auto closer = absl::MakeCleanup([fd] { close(fd); });
    const ssize_t written = write(fd, content.data(), content.size());
    if (written != static_cast<ssize_t>(content.size()) || fsync(fd) != 0) {
      return DiskError("write", unfinished);
    }
  }
  if (rename(unfinished.c_str(), path.c_str()) != 0) {
    return DiskError("create", path);
  }
  return SyncDirectory(directory);
}

// The directory above `path`.
std::string ParentOf(absl::string_view path) {
  while (path.size() > 1 && absl::ConsumeSuffix(&path, "/")) {
  }
  const size_t slash = path.rfind('/');
  if (slash == absl::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<size_t>(slash, 1)));
}

// A new directory is on stable storage under its name.
absl::Status MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0755) == 0) return SyncDirectory(ParentOf(path));
  if (errno == EEXIST) return absl::OkStatus();
  if (errno == ENOENT) {
    return absl::NotFoundError(
        absl::StrCat("cannot make the data directory ", path,
                     ": the directory above it does not exist. Make that, or "
                     "correct the path."));
  }
  if (errno == ENOTDIR) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot make the data directory ", path,
                     ": a part of the path is a file. Correct the path."));
  }
  if (errno == EACCES || errno == EPERM || errno == EROFS) {
    return absl::PermissionDeniedError(absl::StrCat(
        "cannot make the data directory ", path, ": ", std::strerror(errno),
        ". Make it by hand and give it to the user that this "
        "process runs as."));
  }
  return DiskError("make the data directory", path);
}

absl::Status CheckUsable(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return DiskError("look at", path);
  if (!S_ISDIR(status.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the data directory ", path, " is a file. Name a directory."));
  }
  if (faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot read and write the data directory ", path, ": ",
                     std::strerror(errno), ". Give it to user ", geteuid(),
                     ", which this process runs as."));
  }
  return absl::OkStatus();
}

// Empty but for what a new file system or an unfinished start leaves.
absl::StatusOr<bool> IsFresh(const std::string& path) {
  DIR* const directory = opendir(path.c_str());
  if (directory == nullptr) return DiskError("list", path);
  const auto closer = absl::MakeCleanup([directory] { closedir(directory); });
  const std::string unfinished = absl::StrCat(kFormatFile + 1, kUnfinished);
  while (const dirent* const entry = readdir(directory)) {
    const absl::string_view name = entry->d_name;
    if (name != "." && name != ".." && name != "lost+found" &&
        name != unfinished) {
      return false;
    }
  }
  return true;
}

absl::Status CheckFormat(const std::string& path, absl::string_view content) {
  int version = 0;
  if (!absl::ConsumePrefix(&content, kFormatWord) ||
      !absl::ConsumeSuffix(&content, "\n") ||
      !absl::SimpleAtoi(content, &version) || version < 1) {
    return absl::DataLossError(
        absl::StrCat("the file ", path, kFormatFile,
                     " is damaged. Restore the data directory from a backup; "
                     "nothing in it was read or changed."));
  }
  if (version > DataDirectory::kFormatVersion) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the data directory %s was written by a newer Sluice (format %d; this "
        "one knows %d). Start that version again; nothing was changed.",
        path, version, DataDirectory::kFormatVersion));
  }
  return absl::OkStatus();
}

// Before anything else is read, and before anything else is made.
absl::Status CheckOrWriteFormat(const std::string& path) {
  const absl::StatusOr<std::string> content = ReadSmallFile(path + kFormatFile);
  if (content.ok()) return CheckFormat(path, *content);
  if (!absl::IsNotFound(content.status())) return content.status();
  SLUICE_ASSIGN_OR_RETURN(const bool is_fresh, IsFresh(path));
  if (!is_fresh) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the directory ", path,
        " holds files but is no Sluice data directory (no FORMAT file). Name "
        "an empty or new directory."));
  }
  return WriteSmallFile(
      path, kFormatFile,
      absl::StrCat(kFormatWord, DataDirectory::kFormatVersion, "\n"));
}

bool IsNodeId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxNodeIdLength) return false;
  for (const char c : id) {
    const bool allowed = absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                         c == '.' || c == '_' || c == '-';
    if (!allowed) return false;
  }
  return true;
}

std::string RandomNodeId() {
  std::random_device device;
  const uint64_t high = device();
  const uint64_t low = device();
  return absl::StrFormat("%08x%08x", static_cast<uint32_t>(high),
                         static_cast<uint32_t>(low));
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataDirectory>> DataDirectory::Open(
    const std::string& path, const std::string& wished_node_id) {
  if (!wished_node_id.empty() && !IsNodeId(wished_node_id)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a node id has 1 to ", kMaxNodeIdLength,
                     " characters of .a-zA-Z0-9_-. Choose another one than \"",
                     wished_node_id, "\"."));
  }
  SLUICE_RETURN_IF_ERROR(MakeDirectory(path));
  SLUICE_RETURN_IF_ERROR(CheckUsable(path));
  SLUICE_RETURN_IF_ERROR(CheckOrWriteFormat(path));
  std::unique_ptr<DataDirectory> directory(new DataDirectory(path));
  SLUICE_RETURN_IF_ERROR(directory->Lock());
  SLUICE_RETURN_IF_ERROR(directory->LoadNodeId(wished_node_id));
  return directory;
}

DataDirectory::~DataDirectory() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

absl::Status DataDirectory::Lock() {
  const std::string file = path_ + kLockFile;
  lock_fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_fd_ < 0) return DiskError("open", file);
  if (flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) {
    // For people only; the lock itself is the kernel's, and goes with us.
    const std::string pid = absl::StrCat(getpid(), "\n");
    if (ftruncate(lock_fd_, 0) != 0 ||
        write(lock_fd_, pid.data(), pid.size()) < 0) {
      return DiskError("write", file);
    }
    return absl::OkStatus();
  }
  if (errno != EWOULDBLOCK) return DiskError("lock", file);
  int pid = 0;
  const std::string holder = ReadSmallFile(file).value_or("");
  const bool is_known =
      absl::SimpleAtoi(absl::StripAsciiWhitespace(holder), &pid);
  return absl::FailedPreconditionError(absl::StrCat(
      "the data directory ", path_, " is in use by another process",
      is_known ? absl::StrCat(" (pid ", pid, ")") : std::string(),
      ". Stop that one, or name another directory."));
}

absl::Status DataDirectory::LoadNodeId(const std::string& wish) {
  const absl::StatusOr<std::string> content =
      ReadSmallFile(path_ + kNodeIdFile);
  if (!content.ok() && !absl::IsNotFound(content.status())) {
    return content.status();
  }
  if (content.ok()) {
    node_id_ = std::string(absl::StripSuffix(*content, "\n"));
    if (wish.empty() && !IsNodeId(node_id_)) {
      return absl::DataLossError(
          absl::StrCat("the file ", path_, kNodeIdFile,
                       " is damaged. Delete it to get a new node id, or name "
                       "one by the flag."));
    }
    if (wish.empty() || wish == node_id_) return absl::OkStatus();
  }
  node_id_ = wish.empty() ? RandomNodeId() : wish;
  return WriteSmallFile(path_, kNodeIdFile, node_id_ + "\n");
}

}  // namespace sluice
