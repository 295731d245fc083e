#include <algorithm>

#include "core/log.h"
#include "outbox/outbox_store.h"

namespace veilgate {

using outbox::depth;
using outbox::each_row;
using outbox::milliseconds;
using outbox::State;
using outbox::Tally;

Result<void> SqliteOutbox::Store::recount() {
  stats_ = {};
  VG_CHECK(each_row(tables_.depths, [this](const Statement& row) {
    auto& stats = stats_.classes[static_cast<std::size_t>(row.column_int64(0)) - 1];
    depth(stats, static_cast<State>(row.column_int64(1))) = row.column_int64(2);
    stats.bytes += row.column_int64(3);
  }));
  VG_CHECK(each_row(tables_.counters, [this](const Statement& row) {
    auto& stats = stats_.classes[static_cast<std::size_t>(row.column_int64(0)) - 1];
    stats.accepted = row.column_int64(1);
    stats.delivered = row.column_int64(2);
    stats.dropped = row.column_int64(3);
    stats.expired_sent = row.column_int64(4);
  }));
  // A clock that starts in the past (no RTC) must not make waiting records look young, nor later ones older
  // than them.
  VG_CHECK(each_row(tables_.newest_accepted, [this](const Statement& row) {
    base_utc_ = std::max(base_utc_, UtcTime{Millis{row.column_int64(0)}});
  }));
  return each_row(tables_.drop_count,
                  [this](const Statement& row) { stats_.pending_drops = row.column_int64(0); });
}

Result<void> SqliteOutbox::Store::commit(Transaction& transaction, Tally& tally) {
  for (const auto klass : kAllClasses) {
    const auto& change = tally[static_cast<std::size_t>(klass) - 1];
    if (change.accepted == 0 && change.delivered == 0 && change.dropped == 0 && change.expired_sent == 0)
      continue;
    auto& up = tables_.count_up.bind(1, static_cast<std::int64_t>(klass)).bind(2, change.accepted);
    VG_CHECK(up.bind(3, change.delivered).bind(4, change.dropped).bind(5, change.expired_sent).run());
  }
  VG_CHECK(transaction.commit());
  for (std::size_t i = 0; i < tally.size(); ++i) {
    auto& stats = stats_.classes[i];
    stats.unsent += tally[i].unsent;
    stats.sent += tally[i].sent;
    stats.quarantined += tally[i].quarantined;
    stats.bytes += tally[i].bytes;
    stats.accepted += tally[i].accepted;
    stats.delivered += tally[i].delivered;
    stats.dropped += tally[i].dropped;
    stats.expired_sent += tally[i].expired_sent;
  }
  return each_row(tables_.drop_count,
                  [this](const Statement& row) { stats_.pending_drops = row.column_int64(0); });
}

std::int64_t SqliteOutbox::Store::total_records(const Tally& tally) const {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < tally.size(); ++i)
    for (const auto* stats : {&stats_.classes[i], &tally[i]})
      total += stats->unsent + stats->sent + stats->quarantined;
  return total;
}

std::int64_t SqliteOutbox::Store::total_bytes(const Tally& tally) const {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < tally.size(); ++i) total += stats_.classes[i].bytes + tally[i].bytes;
  return total;
}

Result<void> SqliteOutbox::Store::insert(const SealedEnvelope& envelope, Tally& tally) {
  const auto& header = envelope.header();
  if (header.gateway != settings_.gateway)
    return Error(ErrorCode::kPermission,
                 "an envelope of gateway '" + header.gateway.get() + "' in this outbox");
  const auto klass = static_cast<std::int64_t>(header.message_class);
  const auto size = static_cast<std::int64_t>(envelope.wire().size());
  auto& row =
      tables_.insert.bind(1, outbox::priority_of(header)).bind(2, static_cast<std::int64_t>(header.type));
  row.bind(3, klass).bind(4, static_cast<std::int64_t>(header.lane)).bind(5, ByteView(header.session));
  row.bind(6, static_cast<std::int64_t>(header.sequence)).bind(7, milliseconds(now())).bind(8, size);
  VG_CHECK(row.bind(9, ByteView(envelope.wire())).run());
  if (tables_.database.changes() == 0) return {};  // the speaker asks again after a lost answer
  auto& change = of(tally, klass);
  ++change.unsent;
  change.bytes += size;
  if (header.type == RecordType::kData) ++change.accepted;
  return {};
}

