#include "storage/database.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/assert.h"

namespace veilgate {
namespace {

ErrorCode code_of(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
      return ErrorCode::kExhausted;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorCode::kPermission;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return ErrorCode::kUnavailable;
    case SQLITE_TOOBIG:
      return ErrorCode::kInvalidInput;
    default:
      return ErrorCode::kInternal;
  }
}

Error failure(sqlite3* handle, int sqlite_code, const std::string& doing) {
  std::string message = doing + ": " + sqlite3_errstr(sqlite_code);
  if (handle) message += std::string(" (") + sqlite3_errmsg(handle) + ")";
  return Error(code_of(sqlite_code), message);
}

bool damaged(const Error& error) { return error.code() == ErrorCode::kCorrupt; }

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), bind_failure_(other.bind_failure_) {}
Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(bind_failure_, other.bind_failure_);
  return *this;
}
Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(int index, std::int64_t value) {
  bind_failure_ |= sqlite3_bind_int64(handle_, index, value);
  return *this;
}
Statement& Statement::bind(int index, std::string_view text) {
  bind_failure_ |= sqlite3_bind_text64(handle_, index, text.data() ? text.data() : "", text.size(),
                                       SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind(int index, ByteView blob) {
  bind_failure_ |= blob.empty()
                       ? sqlite3_bind_zeroblob(handle_, index, 0)
                       : sqlite3_bind_blob64(handle_, index, blob.data(), blob.size(), SQLITE_STATIC);
  return *this;
}
Statement& Statement::bind_null(int index) {
  bind_failure_ |= sqlite3_bind_null(handle_, index);
  return *this;
}

Result<bool> Statement::step() {
  VG_ASSERT(handle_ && bind_failure_ == 0);  // a wrong index or a bind in mid-query is our bug
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failure(sqlite3_db_handle(handle_), code, sqlite3_sql(handle_));
}

Result<void> Statement::run() {
  auto stepped = step();
  reset();
  if (!stepped) return stepped.error();
  return {};
}

void Statement::reset() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

std::int64_t Statement::column_int64(int index) const { return sqlite3_column_int64(handle_, index); }
std::string_view Statement::column_text(int index) const {
  const auto* text = sqlite3_column_text(handle_, index);
  return text ? std::string_view(reinterpret_cast<const char*>(text),
                                 static_cast<std::size_t>(sqlite3_column_bytes(handle_, index)))
              : std::string_view();
}
ByteView Statement::column_blob(int index) const {
  const auto* blob = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, index));
  return blob ? ByteView(blob, static_cast<std::size_t>(sqlite3_column_bytes(handle_, index))) : ByteView();
}
bool Statement::column_null(int index) const { return sqlite3_column_type(handle_, index) == SQLITE_NULL; }

Result<Database> Database::open(const Options& options) {
  sqlite3* handle = nullptr;
  const mode_t before = ::umask(0077);  // what is sealed is still nobody else's to copy
  const int access =
      options.access == Access::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(options.path.c_str(), &handle,
                                   access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, options.vfs);
  Database database(handle);
  Result<void> ready = code == SQLITE_OK ? database.configure(options) : failure(handle, code, "opening");
  ::umask(before);
  if (!ready) return ready.error().with_context(options.path);
  return database;
}

Result<void> Database::configure(const Options& options) {
  sqlite3_busy_timeout(handle_, static_cast<int>(options.busy_timeout.count()));
  const bool read_only = options.access == Access::kReadOnly;
  if (!read_only)
    VG_CHECK(
        execute("PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=67108864; PRAGMA trusted_schema=OFF;"));
  if (!read_only) VG_CHECK(execute(("PRAGMA synchronous=" + std::string(options.synchronous)).c_str()));
  if (options.integrity == Integrity::kQuickCheck) {
    VG_TRY(auto check, prepare("PRAGMA quick_check(1)"));
    VG_TRY(const bool row, check.step());
    if (!row || check.column_text(0) != "ok")
      return Error(ErrorCode::kCorrupt,
                   "integrity check: " + std::string(row ? check.column_text(0) : "no answer"));
  }
  if (read_only) return {};
  return migrate(options.migrations);
}

Result<void> Database::migrate(std::span<const char* const> migrations) {
  VG_TRY(auto transaction, Transaction::begin(*this));
  std::int64_t version = 0;
  {
    VG_TRY(auto query, prepare("PRAGMA user_version"));
    VG_CHECK(query.step());
    version = query.column_int64(0);
  }
  const auto newest = static_cast<std::int64_t>(migrations.size());
  if (version > newest)
    return Error(ErrorCode::kInvalidInput, "schema version " + std::to_string(version) +
                                               " is from a newer program (this one knows " +
                                               std::to_string(newest) + "): install that version again");
  for (; version < newest; ++version) VG_CHECK(execute(migrations[static_cast<std::size_t>(version)]));
  VG_CHECK(execute(("PRAGMA user_version=" + std::to_string(newest)).c_str()));
  return transaction.commit();
}

Result<Database::Recovered> Database::open_or_replace(const Options& options, UtcTime now) {
  auto opened = open(options);
  if (opened) return Recovered{std::move(opened).value(), ""};
  if (!damaged(opened.error())) return opened.error();
  const std::string aside = options.path + ".corrupt-" + std::to_string(now.time_since_epoch().count());
  if (::rename(options.path.c_str(), aside.c_str()) != 0)
    return opened.error().with_context("and it cannot be moved aside");
  // The log belongs to the damaged file: kept beside it for whoever examines it, never replayed into the new
  // one.
  (void)::rename((options.path + "-wal").c_str(), (aside + "-wal").c_str());
  (void)::unlink((options.path + "-shm").c_str());
  VG_TRY(auto fresh, open(options));
  return Recovered{std::move(fresh), aside};
}

Database::Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}
// close_v2 waits for statements that outlive us; members destroyed in any order are fine.
Database::~Database() { sqlite3_close_v2(handle_); }

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return failure(handle_, code, "preparing " + std::string(sql));
  return Statement(statement);
}

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(handle_, code, sql);
  return {};
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }
std::int64_t Database::last_insert_rowid() const { return sqlite3_last_insert_rowid(handle_); }
Result<void> Database::checkpoint() { return execute("PRAGMA wal_checkpoint(TRUNCATE)"); }

Result<Transaction> Transaction::begin(Database& database) {
  VG_CHECK(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}
Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
Transaction::~Transaction() {
  // SQLite may have rolled back by itself (disk full); then this fails, and that is right.
  if (database_) (void)database_->execute("ROLLBACK");
}
Result<void> Transaction::commit() {
  VG_CHECK(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace veilgate
