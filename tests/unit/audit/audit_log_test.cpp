#include "audit/audit_log.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "audit/audit_table.h"
#include "support/good.h"

namespace veilgate {
namespace {

using testing_support::good;
using Kind = AuditFinding::Kind;

class Audit : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/vg-audit-XXXXXX";
    folder_ = ::mkdtemp(name);
    file_ = folder_ + "/audit/surveillance.audit";
    open();
  }
  void TearDown() override {
    log_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    log_.reset();
    AuditLog::Settings settings;
    settings.directory = folder_ + "/audit";
    settings.process = "surveillance";
    settings.key = key_;
    settings.records_per_checkpoint = 8;
    log_ = good(AuditLog::open(settings, clock_));
  }
  void write(int count) {
    for (int i = 0; i < count; ++i) {
      AuditEntry entry;
      entry.event = AuditEvent::kCameraDenied;
      entry.outcome = AuditOutcome::kRefused;
      entry.actor = "surveillance";
      entry.object = "gate-" + std::to_string(i);
      entry.content = "certificate differs";
      clock_.advance(std::chrono::seconds(1));
      ASSERT_TRUE(log_->append(entry));
    }
  }
  /// Changes the file behind the log's back.
  void tamper(const std::string& sql) {
    log_.reset();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &db), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << (error ? error : "");
    EXPECT_GT(sqlite3_total_changes(db), 0) << "the tampering changed nothing";
    sqlite3_close(db);
  }
  AuditReport verify(const std::optional<AuditHead>& expected = std::nullopt) {
    return good(verify_audit(file_, {key_.verifying_key()}, expected));
  }
  static std::set<std::pair<Kind, std::uint64_t>> found(const AuditReport& report) {
    std::set<std::pair<Kind, std::uint64_t>> all;
    for (const auto& finding : report.findings) all.insert({finding.kind, finding.number});
    return all;
  }
  using Found = std::set<std::pair<Kind, std::uint64_t>>;

  FakeClock clock_{UtcTime{std::chrono::hours(24 * 365 * 56)}};
  SigningKey key_ = SigningKey::from_scalar(Bytes(32, 0x11)).value();
  std::string folder_;
  std::string file_;
  std::unique_ptr<AuditLog> log_;
};

TEST_F(Audit, AnUntouchedLogIsWholeAcrossRestarts) {
  write(10);
  open();
  write(10);
  const auto report = verify();
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().message;
  EXPECT_EQ(report.records, 22U) << "twenty entries, two checkpoints";
  EXPECT_EQ(report.process, "surveillance");
  EXPECT_EQ(report.head.digest, log_->head().digest);
  EXPECT_EQ(report.signed_up_to, 18U);
}

TEST_F(Audit, DamageToOneRecordIsLocated) {
  write(20);
  for (const char* change : {"content='x'", "actor='x'", "object='gate-9'", "time=time+1", "outcome='done'",
                             "event='camera_admitted'", "unit='x'", "begin=1"}) {
    tamper(std::string("UPDATE entry SET ") + change + " WHERE number=5");
    EXPECT_EQ(found(verify()), (Found{{Kind::kRecordDamaged, 5}})) << change;
    TearDown();
    SetUp();
    write(20);
  }
}

TEST_F(Audit, AnEventOutsideTheListIsDamage) {
  write(3);
  tamper("UPDATE entry SET event='nonsense' WHERE number=2");
  EXPECT_TRUE(found(verify()).count({Kind::kRecordDamaged, 2}));
}

TEST_F(Audit, ADamagedDigestOrLinkIsLocated) {
  write(20);
  tamper("UPDATE entry SET digest=zeroblob(32) WHERE number=5");
  EXPECT_EQ(found(verify()), (Found{{Kind::kRecordDamaged, 5}}));
  tamper("UPDATE entry SET previous=zeroblob(32) WHERE number=7");
  EXPECT_EQ(found(verify()), (Found{{Kind::kRecordDamaged, 5}, {Kind::kRecordDamaged, 7}}));
}

TEST_F(Audit, ARecordRewrittenWithItsDigestBreaksTheChainBehindIt) {
  write(5);
  auto record = good(read_audit(file_)).at(2);
  record.entry.content = "certificate as expected";
  tamper("UPDATE entry SET content='" + record.entry.content + "', digest=x'" +
         to_hex(audit::digest_of(record)) + "' WHERE number=3");
  EXPECT_EQ(found(verify()), (Found{{Kind::kChainBroken, 4}}));
}

TEST_F(Audit, AMissingRecordIsNamed) {
  write(20);
  tamper("DELETE FROM entry WHERE number=6");
  EXPECT_EQ(found(verify()), (Found{{Kind::kRecordMissing, 6}}));
}

TEST_F(Audit, AMissingBeginningIsNamedUnlessRetentionDidIt) {
  write(20);
  tamper("DELETE FROM entry WHERE number<6");
  EXPECT_EQ(found(verify()), (Found{{Kind::kRecordMissing, 1}}));
}