Result<void> SqliteOutbox::Store::append(std::span<const SealedEnvelope> batch) {
  if (batch.size() > kMaxBatch)
    return Error(ErrorCode::kInvalidInput, "a batch holds at most " + std::to_string(kMaxBatch) + " records");
  std::int64_t bytes = 0;
  for (const auto& envelope : batch) bytes += static_cast<std::int64_t>(envelope.wire().size());
  VG_TRY(auto transaction, Transaction::begin(tables_.database));
  Tally tally{};
  VG_CHECK(make_room(static_cast<std::int64_t>(batch.size()), bytes, tally));
  for (const auto& envelope : batch) VG_CHECK(insert(envelope, tally));
  return commit(transaction, tally);
}

Result<std::vector<OutboxId>> SqliteOutbox::Store::ids_of(Statement& query) {
  std::vector<OutboxId> ids;
  VG_CHECK(each_row(query, [&ids](const Statement& row) { ids.push_back(row.column_int64(0)); }));
  return ids;
}

Result<std::optional<OutboxRecord>> SqliteOutbox::Store::load(OutboxId id) {
  std::optional<OutboxRecord> record;
  std::string why;
  VG_CHECK(each_row(tables_.load.bind(1, id), [&](const Statement& row) {
    const auto blob = row.column_blob(3);
    auto envelope = SealedEnvelope::from_wire(Bytes(blob.begin(), blob.end()),
                                              static_cast<Lane>(row.column_int64(1)), settings_.gateway);
    if (!envelope)
      why = envelope.error().message();
    else
      record.emplace(OutboxRecord{id, std::move(envelope).value(), UtcTime{Millis{row.column_int64(2)}}});
  }));
  if (!why.empty()) VG_LOG(kError, "outbox", "record " + std::to_string(id) + " cannot be read back: " + why);
  return record;
}

Result<std::vector<OutboxRecord>> SqliteOutbox::Store::next_unsent(std::size_t limit) {
  const auto wanted = static_cast<std::int64_t>(limit + handed_out_.size());
  VG_TRY(const auto ids, ids_of(tables_.unsent_ids.bind(1, wanted)));
  std::vector<OutboxRecord> records;
  std::vector<OutboxId> unreadable;
  for (const auto id : ids) {
    if (records.size() == limit) break;
    if (handed_out_.count(id) > 0) continue;
    VG_TRY(auto record, load(id));
    if (record)
      records.push_back(std::move(*record));
    else
      unreadable.push_back(id);
  }
  if (!unreadable.empty()) VG_CHECK(quarantine(unreadable));  // out of the way of the rest
  for (const auto& record : records) handed_out_.insert(record.id);
  return records;
}

Result<void> SqliteOutbox::Store::mark_sent(std::span<const OutboxId> ids) {
  VG_TRY(auto transaction, Transaction::begin(tables_.database));
  Tally tally{};
  for (const auto id : ids) {
    bool session = false, found = false;
    VG_CHECK(each_row(tables_.set_state.bind(1, id)
                          .bind(2, static_cast<std::int64_t>(State::kSent))
                          .bind(3, milliseconds(now())),
                      [&](const Statement& row) {
                        auto& change = of(tally, row.column_int64(0));
                        --change.unsent;
                        ++change.sent;
                        found = true;
                        session = static_cast<RecordType>(row.column_int64(1)) == RecordType::kSession;
                      }));
    if (!found || session || settings_.sent_policy == SentPolicy::kKeepUntilReceipt) continue;
    VG_CHECK(each_row(tables_.delete_id.bind(1, id), [&](const Statement& row) {
      auto& change = of(tally, row.column_int64(0));
      if (static_cast<RecordType>(row.column_int64(1)) == RecordType::kData) ++change.delivered;
      change.bytes -= row.column_int64(2);
      --change.sent;
    }));
  }
  if (settings_.sent_policy == SentPolicy::kDeleteWhenSent) VG_CHECK(forget_spent_sessions(tally));
  VG_CHECK(commit(transaction, tally));
  for (const auto id : ids) handed_out_.erase(id);
  return {};
}

Result<void> SqliteOutbox::Store::quarantine(std::span<const OutboxId> ids) {
  VG_TRY(auto transaction, Transaction::begin(tables_.database));
  Tally tally{};
  for (const auto id : ids) {
    auto& update =
        tables_.set_state.bind(1, id).bind(2, static_cast<std::int64_t>(State::kQuarantined)).bind_null(3);
    VG_CHECK(each_row(update, [&](const Statement& row) {
      --of(tally, row.column_int64(0)).unsent;
      ++of(tally, row.column_int64(0)).quarantined;
    }));
  }
  VG_CHECK(commit(transaction, tally));
  for (const auto id : ids) handed_out_.erase(id);
  return {};
}

