#pragma once
// Outbox on SQLite (WAL, synchronous=FULL). A damaged database is moved aside and a new one begun; what was
// lost is the platform's to see (gaps without announcement) and the caller's to audit. Thread word:
// thread-safe (one mutex).

#include <memory>
#include <mutex>
#include <string>

#include "outbox/outbox.h"

namespace veilgate {

class SqliteOutbox final : public Outbox {
 public:
  struct Settings {
    std::string path;   ///< "<state>/outbox.db"
    GatewayId gateway;  ///< records of another gateway in the store are refused
    OutboxBounds bounds;
    SentPolicy sent_policy = SentPolicy::kKeepUntilReceipt;
    const char* vfs = nullptr;         ///< tests only
    const char* synchronous = "FULL";  ///< tests only
  };

  /// `clock` must outlive the outbox.
  static Result<std::unique_ptr<SqliteOutbox>> open(Settings settings, const Clock& clock);
  ~SqliteOutbox() override;

  /// Where a damaged database was moved to by open(); empty when it was good.
  const std::string& moved_aside() const;

  Result<void> append(std::span<const SealedEnvelope> batch) override;
  Result<std::vector<OutboxRecord>> next_unsent(std::size_t limit) override;
  Result<void> mark_sent(std::span<const OutboxId> ids) override;
  Result<void> quarantine(std::span<const OutboxId> ids) override;
  Result<std::int64_t> release_quarantine() override;
  void release(std::span<const OutboxId> ids) override;
  void release_all() override;
  Result<std::int64_t> apply_receipt(std::span<const SequenceRange> covered) override;
  Result<std::int64_t> resend(std::span<const SequenceRange> missing) override;
  Result<std::int64_t> resend_unreceipted(Millis sent_for) override;
  Result<std::vector<OutboxRecord>> latest_sessions() override;
  Result<void> enforce_bounds() override;
  Result<PendingDrops> pending_drops(std::size_t limit) override;
  Result<void> announce_drops(std::span<const std::int64_t> ids,
                              std::span<const SealedEnvelope> records) override;
  OutboxStats stats() const override;

 private:
  class Store;  // outbox/outbox_store.h
  explicit SqliteOutbox(std::unique_ptr<Store> store);
  mutable std::mutex mutex_;
  std::unique_ptr<Store> store_;
};

}  // namespace veilgate
