// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/record_block.h"

#include <xxhash.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/error.h"
#include "gtest/gtest.h"
#include "server/storage/coding.h"

namespace sluice {
namespace {

using Layout = RecordBlockLayout;

const absl::Time kPublished = absl::FromUnixNanos(1'700'000'000'123'456'789);

RecordBlockPtr SealedBlock(const std::vector<std::string>& bodies,
                           Sequence first_sequence = 1,
                           uint64_t log_offset = 0) {
  size_t bytes = 0;
  for (const std::string& body : bodies) bytes += body.size();
  RecordBlockBuilder builder(static_cast<uint32_t>(bodies.size()), bytes,
                             /*with_attributes=*/false);
  for (const std::string& body : bodies) builder.Add(body);
  std::unique_ptr<RecordBlock> block = std::move(builder).Build(kPublished);
  block->Seal(first_sequence, log_offset);
  return block;
}

RecordBlockPtr BlockWithAttributes() {
  RecordBlockBuilder builder(3, 9, /*with_attributes=*/true);
  builder.Add("one", {{"k", "v"}, {"colour", ""}});
  builder.Add("two");
  builder.Add("six", {{"", "empty key"}});
  std::unique_ptr<RecordBlock> block = std::move(builder).Build(kPublished);
  block->Seal(5, 0);
  return block;
}

RecordBlockPtr BlockWithDueTimes() {
  RecordBlockBuilder builder(2, 11, /*with_attributes=*/false, 0,
                             /*with_due_times=*/true);
  builder.Add("hello");
  builder.Add("sluice", {}, absl::ToUnixNanos(kPublished + absl::Minutes(1)));
  std::unique_ptr<RecordBlock> block = std::move(builder).Build(kPublished);
  block->Seal(42, 1000);
  return block;
}

// Makes checksums right again after a test has changed bytes, so that the
// check behind them is what refuses the block.
std::string WithRightChecksums(std::string bytes) {
  StoreLittle64(XXH3_64bits(bytes.data() + Layout::kHeaderSize,
                            bytes.size() - Layout::kHeaderSize),
                &bytes[Layout::kPayloadChecksum]);
  StoreLittle32(static_cast<uint32_t>(XXH3_64bits(
                    bytes.data() + Layout::kPayloadChecksum,
                    Layout::kHeaderSize - Layout::kPayloadChecksum)),
                &bytes[Layout::kHeaderChecksum]);
  return bytes;
}

void ExpectRefused(std::string bytes, absl::string_view why) {
  const absl::Status status = RecordBlock::Parse(std::move(bytes)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << why;
  EXPECT_EQ(ErrorReason(status), "CORRUPTION") << why;
  EXPECT_NE(status.message().find(why), absl::string_view::npos)
      << status << " instead of: " << why;
}

TEST(RecordBlock, GivesBackWhatWasAdded) {
  const RecordBlockPtr block = SealedBlock({"alpha", "", "gamma"}, 41, 1000);
  EXPECT_EQ(block->message_count(), 3u);
  EXPECT_EQ(block->body(0), "alpha");
  EXPECT_EQ(block->body(1), "");
  EXPECT_EQ(block->body(2), "gamma");
  EXPECT_EQ(block->body_bytes(), 10u);
  EXPECT_EQ(block->first_sequence(), 41u);
  EXPECT_EQ(block->end_sequence(), 44u);
  EXPECT_EQ(block->log_offset(), 1000u);
  EXPECT_EQ(block->publish_time_unix_nano(), absl::ToUnixNanos(kPublished));
  EXPECT_FALSE(block->has_attributes());
  EXPECT_TRUE(block->attributes(0).empty());
}

TEST(RecordBlock, GivesBackAttributesInOrder) {
  const RecordBlockPtr block = BlockWithAttributes();
  EXPECT_TRUE(block->has_attributes());
  EXPECT_EQ(block->body(0), "one");
  EXPECT_EQ(block->body(1), "two");
  EXPECT_EQ(block->body(2), "six");
  EXPECT_EQ(block->body_bytes(), 9u);
  const std::vector<AttributeView> first = block->attributes(0);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].key, "k");
  EXPECT_EQ(first[0].value, "v");
  EXPECT_EQ(first[1].key, "colour");
  EXPECT_EQ(first[1].value, "");
  EXPECT_TRUE(block->attributes(1).empty());
  EXPECT_EQ(block->attributes(2).at(0).value, "empty key");
}

TEST(RecordBlock, ComesBackFromItsBytes) {
  for (const RecordBlockPtr& block :
       {SealedBlock({"a", "bb", ""}, 7, 99), BlockWithAttributes()}) {
    const auto parsed = RecordBlock::Parse(std::string(block->bytes()));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ((*parsed)->bytes(), block->bytes());
    EXPECT_EQ((*parsed)->first_sequence(), block->first_sequence());
    for (uint32_t i = 0; i < block->message_count(); ++i) {
      EXPECT_EQ((*parsed)->body(i), block->body(i));
      EXPECT_EQ((*parsed)->attributes(i).size(), block->attributes(i).size());
    }
  }
}

TEST(RecordBlock, HoldsASingleEmptyMessage) {
  const RecordBlockPtr block = SealedBlock({""});
  EXPECT_EQ(block->size(), 72u);
  EXPECT_TRUE(RecordBlock::Parse(std::string(block->bytes())).ok());
}

// The example of docs/on_disk_format.md.
TEST(RecordBlock, HasTheDocumentedBytes) {
  const RecordBlockPtr block = SealedBlock({"hello", "sluice"}, 42, 1000);
  EXPECT_EQ(absl::BytesToHexString(block->bytes()),
            "534c4201"          // magic and version
            "c3395ae4"          // header checksum
            "60da63317eeeb569"  // payload checksum
            "2a00000000000000"  // first sequence
            "e803000000000000"  // log offset
            "15cd853dfe9c9717"  // publish time
            "02000000"          // message count
            "00000000"          // flags
            "0b00000000000000"  // bytes of bodies
            "0000000000000000"  // reserved
            "00000000"          // offset table
            "05000000"
            "0b000000"
            "68656c6c6f"      // hello
            "736c75696365");  // sluice
}

TEST(RecordBlock, HasTheDocumentedBytesWithADueTime) {
  EXPECT_EQ(absl::BytesToHexString(BlockWithDueTimes()->bytes()),
            "534c4201"          // magic and version
            "5a08d9ab"          // header checksum
            "f486bfbeedb0befa"  // payload checksum
            "2a00000000000000"  // first sequence
            "e803000000000000"  // log offset
            "15cd853dfe9c9717"  // publish time
            "02000000"          // message count
            "02000000"          // flags
            "0b00000000000000"  // bytes of bodies
            "0000000000000000"  // reserved
            "00000000"          // offset table
            "0d000000"
            "1b000000"
            "0000000000000000"  // hello is due at once
            "68656c6c6f"
            "1525cd350c9d9717"  // sluice a minute later
            "736c75696365");
}

TEST(RecordBlock, GivesBackDueTimes) {
  const auto block =
      RecordBlock::Parse(std::string(BlockWithDueTimes()->bytes()));
  ASSERT_TRUE(block.ok()) << block.status();
  EXPECT_TRUE((*block)->has_due_times());
  EXPECT_EQ((*block)->due_unix_nano(0), 0);
  EXPECT_EQ((*block)->due_unix_nano(1),
            absl::ToUnixNanos(kPublished + absl::Minutes(1)));
  EXPECT_EQ((*block)->body(0), "hello");
  EXPECT_EQ((*block)->body(1), "sluice");
  EXPECT_FALSE(SealedBlock({"a"})->has_due_times());
  EXPECT_EQ(SealedBlock({"a"})->due_unix_nano(0), 0);
}

TEST(RecordBlock, HoldsDueTimesBesideAttributes) {
  RecordBlockBuilder builder(2, 6, /*with_attributes=*/true, 0,
                             /*with_due_times=*/true);
  builder.Add("one", {{"k", "v"}}, 7);
  builder.Add("two");
  const auto built = std::move(builder).Build(kPublished);
  built->Seal(1, 0);
  const auto block = RecordBlock::Parse(std::string(built->bytes()));
  ASSERT_TRUE(block.ok()) << block.status();
  EXPECT_EQ((*block)->due_unix_nano(0), 7);
  EXPECT_EQ((*block)->due_unix_nano(1), 0);
  EXPECT_EQ((*block)->body(0), "one");
  ASSERT_EQ((*block)->attributes(0).size(), 1u);
  EXPECT_EQ((*block)->attributes(0)[0].value, "v");
  EXPECT_TRUE((*block)->attributes(1).empty());
}

TEST(RecordBlock, RefusesAMessageThatIsTooShortForItsDueTime) {
  std::string bytes(SealedBlock({"7 bytes"})->bytes());
  StoreLittle32(Layout::kFlagDueTimes, &bytes[Layout::kFlags]);
  ExpectRefused(WithRightChecksums(bytes), "due time");
}

TEST(RecordBlock, FillsExactlyTheAnnouncedSize) {
  const size_t attribute_bytes = RecordBlockBuilder::AttributeBytes(3, 5);
  RecordBlockBuilder builder(2, 10, /*with_attributes=*/true, attribute_bytes);
  builder.Add("01234", {{"key", "value"}});
  builder.Add("56789");
  const auto block = std::move(builder).Build(kPublished);
  EXPECT_EQ(block->size(), 64 + 4 * 3 + 10 + 2 * 8 + attribute_bytes);
}

TEST(RecordBlock, RefusesEveryTruncation) {
  for (const RecordBlockPtr& block :
       {SealedBlock({"alpha", "beta"}), BlockWithAttributes(),
        BlockWithDueTimes()}) {
    for (size_t size = 0; size < block->size(); ++size) {
      EXPECT_FALSE(
          RecordBlock::Parse(std::string(block->bytes().substr(0, size))).ok())
          << size;
    }
  }
}

TEST(RecordBlock, RefusesEveryFlippedBit) {
  const RecordBlockPtr block = BlockWithAttributes();
  for (size_t bit = 0; bit < 8 * block->size(); ++bit) {
    std::string bytes(block->bytes());
    bytes[bit / 8] ^= static_cast<char>(1 << (bit % 8));
    EXPECT_FALSE(RecordBlock::Parse(std::move(bytes)).ok()) << bit;
  }
}

TEST(RecordBlock, RefusesBytesBehindTheEnd) {
  const std::string bytes(SealedBlock({"alpha"})->bytes());
  ExpectRefused(bytes + "x", "checksum");
  ExpectRefused(WithRightChecksums(bytes + "x"), "after the last message");
}

TEST(RecordBlock, RefusesAnUnknownVersion) {
  std::string bytes(SealedBlock({"alpha"})->bytes());
  bytes[3] = 2;
  ExpectRefused(WithRightChecksums(bytes), "version");
}

TEST(RecordBlock, RefusesABlockWithoutAPlace) {
  RecordBlockBuilder builder(1, 1, /*with_attributes=*/false);
  builder.Add("x");
  const auto block = std::move(builder).Build(kPublished);
  ExpectRefused(WithRightChecksums(std::string(block->bytes())), "sequence");
}

TEST(RecordBlock, RefusesSequencesThatWrapAround) {
  std::string bytes(SealedBlock({"a", "b"})->bytes());
  StoreLittle64(UINT64_MAX - 1, &bytes[Layout::kFirstSequence]);
  ExpectRefused(WithRightChecksums(bytes), "sequence");
}

TEST(RecordBlock, RefusesCountsThatTheSizeContradicts) {
  std::string bytes(SealedBlock({"a", "b"})->bytes());
  StoreLittle32(0, &bytes[Layout::kMessageCount]);
  ExpectRefused(WithRightChecksums(bytes), "no message");
  StoreLittle32(UINT32_MAX, &bytes[Layout::kMessageCount]);
  ExpectRefused(WithRightChecksums(bytes), "offset table");
}

TEST(RecordBlock, RefusesOffsetsOutOfOrder) {
  const std::string right(SealedBlock({"a", "b", "c"})->bytes());
  std::string bytes = right;
  StoreLittle32(3, &bytes[Layout::kHeaderSize + 4]);  // 0 3 2 3
  ExpectRefused(WithRightChecksums(bytes), "out of order");
  bytes = right;
  StoreLittle32(4, &bytes[Layout::kHeaderSize + 12]);  // 0 1 2 4
  ExpectRefused(WithRightChecksums(bytes), "out of order");
  bytes = right;
  StoreLittle32(1, &bytes[Layout::kHeaderSize]);  // 1 1 2 3
  ExpectRefused(WithRightChecksums(bytes), "first offset");
}

TEST(RecordBlock, RefusesUnknownFlags) {
  std::string bytes(SealedBlock({"a"})->bytes());
  StoreLittle32(4, &bytes[Layout::kFlags]);
  ExpectRefused(WithRightChecksums(bytes), "flag");
}

TEST(RecordBlock, RefusesAWrongSumOfBodies) {
  std::string bytes(SealedBlock({"a"})->bytes());
  StoreLittle64(2, &bytes[Layout::kBodyBytes]);
  ExpectRefused(WithRightChecksums(bytes), "bodies");
}

TEST(RecordBlock, RefusesAttributesThatDoNotAddUp) {
  const std::string right(BlockWithAttributes()->bytes());
  const size_t messages = Layout::kHeaderSize + 4 * 4;
  for (const size_t position : {messages,                 // body size
                                messages + 4 + 3,         // attribute count
                                messages + 4 + 3 + 4}) {  // key size
    for (const uint32_t value : {uint32_t{0}, uint32_t{9}, UINT32_MAX}) {
      std::string bytes = right;
      StoreLittle32(value, &bytes[position]);
      ExpectRefused(WithRightChecksums(bytes), "message 0");
    }
  }
}

}  // namespace
}  // namespace sluice