Result<std::int64_t> SqliteOutbox::Store::release_quarantine() {
  VG_TRY(auto transaction, Transaction::begin(tables_.database));
  Tally tally{};
  std::int64_t released = 0;
  VG_CHECK(each_row(tables_.release_quarantine, [&](const Statement& row) {
    ++of(tally, row.column_int64(0)).unsent;
    --of(tally, row.column_int64(0)).quarantined;
    ++released;
  }));
  VG_CHECK(commit(transaction, tally));
  return released;
}

Result<std::int64_t> SqliteOutbox::Store::apply_receipt(std::span<const SequenceRange> covered) {
  VG_TRY(auto transaction, Transaction::begin(tables_.database));
  Tally tally{};
  std::int64_t deleted = 0;
  for (const auto& range : covered) {
    auto& remove =
        tables_.delete_range.bind(1, ByteView(range.session)).bind(2, static_cast<std::int64_t>(range.first));
    VG_CHECK(each_row(remove.bind(3, static_cast<std::int64_t>(range.last)), [&](const Statement& row) {
      auto& change = of(tally, row.column_int64(0));
      if (static_cast<RecordType>(row.column_int64(1)) == RecordType::kData) ++change.delivered;
      change.bytes -= row.column_int64(2);
      --depth(change, static_cast<State>(row.column_int64(3)));
      ++deleted;
    }));
    if (range.first > 0) continue;
    for (const auto before : {State::kUnsent, State::kQuarantined}) {
      auto& update = tables_.session_covered.bind(1, ByteView(range.session)).bind(2, milliseconds(now()));
      VG_CHECK(each_row(update.bind(3, static_cast<std::int64_t>(before)), [&](const Statement& row) {
        ++of(tally, row.column_int64(0)).sent;
        --depth(of(tally, row.column_int64(0)), before);
      }));
    }
  }
  VG_CHECK(forget_spent_sessions(tally));
  VG_CHECK(commit(transaction, tally));
  return deleted;
}

Result<std::int64_t> SqliteOutbox::Store::resend(std::span<const SequenceRange> missing) {
  VG_TRY(auto transaction, Transaction::begin(tables_.database));
  Tally tally{};
  std::int64_t count = 0;
  for (const auto& range : missing) {
    auto& update =
        tables_.resend_range.bind(1, ByteView(range.session)).bind(2, static_cast<std::int64_t>(range.first));
    VG_CHECK(each_row(update.bind(3, static_cast<std::int64_t>(range.last)), [&](const Statement& row) {
      ++of(tally, row.column_int64(0)).unsent;
      --of(tally, row.column_int64(0)).sent;
      ++count;
    }));
  }
  VG_CHECK(commit(transaction, tally));
  return count;
}

Result<std::int64_t> SqliteOutbox::Store::resend_unreceipted(Millis sent_for) {
  VG_TRY(auto transaction, Transaction::begin(tables_.database));
  Tally tally{};
  std::int64_t count = 0;
  VG_CHECK(
      each_row(tables_.resend_sent_until.bind(1, milliseconds(now() - sent_for)), [&](const Statement& row) {
        ++of(tally, row.column_int64(0)).unsent;
        --of(tally, row.column_int64(0)).sent;
        ++count;
      }));
  VG_CHECK(commit(transaction, tally));
  return count;
}

Result<std::vector<OutboxRecord>> SqliteOutbox::Store::latest_sessions() {
  VG_TRY(const auto ids, ids_of(tables_.newest_sessions));
  std::vector<OutboxRecord> records;
  for (const auto id : ids) {
    VG_TRY(auto record, load(id));
    if (record) records.push_back(std::move(*record));
  }
  return records;
}

// Ages are best effort: a query that fails leaves them empty; the depths are kept in memory.
OutboxStats SqliteOutbox::Store::stats() {
  stats_.total = {};
  for (const auto klass : kAllClasses) {
    auto& stats = stats_.classes[static_cast<std::size_t>(klass) - 1];
    stats.oldest_unsent.reset();
    RecordHeader any;
    any.message_class = klass;
    (void)each_row(tables_.oldest_unsent.bind(1, outbox::priority_of(any)), [&stats](const Statement& row) {
      stats.oldest_unsent = UtcTime{Millis{row.column_int64(0)}};
    });
    auto& total = stats_.total;
    total.unsent += stats.unsent;
    total.sent += stats.sent;
    total.quarantined += stats.quarantined;
    total.bytes += stats.bytes;
    total.accepted += stats.accepted;
    total.delivered += stats.delivered;
    total.dropped += stats.dropped;
    total.expired_sent += stats.expired_sent;
    if (stats.oldest_unsent && (!total.oldest_unsent || *stats.oldest_unsent < *total.oldest_unsent))
      total.oldest_unsent = stats.oldest_unsent;
  }
  return stats_;
}

}  // namespace veilgate
