#include <algorithm>

#include "crypto/hash.h"
#include "envelope/session_store.h"
#include "storage/database.h"

namespace veilgate {
namespace {

constexpr const char* kMigrations[] = {
    "CREATE TABLE session("
    " id BLOB PRIMARY KEY, gateway TEXT NOT NULL, lane INTEGER NOT NULL, class INTEGER NOT NULL,"
    " began INTEGER NOT NULL, chain BLOB NOT NULL, record BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX session_began ON session(began);"};

template <std::size_t N>
std::array<std::uint8_t, N> array_of(ByteView bytes) {
  std::array<std::uint8_t, N> out{};
  std::copy_n(bytes.begin(), std::min(N, bytes.size()), out.begin());
  return out;
}

StoredSession session_from(const Statement& row) {
  StoredSession session;
  session.id = array_of<16>(row.column_blob(0));
  session.gateway = row.column_text(1);
  session.lane = static_cast<Lane>(row.column_int64(2));
  session.message_class = static_cast<MessageClass>(row.column_int64(3));
  session.began = UtcTime{Millis{row.column_int64(4)}};
  return session;
}

}  // namespace

struct SqliteSessionStore::Statements {
  Database database;
  Statement insert, find, chain, update, list, prune;
};

Result<std::unique_ptr<SqliteSessionStore>> SqliteSessionStore::open(const std::string& path) {
  Database::Options options;
  options.path = path;
  options.migrations = kMigrations;
  VG_TRY(auto database, Database::open(options));
  auto all = std::make_unique<Statements>(Statements{std::move(database), {}, {}, {}, {}, {}, {}});
  auto& db = all->database;
  VG_TRY(all->insert, db.prepare("INSERT INTO session VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT DO NOTHING"));
  VG_TRY(all->find, db.prepare("SELECT id,gateway,lane,class,began,record FROM session WHERE id=?1"));
  VG_TRY(all->chain, db.prepare("SELECT chain FROM session WHERE id=?1"));
  VG_TRY(all->update, db.prepare("UPDATE session SET chain=?2 WHERE id=?1"));
  VG_TRY(all->list,
         db.prepare("SELECT id,gateway,lane,class,began FROM session WHERE began>=?1 ORDER BY began"));
  VG_TRY(all->prune, db.prepare("DELETE FROM session WHERE began<?1"));
  return std::unique_ptr<SqliteSessionStore>(new SqliteSessionStore(std::move(all)));
}

SqliteSessionStore::SqliteSessionStore(std::unique_ptr<Statements> statements)
    : statements_(std::move(statements)) {}
SqliteSessionStore::~SqliteSessionStore() = default;

Result<PutSession> SqliteSessionStore::put_session(const StoredSession& session) {
  auto& s = *statements_;
  const Bytes chain = SessionChain(session.id, sm3(session.record)).serialise();
  s.insert.bind(1, ByteView(session.id))
      .bind(2, session.gateway)
      .bind(3, static_cast<std::int64_t>(session.lane));
  s.insert.bind(4, static_cast<std::int64_t>(session.message_class));
  s.insert.bind(5, session.began.time_since_epoch().count())
      .bind(6, ByteView(chain))
      .bind(7, ByteView(session.record));
  VG_CHECK(s.insert.run());
  if (s.database.changes() == 1) return PutSession::kNew;
  VG_TRY(const auto known, find_session(session.id));
  return known && known->record == session.record ? PutSession::kKnown : PutSession::kConflict;
}

Result<std::optional<StoredSession>> SqliteSessionStore::find_session(const SessionId& id) {
  auto& find = statements_->find;
  find.bind(1, ByteView(id));
  auto row = find.step();
  std::optional<StoredSession> session;
  if (row && *row) {
    session = session_from(find);
    const auto record = find.column_blob(5);
    session->record.assign(record.begin(), record.end());
  }
  find.reset();
  if (!row) return row.error();
  return session;
}

Result<std::optional<SessionChain>> SqliteSessionStore::chain(const SessionId& id) {
  auto& query = statements_->chain;
  query.bind(1, ByteView(id));
  auto row = query.step();
  Bytes bytes;
  if (row && *row) bytes.assign(query.column_blob(0).begin(), query.column_blob(0).end());
  query.reset();
  if (!row) return row.error();
  if (!*row) return std::optional<SessionChain>();
  VG_TRY(auto chain, SessionChain::parse(bytes));
  return std::optional<SessionChain>(std::move(chain));
}

Result<void> SqliteSessionStore::edit_chains(std::span<const SessionId> ids, const EditChains& edit) {
  VG_TRY(auto transaction, Transaction::begin(statements_->database));
  std::vector<SessionChain> chains;
  for (const auto& id : ids) {
    VG_TRY(auto found, chain(id));
    if (!found) return Error(ErrorCode::kNotFound, "no session " + to_hex(id));
    chains.push_back(std::move(*found));
  }
  edit(chains);
  for (const auto& edited : chains) {
    const Bytes bytes = edited.serialise();
    const SessionId id = edited.session();
    VG_CHECK(statements_->update.bind(1, ByteView(id)).bind(2, ByteView(bytes)).run());
  }
  return transaction.commit();
}

Result<std::vector<StoredSession>> SqliteSessionStore::sessions(UtcTime since) {
  auto& list = statements_->list;
  list.bind(1, since.time_since_epoch().count());
  std::vector<StoredSession> found;
  auto row = list.step();
  for (; row && *row; row = list.step()) found.push_back(session_from(list));
  list.reset();
  if (!row) return row.error();
  return found;
}

Result<std::uint64_t> SqliteSessionStore::prune(UtcTime before) {
  VG_CHECK(statements_->prune.bind(1, before.time_since_epoch().count()).run());
  return static_cast<std::uint64_t>(statements_->database.changes());
}

}  // namespace veilgate
