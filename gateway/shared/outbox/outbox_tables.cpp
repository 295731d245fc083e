#include "outbox/outbox_tables.h"

namespace veilgate::outbox {
namespace {

constexpr const char* kSchema[] = {
    "CREATE TABLE record("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, priority INTEGER NOT NULL,"
    " type INTEGER NOT NULL, class INTEGER NOT NULL, lane INTEGER NOT NULL,"
    " session BLOB NOT NULL, sequence INTEGER NOT NULL, accepted INTEGER NOT NULL, sent INTEGER,"
    " bytes INTEGER NOT NULL, envelope BLOB NOT NULL);"
    "CREATE UNIQUE INDEX record_identity ON record(session, sequence);"
    "CREATE INDEX record_unsent ON record(priority, id) WHERE state=0;"
    "CREATE INDEX record_kept ON record(class, id) WHERE state<>1 AND type IN (2,3);"
    "CREATE INDEX record_age ON record(class, accepted) WHERE state<>1 AND type IN (2,3);"
    "CREATE INDEX record_sent ON record(sent, id, state, type) WHERE state=1 AND type<>1;"
    "CREATE INDEX record_quarantined ON record(id) WHERE state=2;"
    "CREATE INDEX record_session ON record(lane, class, id) WHERE type=1;"
    "CREATE TABLE dropped("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, frozen INTEGER NOT NULL DEFAULT 0, session BLOB NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL, lane INTEGER NOT NULL, class INTEGER NOT NULL,"
    " reason INTEGER NOT NULL, previous BLOB NOT NULL, digest BLOB NOT NULL);"
    "CREATE INDEX dropped_end ON dropped(session, last);"
    "CREATE TABLE counter("
    " class INTEGER PRIMARY KEY, accepted INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0,"
    " dropped INTEGER NOT NULL DEFAULT 0, expired INTEGER NOT NULL DEFAULT 0);"
    "INSERT INTO counter(class) VALUES (1),(2),(3),(4),(5);"};

}  // namespace

const std::span<const char* const> kMigrations = kSchema;

std::int64_t priority_of(const RecordHeader& header) {
  if (header.type == RecordType::kSession) return 0;
  switch (header.message_class) {
    case MessageClass::kAlarm:
      return 1;
    case MessageClass::kStatus:
      return 2;
    case MessageClass::kEvent:
      return 3;
    case MessageClass::kFace:
      return 4;
    case MessageClass::kImage:
      return 5;
  }
  return 5;
}

Result<Tables> Tables::create(Database database) {
  Tables tables(std::move(database));
  VG_CHECK(tables.prepare_queue());
  VG_CHECK(tables.prepare_bounds());
  return tables;
}

Result<void> Tables::prepare_queue() {
  auto& db = database;
  VG_TRY(
      insert,
      db.prepare("INSERT INTO record(state,priority,type,class,lane,session,sequence,accepted,bytes,envelope)"
                 " VALUES(0,?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT DO NOTHING"));
  VG_TRY(unsent_ids, db.prepare("SELECT id FROM record WHERE state=0 ORDER BY priority,id LIMIT ?1"));
  VG_TRY(load, db.prepare("SELECT id,lane,accepted,envelope FROM record WHERE id=?1"));
  VG_TRY(set_state,
         db.prepare("UPDATE record SET state=?2,sent=?3 WHERE id=?1 AND state=0 RETURNING class,type,bytes"));
  VG_TRY(delete_id, db.prepare("DELETE FROM record WHERE id=?1 RETURNING class,type,bytes,state"));
  // Session records stay until nothing of their session is left and a newer session exists (spent_sessions).
  VG_TRY(delete_range,
         db.prepare("DELETE FROM record WHERE session=?1 AND sequence BETWEEN ?2 AND ?3 AND type<>1"
                    " RETURNING class,type,bytes,state"));
  VG_TRY(session_covered,
         db.prepare("UPDATE record SET state=1,sent=?2 WHERE session=?1 AND sequence=0 AND state=?3"
                    " RETURNING class"));
  VG_TRY(resend_range,
         db.prepare("UPDATE record SET state=0,sent=NULL WHERE session=?1 AND sequence BETWEEN ?2 AND ?3"
                    " AND state=1 RETURNING class"));
  VG_TRY(resend_sent_until,
         db.prepare("UPDATE record SET state=0,sent=NULL WHERE state=1 AND type<>1 AND sent<=?1"
                    " RETURNING class"));
  VG_TRY(release_quarantine, db.prepare("UPDATE record SET state=0 WHERE state=2 RETURNING class"));
  VG_TRY(newest_sessions, db.prepare("SELECT MAX(id) FROM record WHERE type=1 GROUP BY lane,class"));
  VG_TRY(spent_sessions,
         db.prepare("SELECT id FROM record AS s WHERE type=1 AND state=1"
                    " AND id NOT IN (SELECT MAX(id) FROM record WHERE type=1 GROUP BY lane,class)"
                    " AND NOT EXISTS (SELECT 1 FROM record WHERE session=s.session AND sequence>0)"));
  return {};
}

Result<void> Tables::prepare_bounds() {
  auto& db = database;
  VG_TRY(oldest_of_class, db.prepare("SELECT id FROM record WHERE class=?1 AND state<>1 AND type IN (2,3)"
                                     " ORDER BY id LIMIT ?2"));
  VG_TRY(older_unsent, db.prepare("SELECT id FROM record INDEXED BY record_age WHERE class=?1 AND state<>1"
                                  " AND type IN (2,3) AND accepted<?2 ORDER BY accepted,id LIMIT ?3"));
  VG_TRY(oldest_sent,
         db.prepare("SELECT id FROM record WHERE state=1 AND type<>1 ORDER BY sent,id LIMIT ?1"));
  VG_TRY(sent_before,
         db.prepare("SELECT id FROM record WHERE state=1 AND type<>1 AND sent<?1 ORDER BY sent,id LIMIT ?2"));
  VG_TRY(sent_count, db.prepare("SELECT COUNT(*) FROM record WHERE state=1 AND type<>1"));
  VG_TRY(drop_extend,
         db.prepare("UPDATE dropped SET last=?2,digest=?3 WHERE session=?1 AND last=?2-1 AND frozen=0"
                    " AND reason=?4"));
  VG_TRY(drop_insert, db.prepare("INSERT INTO dropped(session,first,last,lane,class,reason,previous,digest)"
                                 " VALUES(?1,?2,?2,?3,?4,?5,?6,?7)"));
  VG_TRY(drop_list, db.prepare("SELECT id,session,first,last,lane,class,reason,previous,digest FROM dropped"
                               " ORDER BY id LIMIT ?1"));
  VG_TRY(drop_freeze, db.prepare("UPDATE dropped SET frozen=1 WHERE id<=?1 AND frozen=0"));
  VG_TRY(drop_forget, db.prepare("DELETE FROM dropped WHERE id=?1"));
  VG_TRY(drop_count, db.prepare("SELECT COUNT(*) FROM dropped"));
  VG_TRY(count_up,
         db.prepare("UPDATE counter SET accepted=accepted+?2,delivered=delivered+?3,dropped=dropped+?4,"
                    "expired=expired+?5 WHERE class=?1"));
  VG_TRY(counters, db.prepare("SELECT class,accepted,delivered,dropped,expired FROM counter"));
  VG_TRY(depths, db.prepare("SELECT class,state,COUNT(*),SUM(bytes) FROM record GROUP BY class,state"));
  VG_TRY(newest_accepted, db.prepare("SELECT accepted FROM record ORDER BY id DESC LIMIT 1"));
  VG_TRY(oldest_unsent,
         db.prepare("SELECT accepted FROM record WHERE state=0 AND priority=?1 ORDER BY id LIMIT 1"));
  return {};
}

}  // namespace veilgate::outbox
