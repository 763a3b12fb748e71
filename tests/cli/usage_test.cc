// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Exit codes and messages for what goes wrong, verb by verb.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/cli/cli_test_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::PrintToString;
using ::testing::StartsWith;

using Arguments = std::vector<std::string>;

class Usage : public CliTest {
 protected:
  // One line on standard error, and nothing on standard output.
  void ExpectError(const Arguments& arguments, int code) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.code, code) << PrintToString(arguments) << result.error;
    EXPECT_EQ(result.output, "") << PrintToString(arguments);
    EXPECT_THAT(result.error, StartsWith("sluice: "));
    EXPECT_EQ(result.error.find('\n'), result.error.size() - 1) << result.error;
  }
};

TEST_F(Usage, RefusesACommandLineThatMakesNoSense) {
  const std::vector<Arguments> wrong = {
      {},
      {"nope"},
      {"--nope"},
      {"pub"},
      {"pub", "t", "--rate=0", "-m", "x"},
      {"pub", "t", "--rate=fast", "-m", "x"},
      {"pub", "t", "--attribute=x", "-m", "x"},
      {"pub", "t", "--delay=-1s", "-m", "x"},
      {"pub", "t", "--durability=safe", "-m", "x"},
      {"pub", "t", "--delimiter=\\", "-m", "x"},
      {"pub", "t", "--batch-count=0", "-m", "x"},
      {"pub", "t", "--give-up-after=0s", "-m", "x"},
      {"pub", "t", "--give-up-after=5m", "-m", "x"},
      {"pub", "t", "-m", "x", "-f", "y"},
      {"pub", "t", "unexpected"},
      {"sub"},
      {"sub", "t"},
      {"sub", "t", "c", "-n", "-1"},
      {"sub", "t", "c", "-n", "many"},
      {"sub", "t", "c", "--output=table"},
      {"sub", "t", "c", "--rdy=0"},
      {"tail"},
      {"tail", "t", "--requeue"},
      {"topic"},
      {"topic", "nope"},
      {"topic", "create"},
      {"topic", "create", "t", "--mem-queue-size=-1"},
      {"topic", "create", "t", "--retention=long"},
      {"topic", "ls", "extra"},
      {"topic", "update", "t"},
      {"channel"},
      {"channel", "ls"},
      {"channel", "create", "t"},
      {"channel", "create", "t", "c", "--start=middle"},
      {"channel", "update", "t", "c"},
      {"channel", "update", "t", "c", "--max-attempts=few"},
      {"stats", "t", "c"},
      {"stats", "--watch=0s"},
      {"stats", "--output=raw"},
      {"peek"},
      {"peek", "t", "c", "--state=gone"},
      {"health", "extra"},
      {"health", "--timeout=0s"},
      {"health", "--timeout=soon"},
      {"health", "--output=xml"},
      {"health", "--address="},
      {"health", "--config=/nonexistent"},
      {"health", "--address=a", "--lookup=b"},
      {"nodes", "extra"},
      {"nodes", "--output=raw"},
      {"lookup"},
      {"lookup", "t"},
      {"lookup", "bad name", "--lookup=127.0.0.1:9"},
      {"completion"},
      {"completion", "csh"},
      {"to-file"},
      {"to-file", "t", "--topic-pattern=x"},
      {"to-file", "--topic-pattern=("},
      {"to-file", "bad name"},
      {"to-file", "t", "--channel=bad name"},
      {"to-file", "t", "--filename-format=<TOPIC>"},
      {"to-file", "t", "--compress=rar"},
      {"to-file", "t", "--compress=gzip", "--compress-level=10"},
      {"to-file", "t", "--rotate-size=big"},
      {"to-file", "t", "--sync-interval=0s"},
      {"to-http", "t"},
      {"to-http", "--post=http://h/"},
      {"to-http", "t", "--post=nowhere"},
      {"to-http", "t", "--post=http://h/", "--get=http://h/%s"},
      {"to-http", "t", "--get=http://h/"},
      {"to-http", "t", "--post=http://h/", "--mode=random"},
      {"to-http", "t", "--post=http://h/", "--sample=101"},
      {"to-http", "t", "--post=http://h/", "--workers=0"},
      {"to-http", "t", "--post=http://h/", "--header=none"},
      {"relay", "t"},
      {"relay", "--to=a:1"},
      {"relay", "t", "--to=a:1", "--to-lookup=b:1"},
      {"relay", "t", "--to=a:1", "--to-topic=bad name"},
      {"relay", "t", "--to=a:1", "--require-json-value=x"},
      {"bench", "--mode=none"},
      {"bench", "--mode=consume"},
      {"bench", "--size=7"},
      {"bench", "--rate=0"},
      {"bench", "bad name"},
  };
  for (const Arguments& arguments : wrong) ExpectError(arguments, kUsage);
}

TEST_F(Usage, RefusesNamesThatAreNone) {
  const std::vector<Arguments> wrong = {
      {"pub", "bad name", "-m", "x"},
      {"pub", "bad name"},
      {"sub", "bad name", "c"},
      {"sub", "t", "#ephemeral"},
      {"tail", ""},
      {"topic", "create", "bad/name"},
      {"topic", "info", "bad/name"},
      {"channel", "create", "t", "bad name"},
      {"stats", "bad name"},
      {"peek", "bad name"},
  };
  for (const Arguments& arguments : wrong) ExpectError(arguments, kUsage);
}

