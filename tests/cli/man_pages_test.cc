// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
// The manual pages, as they are built.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

namespace sluice {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string OutputOf(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"),
                                                   pclose);
  std::string text;
  char buffer[4096];
  while (const size_t got = fread(buffer, 1, sizeof buffer, pipe.get())) {
    text.append(buffer, got);
  }
  return text;
}

std::string Archive() {
  return absl::StrCat(std::getenv("TEST_SRCDIR"), "/",
                      std::getenv("TEST_WORKSPACE"), "/sluice-man.tar");
}

TEST(ManPages, AreThereForEveryProgramAndCommand) {
  const std::string names = OutputOf("tar -tf " + Archive());
  for (const char* page : {"sluice.1", "sluice-pub.1", "sluice-topic.1",
                           "sluice-topic-create.1", "sluice-to-file.1",
                           "sluice-bench.1", "sluiced.8", "sluice-lookupd.8"}) {
    EXPECT_THAT(names, HasSubstr(absl::StrCat("./", page, "\n")));
  }
}

TEST(ManPages, SayWhatTheHelpSays) {
  const std::string page =
      OutputOf(absl::StrCat("tar -xOf ", Archive(), " ./sluice-pub.1"));
  EXPECT_THAT(page,
              AllOf(HasSubstr(".TH SLUICE-PUB \"1\""),
                    HasSubstr("sluice-pub \\- Publish messages"),
                    HasSubstr(".SH EXAMPLES"), HasSubstr("\\-\\-attribute")));
}

}  // namespace
}  // namespace sluice
