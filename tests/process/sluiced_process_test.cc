// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What `sluiced` promises to whoever starts and stops it: exit codes, messages,
// signals and the address file.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/node_process.h"

namespace sluice {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr int kClean = 0;
constexpr int kFailure = 1;
constexpr int kUsage = 2;

// Runs a node that is not expected to serve, to its end.
int RunToEnd(NodeProcess& node) {
  EXPECT_TRUE(node.Launch().ok());
  return node.Wait();
}

// A port of 127.0.0.1 on which somebody else listens.
class BusyPort {
 public:
  BusyPort() : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(descriptor_, generic, size) == 0 && listen(descriptor_, 1) == 0 &&
        getsockname(descriptor_, generic, &size) == 0) {
      port_ = ntohs(address.sin_port);
    }
  }
  ~BusyPort() { close(descriptor_); }
  BusyPort(const BusyPort&) = delete;
  BusyPort& operator=(const BusyPort&) = delete;

  int port() const { return port_; }

 private:
  const int descriptor_;
  int port_ = 0;
};

TEST(SluicedProcess, ServesAndStopsCleanlyOnSigterm) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  EXPECT_THAT(node.grpc_address(), MatchesRegex("127\\.0\\.0\\.1:[1-9][0-9]*"));
  EXPECT_THAT(node.http_address(), MatchesRegex("127\\.0\\.0\\.1:[1-9][0-9]*"));
  EXPECT_NE(node.grpc_address(), node.http_address());
  node.Kill(SIGTERM);
  EXPECT_EQ(node.Wait(), kClean) << node.standard_error();
}

TEST(SluicedProcess, StopsCleanlyOnSigint) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  node.Kill(SIGINT);
  EXPECT_EQ(node.Wait(), kClean) << node.standard_error();
}

TEST(SluicedProcess, StartsAgainOnItsDataAfterAStopAndAfterAKill) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  node.Kill(SIGTERM);
  EXPECT_EQ(node.Wait(), kClean);
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  node.Kill(SIGKILL);
  EXPECT_EQ(node.Wait(), 128 + SIGKILL);
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
}

TEST(SluicedProcess, SaysInOneLineHowItServes) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  EXPECT_THAT(
      node.standard_error(),
      AllOf(HasSubstr(node.grpc_address()), HasSubstr(node.http_address()),
            HasSubstr(node.data_path()), HasSubstr("recovered 0 topics")));
}

TEST(SluicedProcess, LogsJsonWhenAsked) {
  NodeProcess node({"--log-format=json"});
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  EXPECT_THAT(node.standard_error(), StartsWith("{\"ts\":\""));
}

TEST(SluicedProcess, ReportsALoopbackForAWildcardAddress) {
  NodeProcess node({"--grpc-address=0.0.0.0:0", "--http-address=0.0.0.0:0"});
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  EXPECT_THAT(node.grpc_address(), StartsWith("127.0.0.1:"));
  EXPECT_THAT(node.http_address(), StartsWith("127.0.0.1:"));
}

TEST(SluicedProcess, RefusesABadFlag) {
  NodeProcess node({"--msg-timeuot=5s"});
  EXPECT_EQ(RunToEnd(node), kUsage);
  EXPECT_EQ(node.standard_error(),
            "sluiced: --msg-timeuot=5s: there is no such flag; did you mean "
            "--msg-timeout?\n");
}

TEST(SluicedProcess, RefusesABadValue) {
  NodeProcess node({"--max-rdy-count=many"});
  EXPECT_EQ(RunToEnd(node), kUsage);
  EXPECT_EQ(node.standard_error(),
            "sluiced: --max-rdy-count=many: expected a whole number from 1 to "
            "1000000\n");
}

TEST(SluicedProcess, RefusesABadConfigurationFile) {
  NodeProcess node;
  const std::string path = node.directory() + "/sluiced.toml";
  std::ofstream(path) << "max-rdy-cuont = 1\n";
  node.set_flags({"--config=" + path});
  EXPECT_EQ(RunToEnd(node), kUsage);
  EXPECT_THAT(node.standard_error(), StartsWith("sluiced: " + path + ":1: "));
}

