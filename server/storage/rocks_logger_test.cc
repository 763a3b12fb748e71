// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/storage/rocks_logger.h"

#include <memory>
#include <sstream>
#include <string>

#include "absl/time/time.h"
#include "base/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "spdlog/sinks/ostream_sink.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RocksLoggerTest : public testing::Test {
 protected:
  std::string Logged() {
    std::string text = text_.str();
    text_.str("");
    return text;
  }

  FakeClock clock_;
  std::ostringstream text_;
  RocksLogger logger_{
      std::make_shared<spdlog::logger>(
          "test", std::make_shared<spdlog::sinks::ostream_sink_st>(text_)),
      clock_};
};

TEST_F(RocksLoggerTest, PassesWarningsAndErrorsOn) {
  rocksdb::Warn(&logger_, "disk %s", "slow");
  EXPECT_THAT(Logged(), HasSubstr("[warning] rocksdb: disk slow"));
  rocksdb::Error(&logger_, "disk %d", 7);
  EXPECT_THAT(Logged(), HasSubstr("[error] rocksdb: disk 7"));
}

TEST_F(RocksLoggerTest, DropsInformationAndHeaders) {
  clock_.Advance(absl::Minutes(1));
  rocksdb::Info(&logger_, "compacting");
  rocksdb::Header(&logger_, "options.this: that");
  EXPECT_THAT(Logged(), IsEmpty());
}

TEST_F(RocksLoggerTest, ReportsRecoveryOnlyWhenItTakesLong) {
  rocksdb::Info(&logger_, "Recovering log #1");
  EXPECT_THAT(Logged(), IsEmpty());
  clock_.Advance(absl::Seconds(2));
  rocksdb::Info(&logger_, "Recovering log #2");
  EXPECT_THAT(Logged(), HasSubstr("Recovering log #2"));
  logger_.RecoveryDone();
  rocksdb::Info(&logger_, "Recovering log #3");
  EXPECT_THAT(Logged(), IsEmpty());
}

TEST_F(RocksLoggerTest, DropsWarningsThatAreBusinessAsUsual) {
  rocksdb::Warn(&logger_,
                "[log] Stopping writes because we have 4 immutable memtables "
                "(waiting for flush), max_write_buffer_number is set to 4");
  rocksdb::Error(&logger_, "Error when reading /data dir NotFound: ");
  EXPECT_THAT(Logged(), IsEmpty());
}

TEST_F(RocksLoggerTest, CutsLinesThatAreTooLong) {
  rocksdb::Warn(&logger_, "%s", std::string(5000, 'x').c_str());
  EXPECT_LT(Logged().size(), 700u);
}

TEST_F(RocksLoggerTest, IsSilentWithoutALogger) {
  RocksLogger silent(nullptr, clock_);
  rocksdb::Warn(&silent, "nobody listens");
}

}  // namespace
}  // namespace sluice
