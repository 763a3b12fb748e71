// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/machine_memory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace sluice {
namespace {

constexpr uint64_t kGiB = uint64_t{1} << 30;

// A machine with 8 GiB, made of files.
class MachineMemoryTest : public ::testing::Test {
 protected:
  MachineMemoryTest() {
    std::filesystem::remove_all(root_);
    Write("/proc/meminfo", "MemTotal:  8388608 kB\nMemFree:  12 kB\n");
  }
  void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(
        std::filesystem::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }

  const std::string root_ = ::testing::TempDir() + "/machine";
};

TEST_F(MachineMemoryTest, IsTheMachinesWithoutControlGroups) {
  EXPECT_EQ(MachineMemoryBytes(root_), 8 * kGiB);
}

TEST_F(MachineMemoryTest, IsTheLimitOfAVersion2Group) {
  Write("/proc/self/cgroup", "0::/system.slice/sluiced.service\n");
  Write("/sys/fs/cgroup/system.slice/sluiced.service/memory.max",
        "1073741824\n");
  EXPECT_EQ(MachineMemoryBytes(root_), kGiB);
}

TEST_F(MachineMemoryTest, IsTheLimitOfAnyGroupAround) {
  Write("/proc/self/cgroup", "0::/a/b\n");
  Write("/sys/fs/cgroup/a/b/memory.max", "max\n");
  Write("/sys/fs/cgroup/a/memory.max", "2147483648\n");
  EXPECT_EQ(MachineMemoryBytes(root_), 2 * kGiB);
}

TEST_F(MachineMemoryTest, IsTheLimitOfAVersion1Group) {
  Write("/proc/self/cgroup", "9:cpu:/x\n4:memory:/docker/1\n");
  Write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "3221225472\n");
  EXPECT_EQ(MachineMemoryBytes(root_), 3 * kGiB);
}

TEST_F(MachineMemoryTest, IgnoresALimitAboveTheMachine) {
  Write("/proc/self/cgroup", "0::/\n");
  Write("/sys/fs/cgroup/memory.max", "9223372036854771712\n");
  EXPECT_EQ(MachineMemoryBytes(root_), 8 * kGiB);
}

TEST(MachineMemory, OfThisMachineIsPlausible) {
  EXPECT_GT(MachineMemoryBytes(), uint64_t{64} << 20);
}

}  // namespace
}  // namespace sluice
