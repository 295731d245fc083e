#pragma once
// A thin wrapper over SQLite, the only user of sqlite3.h. Databases are opened in WAL mode with
// synchronous=FULL: a committed transaction survives kill -9 and power loss. The schema is a list of
// migrations, counted by user_version.
//
// Index bases are SQLite's: parameters are numbered from 1, columns from 0. A view from column_blob() or
// column_text() is valid until the next step(), reset() or destruction of its statement; bound views need to
// live until then too.
//
// Errors: kExhausted (disk full), kPermission (read-only or not ours), kCorrupt (not a database, or a damaged
// one), kUnavailable (locked beyond the busy timeout, I/O), kInternal (a bug in our SQL). Thread word:
// thread-bound; a Database and its Statements belong to one thread at a time.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace veilgate {

class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, ByteView blob);
  Statement& bind_null(int index);

  /// True: a row is there. False: done. Afterwards reset() before the next use; run() does both for
  /// non-queries.
  Result<bool> step();
  Result<void> run();
  void reset();  ///< also forgets the bound values

  std::int64_t column_int64(int index) const;
  std::string_view column_text(int index) const;
  ByteView column_blob(int index) const;
  bool column_null(int index) const;

 private:
  friend class Database;
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  sqlite3_stmt* handle_ = nullptr;
  int bind_failure_ = 0;  // reported by step(): bind() stays chainable
};

class Database {
 public:
  enum class Integrity { kTrust, kQuickCheck };
  enum class Access { kReadWrite, kReadOnly };  ///< read-only: nothing is created, configured or migrated

  struct Options {
    std::string path;
    /// Statement i brings user_version from i to i + 1. A database from a newer program is refused
    /// (kInvalidInput).
    std::span<const char* const> migrations;
    Millis busy_timeout{5000};
    Integrity integrity = Integrity::kQuickCheck;
    Access access = Access::kReadWrite;
    const char* vfs = nullptr;         ///< tests: a VFS that forgets unsynced writes
    const char* synchronous = "FULL";  ///< tests plant OFF; nothing else changes it
  };

  static Result<Database> open(const Options& options);

  /// As open(); a corrupt file is moved aside to "<path>.corrupt-<utc>" (with its WAL) and a new one begun.
  struct Recovered;
  static Result<Recovered> open_or_replace(const Options& options, UtcTime now);

  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  Result<Statement> prepare(std::string_view sql);
  Result<void> execute(const char* sql);  ///< one or more statements without results
  std::int64_t changes() const;           ///< rows changed by the last statement
  std::int64_t last_insert_rowid() const;
  /// Copies the WAL into the database and truncates it; called when a store is idle or large.
  Result<void> checkpoint();

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  Result<void> configure(const Options& options);
  Result<void> migrate(std::span<const char* const> migrations);
  sqlite3* handle_ = nullptr;
};

struct Database::Recovered {
  Database database;
  std::string moved_aside;  ///< empty: the file was good
};

/// BEGIN IMMEDIATE … COMMIT; rolls back when it dies uncommitted. The database must outlive it.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();  ///< durable when it returns without error

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_ = nullptr;
};

}  // namespace veilgate
