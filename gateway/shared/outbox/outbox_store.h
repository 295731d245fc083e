#pragma once
// What SqliteOutbox does, without the lock; private to this folder. Every operation is one transaction; the
// counters in memory follow only after its commit. outbox_queue.cpp has the way of a record,
// outbox_bounds.cpp what happens when room or time runs out. Thread word: thread-bound (SqliteOutbox holds
// the lock).

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "outbox/outbox_tables.h"

namespace veilgate {

class SqliteOutbox::Store {
 public:
  Store(Settings settings, outbox::Tables tables, const Clock& clock, std::string moved_aside)
      : settings_(std::move(settings)),
        tables_(std::move(tables)),
        clock_(clock),
        moved_aside_(std::move(moved_aside)),
        base_utc_(clock.now()),
        base_mono_(clock.monotonic()) {}

  Result<void> recount();
  Result<void> append(std::span<const SealedEnvelope> batch);
  Result<std::vector<OutboxRecord>> next_unsent(std::size_t limit);
  Result<void> mark_sent(std::span<const OutboxId> ids);
  Result<void> quarantine(std::span<const OutboxId> ids);
  Result<std::int64_t> release_quarantine();
  Result<std::int64_t> apply_receipt(std::span<const SequenceRange> covered);
  Result<std::int64_t> resend(std::span<const SequenceRange> missing);
  Result<std::int64_t> resend_unreceipted(Millis sent_for);
  Result<std::vector<OutboxRecord>> latest_sessions();
  Result<void> enforce_bounds();
  Result<PendingDrops> pending_drops(std::size_t limit);
  Result<void> announce_drops(std::span<const std::int64_t> ids, std::span<const SealedEnvelope> records);
  void release(std::span<const OutboxId> ids) {
    for (const auto id : ids) handed_out_.erase(id);
  }
  void release_all() { handed_out_.clear(); }
  OutboxStats stats();
  const std::string& moved_aside() const { return moved_aside_; }

 private:
  /// Wall clock at opening plus the time since: a wall clock that jumps ages nothing.
  UtcTime now() const {
    return base_utc_ + std::chrono::duration_cast<Millis>(clock_.monotonic() - base_mono_);
  }
  OutboxClassStats& of(outbox::Tally& tally, std::int64_t klass) const {
    return tally[static_cast<std::size_t>(klass) - 1];
  }

  Result<void> insert(const SealedEnvelope& envelope, outbox::Tally& tally);
  Result<void> make_room(std::int64_t records, std::int64_t bytes, outbox::Tally& tally);
  Result<std::int64_t> drop_oldest(std::int64_t wanted, DropReason reason, outbox::Tally& tally);
  Result<bool> drop(OutboxId id, DropReason reason, outbox::Tally& tally);
  Result<void> note_drop(const SealedEnvelope& envelope, DropReason reason);
  Result<void> expire_sent(OutboxId id, outbox::Tally& tally);
  Result<void> forget_spent_sessions(outbox::Tally& tally);
  Result<std::vector<OutboxId>> ids_of(Statement& query);
  Result<std::optional<OutboxRecord>> load(OutboxId id);
  Result<void> commit(Transaction& transaction, outbox::Tally& tally);
  std::int64_t total_records(const outbox::Tally& tally) const;
  std::int64_t total_bytes(const outbox::Tally& tally) const;

  Settings settings_;
  outbox::Tables tables_;
  OutboxStats stats_;
  std::set<OutboxId> handed_out_;
  const Clock& clock_;
  std::string moved_aside_;
  UtcTime base_utc_;
  MonoTime base_mono_;
};

}  // namespace veilgate
