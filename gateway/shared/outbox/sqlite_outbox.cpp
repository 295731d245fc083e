#include "outbox/sqlite_outbox.h"

#include "core/log.h"
#include "outbox/outbox_store.h"

namespace veilgate {

using outbox::Tables;

SqliteOutbox::SqliteOutbox(std::unique_ptr<Store> store) : store_(std::move(store)) {}
SqliteOutbox::~SqliteOutbox() = default;

Result<std::unique_ptr<SqliteOutbox>> SqliteOutbox::open(Settings settings, const Clock& clock) {
  Database::Options options;
  options.path = settings.path;
  options.migrations = outbox::kMigrations;
  options.vfs = settings.vfs;
  options.synchronous = settings.synchronous;
  VG_TRY(auto opened, Database::open_or_replace(options, clock.now()));
  if (!opened.moved_aside.empty())
    VG_LOG(kError, "outbox",
           "the database was damaged and is now " + opened.moved_aside + "; a new one was begun");
  VG_TRY(auto tables, Tables::create(std::move(opened.database)));
  auto store = std::make_unique<Store>(std::move(settings), std::move(tables), clock, opened.moved_aside);
  VG_CHECK(store->recount());
  return std::unique_ptr<SqliteOutbox>(new SqliteOutbox(std::move(store)));
}

const std::string& SqliteOutbox::moved_aside() const { return store_->moved_aside(); }

Result<void> SqliteOutbox::append(std::span<const SealedEnvelope> batch) {
  const std::lock_guard lock(mutex_);
  return store_->append(batch);
}
Result<std::vector<OutboxRecord>> SqliteOutbox::next_unsent(std::size_t limit) {
  const std::lock_guard lock(mutex_);
  return store_->next_unsent(limit);
}
Result<void> SqliteOutbox::mark_sent(std::span<const OutboxId> ids) {
  const std::lock_guard lock(mutex_);
  return store_->mark_sent(ids);
}
Result<void> SqliteOutbox::quarantine(std::span<const OutboxId> ids) {
  const std::lock_guard lock(mutex_);
  return store_->quarantine(ids);
}
Result<std::int64_t> SqliteOutbox::release_quarantine() {
  const std::lock_guard lock(mutex_);
  return store_->release_quarantine();
}
void SqliteOutbox::release(std::span<const OutboxId> ids) {
  const std::lock_guard lock(mutex_);
  store_->release(ids);
}
void SqliteOutbox::release_all() {
  const std::lock_guard lock(mutex_);
  store_->release_all();
}
Result<std::int64_t> SqliteOutbox::apply_receipt(std::span<const SequenceRange> covered) {
  const std::lock_guard lock(mutex_);
  return store_->apply_receipt(covered);
}
Result<std::int64_t> SqliteOutbox::resend(std::span<const SequenceRange> missing) {
  const std::lock_guard lock(mutex_);
  return store_->resend(missing);
}
Result<std::int64_t> SqliteOutbox::resend_unreceipted(Millis sent_for) {
  const std::lock_guard lock(mutex_);
  return store_->resend_unreceipted(sent_for);
}
Result<std::vector<OutboxRecord>> SqliteOutbox::latest_sessions() {
  const std::lock_guard lock(mutex_);
  return store_->latest_sessions();
}
Result<void> SqliteOutbox::enforce_bounds() {
  const std::lock_guard lock(mutex_);
  return store_->enforce_bounds();
}
Result<PendingDrops> SqliteOutbox::pending_drops(std::size_t limit) {
  const std::lock_guard lock(mutex_);
  return store_->pending_drops(limit);
}
Result<void> SqliteOutbox::announce_drops(std::span<const std::int64_t> ids,
                                          std::span<const SealedEnvelope> records) {
  const std::lock_guard lock(mutex_);
  return store_->announce_drops(ids, records);
}
OutboxStats SqliteOutbox::stats() const {
  const std::lock_guard lock(mutex_);
  return store_->stats();
}

}  // namespace veilgate
