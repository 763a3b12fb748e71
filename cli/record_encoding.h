// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CLI_RECORD_ENCODING_H_
#define SLUICE_CLI_RECORD_ENCODING_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sluice {

// How the bytes of a file are packed.
enum class Compression { kNone, kGzip, kZstd };

// `none`, `gzip` or `zstd`; INVALID_ARGUMENT for anything else.
absl::StatusOr<Compression> ParseCompression(absl::string_view name);

// "", ".gz" or ".zst".
std::string ExtensionOf(Compression compression);

// Packs a stream of bytes, in pieces that can each be unpacked alone (gzip
// members, zstd frames): what is in whole pieces can be read after a crash, and
// all pieces in a row are one file to any gzip or zstd. Not thread-safe.
class RecordEncoder {
 public:
  virtual ~RecordEncoder() = default;

  // Appends to `packed` what there is to write by now.
  virtual void Add(absl::string_view bytes, std::string* packed) = 0;

  // Ends the piece, if one was begun. The next Add begins another.
  virtual void EndPiece(std::string* packed) = 0;
};

// `level` is 1 to 9 for gzip and 1 to 19 for zstd; 0 is the default of either
// (6 and 3). INVALID_ARGUMENT for others.
absl::StatusOr<std::unique_ptr<RecordEncoder>> MakeRecordEncoder(
    Compression compression, int level);

// How many bytes at the beginning of a file are whole pieces, or, without
// compression, whole records that end in `delimiter`: what may be kept of a
// file whose writer died. `read` fills a buffer with what comes next and
// returns how much that was, 0 at the end. Never fails: what cannot be
// understood is not whole.
using ReadBytes = std::function<size_t(char* buffer, size_t size)>;
uint64_t WholeBytes(Compression compression, absl::string_view delimiter,
                    const ReadBytes& read);

}  // namespace sluice

#endif  // SLUICE_CLI_RECORD_ENCODING_H_
