#pragma once
// The tables behind SqliteOutbox and every statement over them; private to this folder. Thread word:
// thread-bound.

#include <array>
#include <span>

#include "outbox/sqlite_outbox.h"
#include "storage/database.h"

namespace veilgate::outbox {

enum class State : std::int64_t { kUnsent = 0, kSent = 1, kQuarantined = 2 };

/// The place of a record in the queue; smaller goes first.
std::int64_t priority_of(const RecordHeader& header);

/// Changes of one transaction, per class, in the order of kAllClasses.
using Tally = std::array<OutboxClassStats, kAllClasses.size()>;

class Tables {
 public:
  static Result<Tables> create(Database database);

  Database database;
  Statement insert, unsent_ids, load, set_state, delete_id, delete_range, resend_range, resend_sent_until,
      release_quarantine;
  Statement newest_sessions, spent_sessions, oldest_of_class, older_unsent, oldest_sent, sent_count,
      sent_before;
  Statement drop_extend, drop_insert, drop_list, drop_freeze, drop_forget, drop_count, count_up, depths,
      counters;
  Statement oldest_unsent, newest_accepted, session_covered;

 private:
  explicit Tables(Database db) : database(std::move(db)) {}
  Result<void> prepare_queue();
  Result<void> prepare_bounds();
};

inline std::int64_t milliseconds(UtcTime time) { return time.time_since_epoch().count(); }

inline std::int64_t& depth(OutboxClassStats& stats, State state) {
  return state == State::kUnsent ? stats.unsent : state == State::kSent ? stats.sent : stats.quarantined;
}

/// Runs a query that gives rows, calling `row` for each; the statement is reset in every case.
template <typename Row>
Result<void> each_row(Statement& query, Row&& row) {
  auto stepped = query.step();
  for (; stepped && *stepped; stepped = query.step()) row(query);
  query.reset();
  if (!stepped) return stepped.error();
  return {};
}

extern const std::span<const char* const> kMigrations;

}  // namespace veilgate::outbox
