#pragma once
// The store-and-forward queue between the lanes and the broker. It holds sealed envelopes and nothing else. A
// record is
//   accepted    when append() has returned: committed, it survives kill -9 and power loss
//   sent        after mark_sent(): the broker acknowledged it successfully
//   gone        after apply_receipt(): the platform's signed receipt covers it; or at a declared bound
// Nothing leaves in any other way. Records dropped at a bound are remembered, durably, as DroppedRanges until
// a signed gap record about them is appended (announce_drops), so every chain can be followed.
//
// Order: session records (nothing opens without them), then alarm, status, event, face, image; inside a class
// the order of append, so order per camera and class holds; classes overtake one another, never themselves.
// Dropping at a bound: sent records first (the broker has them), then unsent images, status, faces, events,
// alarms, the oldest of a class first. Session and gap records are never dropped. Ages do not run while the
// clock is unsynchronised, and a wall clock that jumps does not age anything. Thread word: thread-safe.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "envelope/message.h"
#include "envelope/sealed_envelope.h"

namespace veilgate {

using OutboxId = std::int64_t;

struct OutboxRecord {
  OutboxId id = 0;
  SealedEnvelope envelope;
  UtcTime accepted{};
};

struct OutboxBounds {
  std::int64_t max_count = 200000;     ///< all records in the store
  std::int64_t max_bytes = 2LL << 30;  ///< their wire bytes
  Millis max_age{std::chrono::hours(24 * 30)};
  Millis max_image_age{std::chrono::hours(24)};  ///< class image (R-069, our figure)
  std::int64_t keep_sent_count = 50000;          ///< sent and waiting for a receipt
  Millis keep_sent_age{std::chrono::hours(24 * 7)};
};

/// What the store does after the broker's acknowledgement.
enum class SentPolicy {
  kKeepUntilReceipt,  ///< the platform's signed receipt deletes
  kDeleteWhenSent,    ///< `delivery: broker`: the platform gives no receipts
};

/// Depths count records of every type; the counters below count messages (data records).
struct OutboxClassStats {
  std::int64_t unsent = 0;
  std::int64_t sent = 0;  ///< waiting for a receipt
  std::int64_t quarantined = 0;
  std::int64_t bytes = 0;
  std::optional<UtcTime> oldest_unsent;
  std::int64_t accepted = 0;      ///< since the database was created
  std::int64_t delivered = 0;     ///< covered by a receipt, or (delivery: broker) acknowledged
  std::int64_t dropped = 0;       ///< by policy, never delivered
  std::int64_t expired_sent = 0;  ///< acknowledged by the broker, bound of the sent store reached, no receipt
};

struct OutboxStats {
  std::array<OutboxClassStats, kAllClasses.size()> classes;  ///< in the order of kAllClasses
  OutboxClassStats total;
  std::int64_t pending_drops = 0;  ///< dropped ranges not yet announced
  const OutboxClassStats& of(MessageClass klass) const {
    return classes[static_cast<std::size_t>(klass) - 1];
  }
};

/// Ranges waiting for their gap record; `ids` is what announce_drops() takes.
struct PendingDrops {
  std::vector<std::int64_t> ids;
  std::vector<DroppedRange> ranges;
};

class Outbox {
 public:
  static constexpr std::size_t kMaxBatch = 50;

  virtual ~Outbox() = default;

  /// All or none, at most kMaxBatch, one transaction. A record that is already there (same session and
  /// sequence) is accepted again without a second copy. Makes room by policy; kExhausted when it cannot (disk
  /// full): nothing stored.
  virtual Result<void> append(std::span<const SealedEnvelope> batch) = 0;

  /// The next records to publish, in order, without those handed out and neither marked nor released since.
  virtual Result<std::vector<OutboxRecord>> next_unsent(std::size_t limit) = 0;
  virtual Result<void> mark_sent(std::span<const OutboxId> ids) = 0;
  /// The broker refuses this record (0x87, 0x97, 0x99): out of the way, kept, counted; release_quarantine()
  /// tries again.
  virtual Result<void> quarantine(std::span<const OutboxId> ids) = 0;
  virtual Result<std::int64_t> release_quarantine() = 0;
  /// Handed out but not acknowledged (publish failed, connection lost): next_unsent() gives them again.
  virtual void release(std::span<const OutboxId> ids) = 0;
  virtual void release_all() = 0;

  /// The platform holds these: delete them. Returns how many were.
  virtual Result<std::int64_t> apply_receipt(std::span<const SequenceRange> covered) = 0;
  /// The platform misses these: sent ones become unsent again. Returns how many; fewer than asked means gone
  /// or unknown.
  virtual Result<std::int64_t> resend(std::span<const SequenceRange> missing) = 0;
  /// Records acknowledged at least `sent_for` ago and still without a receipt become unsent again: a broker
  /// may lose what it acknowledged. Session records aside. Returns how many.
  virtual Result<std::int64_t> resend_unreceipted(Millis sent_for) = 0;
  /// The newest session record of each lane and class: published again after a reconnection (retained state
  /// is the broker's to lose).
  virtual Result<std::vector<OutboxRecord>> latest_sessions() = 0;

  /// Applies age and keep_sent bounds; call it now and then. append() applies count and bytes by itself.
  virtual Result<void> enforce_bounds() = 0;
  virtual Result<PendingDrops> pending_drops(std::size_t limit) = 0;
  /// Appends the gap record(s) and forgets the ranges they announce, in one transaction.
  virtual Result<void> announce_drops(std::span<const std::int64_t> ids,
                                      std::span<const SealedEnvelope> records) = 0;

  virtual OutboxStats stats() const = 0;
};

}  // namespace veilgate