TEST(SluicedProcess, PrintsItsConfigurationAndVersionOnStdout) {
  NodeProcess node({"--print-config", "--max-rdy-count=42"});
  EXPECT_EQ(RunToEnd(node), kClean);
  EXPECT_THAT(node.standard_output(),
              HasSubstr("max-rdy-count = 42  # flag\n"));
  EXPECT_EQ(node.standard_error(), "");
  EXPECT_FALSE(std::filesystem::exists(node.data_path()));

  node.set_flags({"--version"});
  EXPECT_EQ(RunToEnd(node), kClean);
  EXPECT_THAT(node.standard_output(), StartsWith("sluiced "));

  node.set_flags({"--help"});
  EXPECT_EQ(RunToEnd(node), kClean);
  EXPECT_THAT(node.standard_output(), HasSubstr("--mem-queue-size=N"));
}

TEST(SluicedProcess, ChecksItsConfiguration) {
  NodeProcess node({"--check-config"});
  EXPECT_EQ(RunToEnd(node), kClean);
  EXPECT_FALSE(std::filesystem::exists(node.data_path()));
  node.set_flags({"--check-config", "--drain-timeout=soon"});
  EXPECT_EQ(RunToEnd(node), kUsage);
}

TEST(SluicedProcess, RefusesADirectoryThatIsInUse) {
  NodeProcess first;
  ASSERT_TRUE(first.Start().ok()) << first.standard_error();
  NodeProcess second({"--data-path=" + first.data_path()});
  EXPECT_EQ(RunToEnd(second), kFailure);
  EXPECT_THAT(second.standard_error(),
              AllOf(StartsWith("sluiced: "), HasSubstr(first.data_path())));
  EXPECT_TRUE(first.running());
}

TEST(SluicedProcess, RefusesAFileForADataPath) {
  NodeProcess node;
  std::ofstream(node.data_path()) << "not a directory";
  EXPECT_EQ(RunToEnd(node), kUsage);
  EXPECT_THAT(node.standard_error(), AllOf(StartsWith("sluiced: --data-path="),
                                           HasSubstr(node.data_path())));
}

TEST(SluicedProcess, RefusesADataPathBelowAFile) {
  NodeProcess node;
  std::ofstream(node.directory() + "/file") << "x";
  node.set_flags({"--data-path=" + node.directory() + "/file/data"});
  EXPECT_EQ(RunToEnd(node), kFailure);
  EXPECT_THAT(node.standard_error(),
              AllOf(StartsWith("sluiced: "),
                    HasSubstr(node.directory() + "/file/data")));
}

TEST(SluicedProcess, RefusesDataOfANewerFormat) {
  NodeProcess node;
  ASSERT_TRUE(node.Start().ok()) << node.standard_error();
  node.Kill(SIGTERM);
  ASSERT_EQ(node.Wait(), kClean);
  const std::string format = node.data_path() + "/FORMAT";
  ASSERT_TRUE(std::filesystem::exists(format));
  std::ofstream(format) << "sluice-data 9999\n";
  EXPECT_EQ(RunToEnd(node), kFailure);
  EXPECT_THAT(node.standard_error(),
              AllOf(StartsWith("sluiced: "), HasSubstr("9999")));
}

TEST(SluicedProcess, NamesABusyPort) {
  BusyPort busy;
  ASSERT_NE(busy.port(), 0);
  for (const absl::string_view flag : {"--grpc-address", "--http-address"}) {
    NodeProcess node({absl::StrCat(flag, "=127.0.0.1:", busy.port())});
    EXPECT_EQ(RunToEnd(node), kFailure);
    EXPECT_THAT(node.standard_error(),
                AllOf(HasSubstr("sluiced: "),
                      HasSubstr(absl::StrCat(busy.port())), HasSubstr(flag)));
    EXPECT_FALSE(std::filesystem::exists(node.address_file()));
  }
}

TEST(SluicedProcess, SaysWhenItCannotWriteTheAddressFile) {
  NodeProcess node;
  node.set_flags({"--address-file=" + node.directory() + "/none/address"});
  EXPECT_EQ(RunToEnd(node), kFailure);
  EXPECT_THAT(node.standard_error(), HasSubstr("/none/address"));
}

}  // namespace
}  // namespace sluice
