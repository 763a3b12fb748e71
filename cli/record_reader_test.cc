// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/record_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Outcome = RecordReader::Outcome;

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(fds_), 0); }
  ~Pipe() {
    close(fds_[0]);
    CloseWriter();
  }
  int reader() const { return fds_[0]; }
  void Write(const std::string& text) {
    EXPECT_EQ(write(fds_[1], text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  void CloseWriter() {
    if (fds_[1] >= 0) close(fds_[1]);
    fds_[1] = -1;
  }

 private:
  int fds_[2];
};

std::vector<std::string> Split(const std::string& input,
                               RecordReader::Options options = {}) {
  Pipe pipe;
  // Larger inputs than a pipe holds need somebody to write on.
  std::thread writer([&] {
    pipe.Write(input);
    pipe.CloseWriter();
  });
  RecordReader reader(pipe.reader(), -1, std::move(options));
  std::vector<std::string> records;
  while (reader.Next(absl::InfiniteDuration()).value() == Outcome::kRecord) {
    records.emplace_back(reader.record());
  }
  writer.join();
  return records;
}

RecordReader::Options Delimited(const std::string& delimiter,
                                bool keep_empty = false) {
  RecordReader::Options options;
  options.delimiter = delimiter;
  options.keep_empty = keep_empty;
  return options;
}

TEST(RecordReader, SplitsLines) {
  EXPECT_THAT(Split("a\nbc\n"), ElementsAre("a", "bc"));
}

TEST(RecordReader, TakesALastRecordWithoutDelimiter) {
  EXPECT_THAT(Split("a\nbc"), ElementsAre("a", "bc"));
}

TEST(RecordReader, SkipsEmptyRecords) {
  EXPECT_THAT(Split("\n\na\n\nb\n\n"), ElementsAre("a", "b"));
  EXPECT_THAT(Split(""), IsEmpty());
  EXPECT_THAT(Split("\n"), IsEmpty());
}

TEST(RecordReader, KeepsEmptyRecordsOnRequest) {
  EXPECT_THAT(Split("\na\n\n", Delimited("\n", true)),
              ElementsAre("", "a", ""));
  EXPECT_THAT(Split("", Delimited("\n", true)), IsEmpty());
}

TEST(RecordReader, ChangesNoByte) {
  const std::string nul(1, '\0');
  EXPECT_THAT(Split("a\r\n\xff\xfe \n" + nul + "b" + nul, Delimited(nul)),
              ElementsAre("a\r\n\xff\xfe \n", "b"));
  EXPECT_THAT(Split("a\r\n"), ElementsAre("a\r"));
}

TEST(RecordReader, SplitsAtDelimitersOfManyBytes) {
  EXPECT_THAT(Split("a--b-c---d--", Delimited("--")),
              ElementsAre("a", "b-c", "-d"));
}

TEST(RecordReader, TakesEverythingAsOneRecordWithoutADelimiter) {
  EXPECT_THAT(Split("a\nb\n", Delimited("")), ElementsAre("a\nb\n"));
}

TEST(RecordReader, FindsADelimiterThatComesInPieces) {
  Pipe pipe;
  RecordReader reader(pipe.reader(), -1, Delimited("<=>"));
  pipe.Write("ab<");
  EXPECT_EQ(reader.Next(absl::ZeroDuration()).value(), Outcome::kNothingYet);
  pipe.Write("=");
  EXPECT_EQ(reader.Next(absl::ZeroDuration()).value(), Outcome::kNothingYet);
  pipe.Write(">c");
  ASSERT_EQ(reader.Next(absl::ZeroDuration()).value(), Outcome::kRecord);
  EXPECT_EQ(reader.record(), "ab");
}

TEST(RecordReader, SplitsRecordsLongerThanOneRead) {
  const std::string large(1 << 20, 'x');
  EXPECT_THAT(Split(large + "\n" + large), ElementsAre(large, large));
}

TEST(RecordReader, RefusesARecordBeyondItsBound) {
  Pipe pipe;
  RecordReader::Options options;
  options.max_record_bytes = 4;
  RecordReader reader(pipe.reader(), -1, options);
  pipe.Write("abcd\nabcdefgh");
  EXPECT_EQ(reader.Next(absl::InfiniteDuration()).value(), Outcome::kRecord);
  EXPECT_EQ(reader.Next(absl::InfiniteDuration()).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(reader.Next(absl::InfiniteDuration()).value(), Outcome::kEnd);
}

TEST(RecordReader, NumbersRecordsAsTheyStandInTheInput) {
  Pipe pipe;
  RecordReader reader(pipe.reader(), -1, {});
  pipe.Write("a\n\n\nb\n");
  ASSERT_EQ(reader.Next(absl::ZeroDuration()).value(), Outcome::kRecord);
  EXPECT_EQ(reader.number(), 1u);
  ASSERT_EQ(reader.Next(absl::ZeroDuration()).value(), Outcome::kRecord);
  EXPECT_EQ(reader.number(), 4u);
}

TEST(RecordReader, StopsWaitingWhenTold) {
  Pipe input;
  Pipe stop;
  RecordReader reader(input.reader(), stop.reader(), {});
  stop.Write("x");
  EXPECT_EQ(reader.Next(absl::InfiniteDuration()).value(), Outcome::kStopped);
}

TEST(RecordReader, ReportsInputThatCannotBeRead) {
  const int directory = open("/", O_RDONLY);
  RecordReader reader(directory, -1, {});
  EXPECT_EQ(reader.Next(absl::InfiniteDuration()).status().code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(reader.Next(absl::InfiniteDuration()).value(), Outcome::kEnd);
  close(directory);
}

}  // namespace
}  // namespace sluice
