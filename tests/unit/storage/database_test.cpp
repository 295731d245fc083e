#include "storage/database.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace veilgate {
namespace {

constexpr const char* kOne[] = {"CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, blob BLOB);"};
constexpr const char* kTwo[] = {"CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, blob BLOB);",
                                "ALTER TABLE t ADD COLUMN extra INTEGER;"};

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/vg-db-XXXXXX";
    folder_ = ::mkdtemp(name);
    options_.path = folder_ + "/x.db";
    options_.migrations = kOne;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void overwrite(std::uintmax_t offset, const std::string& with) {
    std::fstream file(options_.path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file << with;
  }

  std::string folder_;
  Database::Options options_;
};

TEST_F(DatabaseTest, StoresAndReadsEachKindOfValue) {
  auto db = std::move(Database::open(options_)).value();
  auto insert = db.prepare("INSERT INTO t(name,blob) VALUES(?1,?2)").value();
  const Bytes blob{1, 0, 2};
  ASSERT_TRUE(insert.bind(1, "东门").bind(2, ByteView(blob)).run());
  ASSERT_TRUE(insert.bind(1, "").bind(2, ByteView()).run());
  ASSERT_TRUE(insert.bind_null(1).bind_null(2).run());
  auto query = db.prepare("SELECT name,blob,id FROM t ORDER BY id").value();
  ASSERT_TRUE(*query.step());
  EXPECT_EQ(query.column_text(0), "东门");
  EXPECT_EQ(Bytes(query.column_blob(1).begin(), query.column_blob(1).end()), blob);
  EXPECT_EQ(query.column_int64(2), 1);
  ASSERT_TRUE(*query.step());
  EXPECT_FALSE(query.column_null(0));
  EXPECT_FALSE(query.column_null(1));
  ASSERT_TRUE(*query.step());
  EXPECT_TRUE(query.column_null(0));
  EXPECT_FALSE(*query.step());
}

TEST_F(DatabaseTest, RunsInWalWithFullSynchronisationAndClosedToOthers) {
  auto db = std::move(Database::open(options_)).value();
  auto mode = db.prepare("PRAGMA journal_mode").value();
  ASSERT_TRUE(*mode.step());
  EXPECT_EQ(mode.column_text(0), "wal");
  auto synchronous = db.prepare("PRAGMA synchronous").value();
  ASSERT_TRUE(*synchronous.step());
  EXPECT_EQ(synchronous.column_int64(0), 2);
  const auto mode_bits = std::filesystem::status(options_.path).permissions();
  EXPECT_EQ(mode_bits & std::filesystem::perms(077), std::filesystem::perms::none);
}

TEST_F(DatabaseTest, AnUncommittedTransactionLeavesNothing) {
  auto db = std::move(Database::open(options_)).value();
  {
    auto transaction = std::move(Transaction::begin(db)).value();
    ASSERT_TRUE(db.execute("INSERT INTO t(name) VALUES('x')"));
  }
  {
    auto transaction = std::move(Transaction::begin(db)).value();
    ASSERT_TRUE(db.execute("INSERT INTO t(name) VALUES('y')"));
    ASSERT_TRUE(transaction.commit());
  }
  auto query = db.prepare("SELECT name FROM t").value();
  ASSERT_TRUE(*query.step());
  EXPECT_EQ(query.column_text(0), "y");
  EXPECT_FALSE(*query.step());
}

TEST_F(DatabaseTest, MigratesForwardAndRefusesANewerSchema) {
  ASSERT_TRUE(Database::open(options_));
  options_.migrations = kTwo;
  {
    auto db = std::move(Database::open(options_)).value();
    EXPECT_TRUE(db.execute("INSERT INTO t(extra) VALUES(1)"));
  }
  options_.migrations = kOne;
  const auto older = Database::open(options_);
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code(), ErrorCode::kInvalidInput);
}

TEST_F(DatabaseTest, ADamagedFileIsMovedAsideAndANewOneBegun) {
  {
    auto db = std::move(Database::open(options_)).value();
    for (int i = 0; i < 200; ++i)
      ASSERT_TRUE(db.execute("INSERT INTO t(name,blob) VALUES('x',randomblob(500))"));
    ASSERT_TRUE(db.checkpoint());
  }
  overwrite(4096 * 3, std::string(4096 * 4, '\x5a'));
  EXPECT_EQ(Database::open(options_).error().code(), ErrorCode::kCorrupt);
  const auto now = UtcTime{Millis{42}};
  auto recovered = Database::open_or_replace(options_, now);
  ASSERT_TRUE(recovered) << recovered.error().message();
  EXPECT_EQ(recovered->moved_aside, options_.path + ".corrupt-42");
  EXPECT_TRUE(std::filesystem::exists(recovered->moved_aside));
  EXPECT_TRUE(recovered->database.execute("INSERT INTO t(name) VALUES('new')"));
}

TEST_F(DatabaseTest, AFileThatIsNoDatabaseIsMovedAsideToo) {
  std::ofstream(options_.path) << std::string(5000, 'x');
  const auto recovered = Database::open_or_replace(options_, UtcTime{});
  ASSERT_TRUE(recovered) << recovered.error().message();
  EXPECT_FALSE(recovered->moved_aside.empty());
}

TEST_F(DatabaseTest, AGoodFileStaysWhereItIs) {
  ASSERT_TRUE(Database::open(options_));
  const auto opened = Database::open_or_replace(options_, UtcTime{});
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->moved_aside.empty());
}

TEST_F(DatabaseTest, AFolderThatIsNotThereIsUnavailable) {
  options_.path = folder_ + "/absent/x.db";
  EXPECT_EQ(Database::open(options_).error().code(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace veilgate
