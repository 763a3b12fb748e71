// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <fcntl.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sluice/v1/subscriber.pb.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;

v1::Delivery Example() {
  v1::Delivery delivery;
  delivery.set_message_id(7);
  delivery.set_body(std::string("\0\xff", 2));
  return delivery;
}

TEST(Output, UsesTheJsonNamesOfTheProtos) {
  EXPECT_EQ(JsonText(Example(), OutputFormat::kJsonl),
            "{\"deliveryId\":\"0\",\"messageId\":\"7\","
            "\"publishTimeUnixNano\":\"0\",\"attempts\":0,\"body\":\"AP8=\","
            "\"attributes\":{}}\n");
}

TEST(Output, IndentsJsonForOneDocument) {
  EXPECT_THAT(JsonText(Example(), OutputFormat::kJson),
              HasSubstr("\n \"messageId\": \"7\",\n"));
}

TEST(Output, ReportsThatItCannotBeWritten) {
  const int fd = open("/dev/full", O_WRONLY);
  ASSERT_GE(fd, 0);
  EXPECT_THAT(std::string(WriteAll(fd, "x").message()),
              HasSubstr("No space left"));
  close(fd);
}

}  // namespace
}  // namespace sluice
