// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/rocks_crc32c.h"

#include <dlfcn.h>

#include <cstring>
#include <memory>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "rocksdb/file_checksum.h"

namespace sluice {
namespace {

using rocksdb::crc32c::Extend;

uint32_t ChecksumOf(const std::string& bytes) {
  return Extend(0, bytes.data(), bytes.size());
}

// Bit by bit, as RFC 3720 defines it.
uint32_t BitByBit(const std::string& bytes) {
  uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78 : 0);
    }
  }
  return ~crc;
}

// RFC 3720, appendix B.4.
TEST(RocksCrc32c, GivesTheStandardsExamples) {
  EXPECT_EQ(ChecksumOf(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(ChecksumOf(std::string(32, '\xff')), 0x62a8ab43u);
  std::string counting;
  for (char i = 0; i < 32; ++i) counting.push_back(i);
  EXPECT_EQ(ChecksumOf(counting), 0x46dd794eu);
  EXPECT_EQ(ChecksumOf(""), 0u);
}

TEST(RocksCrc32c, IsRightForEveryLengthAndAlignmentAndCut) {
  std::mt19937 random(1);
  std::string bytes(5000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  for (size_t size = 0; size < bytes.size(); size += 1 + size / 16) {
    for (size_t at = 0; at < 9 && at + size <= bytes.size(); ++at) {
      const std::string part = bytes.substr(at, size);
      const uint32_t expected = BitByBit(part);
      ASSERT_EQ(Extend(0, bytes.data() + at, size), expected) << size;
      const size_t cut = size / 3;
      ASSERT_EQ(
          Extend(Extend(0, part.data(), cut), part.data() + cut, size - cut),
          expected);
    }
  }
}

// RocksDB's own use of the checksum reaches this definition: the dynamic linker
// has one address for the name, and RocksDB calls by name.
TEST(RocksCrc32c, IsWhatRocksDbCalls) {
  void* const found = dlsym(RTLD_DEFAULT, "_ZN7rocksdb6crc32c6ExtendEjPKcm");
  EXPECT_EQ(found, reinterpret_cast<void*>(&Extend));

  std::unique_ptr<rocksdb::FileChecksumGenerator> generator =
      rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator(
          {});
  generator->Update("123456789", 9);
  generator->Finalize();
  EXPECT_EQ(generator->GetChecksum(), "\xe3\x06\x92\x83");  // big-endian
}

}  // namespace
}  // namespace sluice