TEST_F(Usage, ReportsWhatDoesNotExist) {
  const std::vector<Arguments> unknown = {
      {"topic", "info", "unknown"},
      {"topic", "pause", "unknown"},
      {"topic", "resume", "unknown"},
      {"topic", "empty", "unknown", "--yes"},
      {"topic", "rm", "unknown", "--yes"},
      {"channel", "ls", "unknown"},
      {"channel", "info", "unknown", "c"},
      {"channel", "create", "unknown", "c"},
      {"channel", "pause", "unknown", "c"},
      {"channel", "resume", "unknown", "c"},
      {"channel", "empty", "unknown", "c", "--yes"},
      {"channel", "rm", "unknown", "c", "--yes"},
      {"stats", "unknown"},
      {"stats", "unknown", "--watch"},
      {"peek", "unknown"},
  };
  for (const Arguments& arguments : unknown) ExpectError(arguments, kNotFound);
}

TEST_F(Usage, IsUnavailableWithoutANode) {
  // Nothing listens on the discard port of this machine.
  const std::string nowhere = "--address=127.0.0.1:9";
  const std::vector<Arguments> verbs = {
      {"pub", "t", "-m", "x"}, {"sub", "t", "c"}, {"tail", "t"},
      {"topic", "ls"},         {"stats"},         {"stats", "--watch"},
      {"peek", "t"},           {"health"},        {"channel", "ls", "t"},
  };
  for (Arguments arguments : verbs) {
    arguments.push_back(nowhere);
    ExpectError(arguments, kUnavailable);
  }
}

TEST_F(Usage, IsUnavailableWithoutALookup) {
  const std::string nowhere = "--lookup=127.0.0.1:9";
  const std::vector<Arguments> verbs = {
      {"pub", "t", "-m", "x"},
      {"sub", "t", "c"},
      {"tail", "t"},
      {"topic", "ls"},
      {"stats"},
      {"stats", "t", "--watch"},
      {"peek", "t"},
      {"health"},
      {"channel", "ls", "t"},
      {"nodes"},
      {"lookup", "t"},
      {"topic", "create", "t"},
      {"bench"},
      {"to-file", "--topic-pattern=x"},
  };
  for (Arguments arguments : verbs) {
    arguments.push_back(nowhere);
    ExpectError(arguments, kUnavailable);
  }
}

TEST_F(Usage, DestroysNothingUnlessItIsConfirmed) {
  MakeChannel();
  ASSERT_EQ(Run({"pub", topic_, "-m", "a"}).code, kOk);
  ExpectError({"topic", "rm", topic_}, kUsage);
  ExpectError({"topic", "empty", topic_}, kUsage);
  ExpectError({"channel", "rm", topic_, "c"}, kUsage);
  ExpectError({"channel", "empty", topic_, "c"}, kUsage);
  // An answer that no terminal gives is none.
  EXPECT_EQ(Run({"topic", "rm", topic_}, topic_ + "\n").code, kUsage);
  EXPECT_EQ(Run({"sub", topic_, "c", "-n", "1"}).output, "a\n");
}

TEST_F(Usage, FailsOnAFileThatIsNotThere) {
  ExpectError({"pub", topic_, "-f", "/nonexistent"}, kFailure);
}

TEST_F(Usage, PrintsHelpForEveryVerb) {
  const std::vector<Arguments> verbs = {
      {"pub"},
      {"sub"},
      {"tail"},
      {"stats"},
      {"peek"},
      {"health"},
      {"nodes"},
      {"lookup"},
      {"completion"},
      {"to-file"},
      {"to-http"},
      {"relay"},
      {"bench"},
      {"topic", "ls"},
      {"topic", "create"},
      {"topic", "info"},
      {"topic", "pause"},
      {"topic", "resume"},
      {"topic", "empty"},
      {"topic", "rm"},
      {"channel", "ls"},
      {"channel", "create"},
      {"channel", "info"},
      {"channel", "pause"},
      {"channel", "resume"},
      {"channel", "rm"},
      {"channel", "empty"},
  };
  for (Arguments arguments : verbs) {
    arguments.push_back("--help");
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.code, kOk);
    EXPECT_THAT(result.output, HasSubstr("Examples:\n  "))
        << PrintToString(arguments);
  }
}

TEST_F(Usage, PrintsItsVersion) {
  EXPECT_EQ(Run({"--version"}).output, "sluice 0.1.0\n");
}

TEST_F(Usage, ReadsTheAddressFromAFile) {
  const std::string path = testing::TempDir() + "/usage_test.toml";
  std::ofstream(path) << "address = \"" << node_->grpc_address() << "\"\n";
  SluiceProcess::Options options;
  options.arguments = {"health", "--config=" + path};
  SluiceProcess fine(options);
  EXPECT_EQ(fine.Wait(), kOk);
  std::ofstream(path) << "adress = \"x\"\n";
  SluiceProcess wrong(options);
  EXPECT_EQ(wrong.Wait(), kUsage);
}

}  // namespace
}  // namespace sluice
