// `veilgate audit verify | export` as a process, on logs that a daemon wrote.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>
#include <sys/wait.h>

#include "audit/audit_log.h"
#include "core/exit_code.h"
#include "crypto/key_file.h"
#include "support/good.h"

namespace veilgate {
namespace {

using testing_support::good;

struct Outcome {
  int exit_code = -1;
  std::string output;  ///< standard output
};

class AuditCommand : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/vg-audit-XXXXXX";
    state_ = ::mkdtemp(name);
    const auto pem = good(key_.verifying_key().to_pem());
    ASSERT_TRUE(write_file_atomically(state_ + "/lane.pub.pem", as_bytes(pem), 0644));
    AuditLog::Settings settings;
    settings.directory = state_ + "/audit";
    settings.process = "surveillance";
    settings.key = key_;
    auto log = good(AuditLog::open(settings, clock_));
    AuditEntry entry;
    entry.event = AuditEvent::kImageViewed;
    entry.actor = "=cmd|calc";  // what a hostile name would try in a spreadsheet
    entry.unit = "物业, 一处";
    entry.content = "说\"查看\"";
    ASSERT_TRUE(log->append(entry));
    entry.event = AuditEvent::kCameraDenied;
    entry.actor = "surveillance";
    clock_.advance(std::chrono::hours(1));
    ASSERT_TRUE(log->append(entry));
    ASSERT_TRUE(log->checkpoint());
  }
  void TearDown() override { std::filesystem::remove_all(state_); }

  Outcome run(const std::string& arguments) {
    const std::string command =
        "LC_ALL=C '" VEILGATE_BIN_DIR "/veilgate' audit " + arguments + " 2>/dev/null";
    Outcome outcome;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return outcome;
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
      outcome.output.append(buffer, got);
    const int status = ::pclose(pipe);
    if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
    return outcome;
  }
  void damage() {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((state_ + "/audit/surveillance.audit").c_str(), &db), SQLITE_OK);
    ASSERT_EQ(
        sqlite3_exec(db, "UPDATE entry SET content='nothing' WHERE number=2", nullptr, nullptr, nullptr),
        SQLITE_OK);
    sqlite3_close(db);
  }

  FakeClock clock_{UtcTime{Millis{1'790'000'000'000}}};
  SigningKey key_ = SigningKey::from_scalar(Bytes(32, 0x11)).value();
  std::string state_;
};

TEST_F(AuditCommand, VerifiesAWholeLogAndNamesADamagedRecord) {
  const std::string arguments = "verify --json --state " + state_ + " --key " + state_ + "/lane.pub.pem";
  const auto whole = run(arguments);
  EXPECT_EQ(whole.exit_code, kExitOk);
  auto answer = nlohmann::json::parse(whole.output);
  EXPECT_TRUE(answer["ok"]);
  EXPECT_EQ(answer["logs"][0]["signed_up_to"], 3);
  damage();
  const auto damaged = run(arguments);
  EXPECT_EQ(damaged.exit_code, kExitNotGood);
  answer = nlohmann::json::parse(damaged.output);
  EXPECT_FALSE(answer["ok"]);
  ASSERT_EQ(answer["problems"].size(), 1U);
  EXPECT_EQ(answer["problems"][0]["code"], "record_damaged");
  EXPECT_EQ(answer["problems"][0]["line"], 2);
}

TEST_F(AuditCommand, ExportsTheColumnsOfTheUseRecordSafelyForASpreadsheet) {
  const auto csv = run("export --state " + state_);
  EXPECT_EQ(csv.exit_code, kExitOk);
  EXPECT_EQ(csv.output.find("\xEF\xBB\xBF系统编号,名称,人员,单位,开始时间,结束时间,内容"), 0U);
  EXPECT_NE(csv.output.find("1,surveillance/image_viewed,'=cmd|calc,\"物业, 一处\","), std::string::npos)
      << csv.output;
  EXPECT_NE(csv.output.find("\"说\"\"查看\"\"\""), std::string::npos);
}

TEST_F(AuditCommand, ExportsLinesOfJsonWithinATime) {
  const auto lines = run("export --format jsonl --since " + format_utc(clock_.now()) + " --state " + state_);
  EXPECT_EQ(lines.exit_code, kExitOk);
  const auto first = nlohmann::json::parse(lines.output.substr(0, lines.output.find('\n')));
  EXPECT_EQ(first["number"], 2);
  EXPECT_EQ(first["event"], "camera_denied");
}

TEST_F(AuditCommand, SaysWhenThereIsNothingToRead) {
  EXPECT_EQ(run("verify --state " + state_ + "/absent").exit_code, kExitNoInput);
  EXPECT_EQ(run("verify " + state_ + "/absent.audit").exit_code, kExitNoInput);
  EXPECT_EQ(run("export --since yesterday --state " + state_).exit_code, kExitUsage);
  EXPECT_EQ(run("audit").exit_code, kExitUsage);
}

}  // namespace
}  // namespace veilgate