TEST_F(Audit, TruncationIsFoundByTheStoresOwnNumbering) {
  write(20);
  tamper("DELETE FROM entry WHERE number>20");
  EXPECT_EQ(found(verify()), (Found{{Kind::kTruncated, 21}}));
}

TEST_F(Audit, TruncationWithTheNumberingRewrittenIsFoundByTheSignedHead) {
  write(20);
  tamper("DELETE FROM entry WHERE number>10; UPDATE sqlite_sequence SET seq=10");
  EXPECT_EQ(found(verify()), (Found{{Kind::kTruncated, 11}}));
}

TEST_F(Audit, TruncationWithoutHeadIsFoundByWhatThePlatformKnows) {
  write(20);
  const auto platform = log_->head();
  tamper("DELETE FROM entry WHERE number>10; UPDATE sqlite_sequence SET seq=10");
  std::filesystem::remove(file_ + ".head");
  EXPECT_TRUE(verify().findings.empty()) << "nothing on the box can tell";
  EXPECT_EQ(found(verify(platform)), (Found{{Kind::kTruncated, 11}}));
}

TEST_F(Audit, ALogRebuiltWithoutTheKeyIsFoundBySignature) {
  write(20);
  key_ = SigningKey::from_scalar(Bytes(32, 0x12)).value();
  const auto report = good(verify_audit(file_, {key_.verifying_key()}));
  EXPECT_TRUE(found(report).count({Kind::kSignerUnknown, 9}));
  tamper("UPDATE entry SET signature=zeroblob(64), signer=x'" + to_hex(key_.id()) + "' WHERE number=9");
  EXPECT_TRUE(found(verify()).count({Kind::kSignatureBad, 9}));
  tamper("UPDATE entry SET signature=NULL WHERE number=9");
  EXPECT_TRUE(found(verify()).count({Kind::kUnsigned, 9}));
}

TEST_F(Audit, RetentionKeepsSixMonthsAndTheRestStaysVerifiable) {
  write(20);
  clock_.advance(std::chrono::hours(24 * 170));
  EXPECT_EQ(good(log_->prune(clock_.now())), 0U) << "younger than six calendar months, whatever is asked";
  clock_.advance(std::chrono::hours(24 * 20));
  write(2);
  EXPECT_EQ(good(log_->prune(clock_.now())), 17U) << "up to the last checkpoint of that time";
  const auto report = verify();
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().message;
  EXPECT_EQ(report.first, 18U);
}

TEST_F(Audit, ReadsBackEveryFieldInOrderAndByTime) {
  AuditEntry entry;
  entry.event = AuditEvent::kImageViewed;
  entry.actor = "auditor";
  entry.unit = "物业";
  entry.object = "result 01J0";
  entry.content = "查看";
  entry.begin = clock_.now();
  entry.end = clock_.now() + std::chrono::minutes(3);
  ASSERT_TRUE(log_->append(entry));
  const auto middle = clock_.now() + Millis(500);
  write(2);
  const auto records = good(read_audit(file_));
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].number, 1U);
  EXPECT_EQ(records[0].entry.unit, "物业");
  EXPECT_EQ(records[0].entry.end, entry.end);
  EXPECT_EQ(good(read_audit(file_, middle)).size(), 2U);
  EXPECT_EQ(good(read_audit(file_, std::nullopt, middle)).size(), 1U);
}

TEST_F(Audit, ADamagedFileIsMovedAsideAndTheNewOneSaysSo) {
  write(200);
  log_.reset();
  {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 3);
    file << std::string(4096 * 8, '\x33');
  }
  const auto report = good(verify_audit(file_, {}));
  EXPECT_FALSE(report.findings.empty());
  open();
  EXPECT_FALSE(log_->moved_aside().empty());
  EXPECT_EQ(good(read_audit(file_)).front().entry.event, AuditEvent::kStoreReplaced);
  EXPECT_TRUE(verify().findings.empty());
}

TEST_F(Audit, RefusesWhatDoesNotBelong) {
  AuditEntry entry;
  entry.event = AuditEvent::kAuditCheckpoint;
  EXPECT_FALSE(log_->append(entry));
  entry.event = AuditEvent::kLogin;
  entry.content.assign(5000, 'x');
  EXPECT_EQ(log_->append(entry).error().code(), ErrorCode::kInvalidInput);
  EXPECT_EQ(verify_audit(folder_ + "/absent", {}).error().code(), ErrorCode::kUnavailable);
}

TEST(AuditEvents, NamesAreUniqueAndReadBack) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(AuditEvent::kAuditPruned); ++i) {
    const auto event = static_cast<AuditEvent>(i);
    EXPECT_TRUE(names.insert(to_string(event)).second);
    EXPECT_EQ(audit_event_from(to_string(event)), event);
  }
  EXPECT_FALSE(audit_event_from("face_recognised"));
}

}  // namespace
}  // namespace veilgate
