// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/json_filter.h"

#include "gtest/gtest.h"

namespace sluice {
namespace {

std::optional<std::string> Filtered(JsonFilter::Options options,
                                    const std::string& body) {
  return JsonFilter(std::move(options)).Apply(body);
}

TEST(JsonFilter, LetsEverythingPassWithoutConditions) {
  EXPECT_EQ(Filtered({}, "no json"), "no json");
  EXPECT_EQ(Filtered({}, ""), "");
}

TEST(JsonFilter, WantsAField) {
  JsonFilter::Options options;
  options.required_field = "a";
  EXPECT_EQ(Filtered(options, "{ \"a\" : null }"), "{ \"a\" : null }");
  EXPECT_EQ(Filtered(options, "{\"b\":1}"), std::nullopt);
  EXPECT_EQ(Filtered(options, "[\"a\"]"), std::nullopt);
  EXPECT_EQ(Filtered(options, "a"), std::nullopt);
  EXPECT_EQ(Filtered(options, ""), std::nullopt);
}

TEST(JsonFilter, WantsAValue) {
  JsonFilter::Options options;
  options.required_field = "a";
  options.required_value = "7";
  EXPECT_TRUE(Filtered(options, "{\"a\":7}").has_value());
  EXPECT_TRUE(Filtered(options, "{\"a\":\"7\"}").has_value());
  EXPECT_FALSE(Filtered(options, "{\"a\":77}").has_value());
  options.required_value = "true";
  EXPECT_TRUE(Filtered(options, "{\"a\":true}").has_value());
}

TEST(JsonFilter, KeepsOnlySomeFieldsInTheirOrder) {
  JsonFilter::Options options;
  options.kept_fields = {"b", "z", "none"};
  EXPECT_EQ(Filtered(options, "{\"z\":1, \"a\":2, \"b\":{\"c\": [1.5]}}"),
            "{\"z\":1,\"b\":{\"c\":[1.5]}}");
  EXPECT_EQ(Filtered(options, "{}"), "{}");
  EXPECT_EQ(Filtered(options, "no json"), std::nullopt);
}

TEST(JsonFilter, KeepsLargeNumbers) {
  JsonFilter::Options options;
  options.kept_fields = {"n"};
  EXPECT_EQ(Filtered(options, "{\"n\":18446744073709551615}"),
            "{\"n\":18446744073709551615}");
}

}  // namespace
}  // namespace sluice
