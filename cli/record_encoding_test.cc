// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/record_encoding.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

// Hands out a text, a few bytes at a time.
ReadBytes Reader(const std::string& text, size_t step = 7) {
  return [text, step, at = size_t{0}](char* buffer, size_t size) mutable {
    const size_t count = std::min({size, step, text.size() - at});
    std::memcpy(buffer, text.data() + at, count);
    at += count;
    return count;
  };
}

class Packed : public ::testing::TestWithParam<Compression> {
 protected:
  std::unique_ptr<RecordEncoder> encoder_ = *MakeRecordEncoder(GetParam(), 0);

  uint64_t Whole(const std::string& bytes) {
    return WholeBytes(GetParam(), "\n", Reader(bytes));
  }
};

TEST_P(Packed, IsWholeUpToTheEndOfAPiece) {
  std::string packed;
  encoder_->Add("first\n", &packed);
  encoder_->EndPiece(&packed);
  encoder_->Add("second\n", &packed);
  encoder_->EndPiece(&packed);
  EXPECT_EQ(Whole(packed), packed.size());
}

TEST_P(Packed, IsNotWholeBehindTheLastPiece) {
  std::string packed;
  encoder_->Add("first\n", &packed);
  encoder_->EndPiece(&packed);
  const size_t whole = packed.size();
  encoder_->Add("secondsecondsecond", &packed);
  encoder_->EndPiece(&packed);
  // Cut off at every byte, as a crash could.
  for (size_t size = whole; size < packed.size(); ++size) {
    EXPECT_EQ(Whole(packed.substr(0, size)), whole) << size;
  }
}

TEST_P(Packed, HasNoPieceOfNothing) {
  std::string packed;
  encoder_->EndPiece(&packed);
  EXPECT_EQ(packed, "");
  EXPECT_EQ(Whole(""), 0u);
}

TEST_P(Packed, TakesMoreThanItsBuffersHold) {
  std::string packed;
  std::string text;
  for (int i = 0; i < 50000; ++i) absl::StrAppend(&text, i * 7919, "\n");
  encoder_->Add(text, &packed);
  encoder_->EndPiece(&packed);
  EXPECT_EQ(WholeBytes(GetParam(), "\n", Reader(packed, 1 << 20)),
            packed.size());
  if (GetParam() != Compression::kNone) {
    EXPECT_LT(packed.size(), text.size() / 2);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Packed,
                         ::testing::Values(Compression::kNone,
                                           Compression::kGzip,
                                           Compression::kZstd));

TEST(RecordEncoding, FindsADelimiterOfSeveralBytesAcrossReads) {
  EXPECT_EQ(WholeBytes(Compression::kNone, "END", Reader("aENDbbENDcE", 2)),
            9u);
}

TEST(RecordEncoding, TakesWhatIsNoGzipForNotWhole) {
  EXPECT_EQ(WholeBytes(Compression::kGzip, "", Reader("no gzip at all")), 0u);
  EXPECT_EQ(WholeBytes(Compression::kZstd, "", Reader("no zstd at all")), 0u);
}

TEST(RecordEncoding, RefusesLevelsThatThereAreNot) {
  EXPECT_FALSE(MakeRecordEncoder(Compression::kGzip, 10).ok());
  EXPECT_FALSE(MakeRecordEncoder(Compression::kZstd, -1).ok());
  EXPECT_FALSE(MakeRecordEncoder(Compression::kNone, 1).ok());
  EXPECT_TRUE(MakeRecordEncoder(Compression::kZstd, 19).ok());
}

TEST(RecordEncoding, KnowsItsNames) {
  EXPECT_EQ(*ParseCompression("gzip"), Compression::kGzip);
  EXPECT_EQ(ExtensionOf(Compression::kZstd), ".zst");
  EXPECT_FALSE(ParseCompression("lz4").ok());
}

}  // namespace
}  // namespace sluice
