// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/completion_script.h"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;

// Types `line` into a bash whose `sluice` prints what it was asked with and
// `answer`; returns the replies.
std::string BashReplies(const std::string& line, const std::string& answer) {
  const std::string path = testing::TempDir() + "/completion_script_test.bash";
  std::ofstream(path) << *CompletionScript("bash") << "sluice() { printf -- '"
                      << answer << "'; }\n"
                      << "COMP_LINE='" << line
                      << "'\n"
                      // As bash itself cuts it.
                      << "read -ra COMP_WORDS <<<\"${COMP_LINE//=/ = }\"\n"
                      << "[[ $COMP_LINE == *' ' ]] && COMP_WORDS+=(\"\")\n"
                      << "COMP_POINT=${#COMP_LINE}\n"
                      << "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                      << "_sluice\n"
                      << "echo \"${COMPREPLY[*]}\"\n";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
      popen(("bash " + path).c_str(), "r"), pclose);
  char text[1000] = "";
  const size_t size = fread(text, 1, sizeof text - 1, pipe.get());
  return std::string(text, size);
}

TEST(CompletionScript, OffersWholeWordsInBash) {
  EXPECT_EQ(BashReplies("sluice p", "pub\\tPublish\\npeek\\tLook\\n"),
            "pub peek\n");
}

TEST(CompletionScript, OffersValuesBehindAnEqualsSignInBash) {
  const std::string answer = "--output=json\\t\\n--output=jsonl\\t\\n";
  EXPECT_EQ(BashReplies("sluice stats --output=js", answer), "json jsonl\n");
  EXPECT_EQ(BashReplies("sluice stats --output=", answer), "json jsonl\n");
}

TEST(CompletionScript, LeavesFilesToBash) {
  EXPECT_EQ(BashReplies("sluice pub t -f /etc/hostn", ":files\\n"),
            "/etc/hostname\n");
}

TEST(CompletionScript, AsksTheProgramItselfInEveryShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_THAT(*CompletionScript(shell), HasSubstr(kCompleteCommand));
  }
  EXPECT_FALSE(CompletionScript("csh").ok());
}

}  // namespace
}  // namespace sluice
