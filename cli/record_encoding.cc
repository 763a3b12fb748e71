// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/record_encoding.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"

namespace sluice {
namespace {

constexpr size_t kChunk = 64 << 10;
constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for gzip's header

class PlainEncoder final : public RecordEncoder {
 public:
  void Add(absl::string_view bytes, std::string* packed) override {
    packed->append(bytes.data(), bytes.size());
  }
  void EndPiece(std::string*) override {}
};

class GzipEncoder final : public RecordEncoder {
 public:
  explicit GzipEncoder(int level) {
    // Fails only for want of memory, or for arguments that are wrong.
    deflateInit2(&stream_, level, Z_DEFLATED, kGzipWindow, 8,
                 Z_DEFAULT_STRATEGY);
  }
  ~GzipEncoder() override { deflateEnd(&stream_); }

  void Add(absl::string_view bytes, std::string* packed) override {
    begun_ = true;
    Run(bytes, Z_NO_FLUSH, packed);
  }
  void EndPiece(std::string* packed) override {
    if (!begun_) return;
    Run("", Z_FINISH, packed);
    deflateReset(&stream_);
    begun_ = false;
  }

 private:
  void Run(absl::string_view bytes, int flush, std::string* packed) {
    std::vector<char> buffer(kChunk);
    // zlib reads through a pointer that is not const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = static_cast<uInt>(buffer.size());
      deflate(&stream_, flush);
      packed->append(buffer.data(), buffer.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_ = {};
  bool begun_ = false;
};

class ZstdEncoder final : public RecordEncoder {
 public:
  explicit ZstdEncoder(int level) : context_(ZSTD_createCCtx()) {
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }
  ~ZstdEncoder() override { ZSTD_freeCCtx(context_); }

  void Add(absl::string_view bytes, std::string* packed) override {
    begun_ = true;
    Run(bytes, ZSTD_e_continue, packed);
  }
  void EndPiece(std::string* packed) override {
    if (!begun_) return;
    Run("", ZSTD_e_end, packed);
    begun_ = false;
  }

 private:
  void Run(absl::string_view bytes, ZSTD_EndDirective mode,
           std::string* packed) {
    std::vector<char> buffer(kChunk);
    ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
    size_t rest = 0;
    do {
      ZSTD_outBuffer out = {buffer.data(), buffer.size(), 0};
      rest = ZSTD_compressStream2(context_, &out, &in, mode);
      packed->append(buffer.data(), out.pos);
    } while (in.pos < in.size || (mode == ZSTD_e_end && rest > 0));
  }

  ZSTD_CCtx* const context_;
  bool begun_ = false;
};

uint64_t WholeRecords(absl::string_view delimiter, const ReadBytes& read) {
  std::vector<char> buffer(kChunk);
  std::string tail;  // what could be the beginning of a delimiter
  uint64_t before = 0;
  uint64_t whole = 0;
  while (const size_t got = read(buffer.data(), buffer.size())) {
    const std::string text = tail + std::string(buffer.data(), got);
    const size_t found = text.rfind(std::string(delimiter));
    if (found != std::string::npos) {
      whole = before - tail.size() + found + delimiter.size();
    }
    before += got;
    tail =
        text.substr(text.size() - std::min(text.size(), delimiter.size() - 1));
  }
  return delimiter.empty() ? before : whole;
}

uint64_t WholeMembers(const ReadBytes& read) {
  std::vector<char> in(kChunk);
  std::vector<char> out(kChunk);
  z_stream stream = {};
  inflateInit2(&stream, kGzipWindow);
  uint64_t before = 0;
  uint64_t whole = 0;
  bool readable = true;
  while (readable) {
    const size_t got = read(in.data(), in.size());
    if (got == 0) break;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(got);
    while (readable && stream.avail_in > 0) {
      stream.next_out = reinterpret_cast<Bytef*>(out.data());
      stream.avail_out = static_cast<uInt>(out.size());
      const int result = inflate(&stream, Z_NO_FLUSH);
      readable = result == Z_OK || result == Z_STREAM_END;
      if (result == Z_STREAM_END) {
        whole = before + got - stream.avail_in;
        inflateReset(&stream);
      }
    }
    before += got;
  }
  inflateEnd(&stream);
  return whole;
}

uint64_t WholeFrames(const ReadBytes& read) {
  std::vector<char> in_buffer(kChunk);
  std::vector<char> out_buffer(kChunk);
  ZSTD_DCtx* const context = ZSTD_createDCtx();
  uint64_t before = 0;
  uint64_t whole = 0;
  bool readable = true;
  while (readable) {
    const size_t got = read(in_buffer.data(), in_buffer.size());
    if (got == 0) break;
    ZSTD_inBuffer in = {in_buffer.data(), got, 0};
    while (readable && in.pos < in.size) {
      ZSTD_outBuffer out = {out_buffer.data(), out_buffer.size(), 0};
      const size_t rest = ZSTD_decompressStream(context, &out, &in);
      readable = !ZSTD_isError(rest);
      if (readable && rest == 0) whole = before + in.pos;
    }
    before += got;
  }
  ZSTD_freeDCtx(context);
  return whole;
}

}  // namespace

absl::StatusOr<Compression> ParseCompression(absl::string_view name) {
  if (name == "none") return Compression::kNone;
  if (name == "gzip") return Compression::kGzip;
  if (name == "zstd") return Compression::kZstd;
  return absl::InvalidArgumentError("wanted is none, gzip or zstd");
}

std::string ExtensionOf(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
      return ".gz";
    case Compression::kZstd:
      return ".zst";
    default:
      return "";
  }
}

absl::StatusOr<std::unique_ptr<RecordEncoder>> MakeRecordEncoder(
    Compression compression, int level) {
  const int highest = compression == Compression::kGzip   ? 9
                      : compression == Compression::kZstd ? 19
                                                          : 0;
  if (level < 0 || level > highest) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a compression level of ", level, " is not from 0 to ", highest));
  }
  std::unique_ptr<RecordEncoder> encoder;
  switch (compression) {
    case Compression::kGzip:
      encoder = std::make_unique<GzipEncoder>(level == 0 ? 6 : level);
      break;
    case Compression::kZstd:
      encoder = std::make_unique<ZstdEncoder>(level == 0 ? 3 : level);
      break;
    default:
      encoder = std::make_unique<PlainEncoder>();
  }
  return encoder;
}

uint64_t WholeBytes(Compression compression, absl::string_view delimiter,
                    const ReadBytes& read) {
  switch (compression) {
    case Compression::kGzip:
      return WholeMembers(read);
    case Compression::kZstd:
      return WholeFrames(read);
    default:
      return WholeRecords(delimiter, read);
  }
}

}  // namespace sluice
