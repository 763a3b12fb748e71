// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/http_target.h"

#include <string>

#include "gtest/gtest.h"

namespace sluice {
namespace {

TEST(HttpTarget, HasAnOriginAndAPath) {
  const HttpTarget target = *HttpTarget::Parse("http://host:8080/a/b?c=d");
  EXPECT_EQ(target.origin(), "http://host:8080");
  EXPECT_EQ(target.path(), "/a/b?c=d");
  EXPECT_FALSE(target.takes_body());
}

TEST(HttpTarget, BeginsAPathWithASlash) {
  EXPECT_EQ(HttpTarget::Parse("https://host")->path(), "/");
  EXPECT_EQ(HttpTarget::Parse("https://host?a=b")->path(), "/?a=b");
}

TEST(HttpTarget, PutsTheBodyIntoTheUrlEscaped) {
  const HttpTarget target = *HttpTarget::Parse("http://h/x?m=%s&n=%s");
  EXPECT_TRUE(target.takes_body());
  EXPECT_EQ(target.PathFor("a b&c=%s/"),
            "/x?m=a%20b%26c%3D%25s%2F&n=a%20b%26c%3D%25s%2F");
  EXPECT_EQ(target.PathFor(std::string("\0\xff~", 3)),
            "/x?m=%00%FF~&n=%00%FF~");
}

TEST(HttpTarget, RefusesWhatIsNoUrl) {
  for (const char* url :
       {"", "host", "ftp://host", "http://", "http:///x", "http://:80",
        "http://h/a b", "http://h/\n", "http://h/#part", "://h"}) {
    EXPECT_EQ(HttpTarget::Parse(url).status().code(),
              absl::StatusCode::kInvalidArgument)
        << url;
  }
}

}  // namespace
}  // namespace sluice
