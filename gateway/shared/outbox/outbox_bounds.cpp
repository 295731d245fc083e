#include <algorithm>

#include "outbox/outbox_store.h"

namespace veilgate {

using outbox::depth;
using outbox::each_row;
using outbox::milliseconds;
using outbox::State;
using outbox::Tally;

namespace {

constexpr std::int64_t kDropStep = 64;  // rows looked at per step when making room
// Images first, results last; alarms last of all.
constexpr std::array kDropOrder{MessageClass::kImage, MessageClass::kStatus, MessageClass::kFace,
                                MessageClass::kEvent, MessageClass::kAlarm};

template <std::size_t N>
std::array<std::uint8_t, N> array_of(ByteView bytes) {
  std::array<std::uint8_t, N> out{};
  std::copy_n(bytes.begin(), std::min(N, bytes.size()), out.begin());
  return out;
}

}  // namespace

Result<void> SqliteOutbox::Store::make_room(std::int64_t records, std::int64_t bytes, Tally& tally) {
  const auto& bounds = settings_.bounds;
  while (true) {
    const std::int64_t over_count = total_records(tally) + records - bounds.max_count;
    const bool over_bytes = total_bytes(tally) + bytes > bounds.max_bytes;
    if (over_count <= 0 && !over_bytes) return {};
    const std::int64_t wanted = std::clamp<std::int64_t>(over_count, 1, kDropStep);
    VG_TRY(const auto sent, ids_of(tables_.oldest_sent.bind(1, wanted)));
    for (const auto id : sent) VG_CHECK(expire_sent(id, tally));
    if (!sent.empty()) continue;
    const auto reason = over_count > 0 ? DropReason::kCountBound : DropReason::kByteBound;
    VG_TRY(const auto dropped, drop_oldest(wanted, reason, tally));
    if (dropped == 0)
      return Error(ErrorCode::kExhausted, "the outbox is full and holds nothing that may be dropped");
  }
}

Result<std::int64_t> SqliteOutbox::Store::drop_oldest(std::int64_t wanted, DropReason reason, Tally& tally) {
  for (const auto klass : kDropOrder) {
    // Records in flight are passed over: the broker may be acknowledging them at this moment.
    const auto limit = wanted + static_cast<std::int64_t>(handed_out_.size());
    VG_TRY(const auto ids,
           ids_of(tables_.oldest_of_class.bind(1, static_cast<std::int64_t>(klass)).bind(2, limit)));
    std::int64_t dropped = 0;
    for (const auto id : ids) {
      if (dropped == wanted) break;
      VG_TRY(const bool gone, drop(id, reason, tally));
      dropped += gone ? 1 : 0;
    }
    if (dropped > 0) return dropped;
  }
  return std::int64_t{0};
}

Result<bool> SqliteOutbox::Store::drop(OutboxId id, DropReason reason, Tally& tally) {
  if (handed_out_.count(id) > 0) return false;
  VG_TRY(const auto record, load(id));
  if (record)
    VG_CHECK(note_drop(record->envelope, reason));  // an unreadable row has no chain place to announce
  VG_CHECK(each_row(tables_.delete_id.bind(1, id), [&](const Statement& row) {
    auto& change = of(tally, row.column_int64(0));
    if (static_cast<RecordType>(row.column_int64(1)) == RecordType::kData) ++change.dropped;
    change.bytes -= row.column_int64(2);
    --depth(change, static_cast<State>(row.column_int64(3)));
  }));
  return true;
}

Result<void> SqliteOutbox::Store::note_drop(const SealedEnvelope& envelope, DropReason reason) {
  const auto& header = envelope.header();
  const Digest digest = envelope.digest();
  const auto sequence = static_cast<std::int64_t>(header.sequence);
  auto& extend = tables_.drop_extend.bind(1, ByteView(header.session)).bind(2, sequence);
  VG_CHECK(extend.bind(3, ByteView(digest)).bind(4, static_cast<std::int64_t>(reason)).run());
  if (tables_.database.changes() > 0) return {};
  auto& fresh = tables_.drop_insert.bind(1, ByteView(header.session)).bind(2, sequence);
  fresh.bind(3, static_cast<std::int64_t>(header.lane))
      .bind(4, static_cast<std::int64_t>(header.message_class));
  return fresh.bind(5, static_cast<std::int64_t>(reason))
      .bind(6, ByteView(header.previous))
      .bind(7, ByteView(digest))
      .run();
}

Result<void> SqliteOutbox::Store::expire_sent(OutboxId id, Tally& tally) {
  return each_row(tables_.delete_id.bind(1, id), [&](const Statement& row) {
    auto& change = of(tally, row.column_int64(0));
    if (static_cast<RecordType>(row.column_int64(1)) == RecordType::kData) ++change.expired_sent;
    change.bytes -= row.column_int64(2);
    --depth(change, static_cast<State>(row.column_int64(3)));
  });
}

Result<void> SqliteOutbox::Store::forget_spent_sessions(Tally& tally) {
  VG_TRY(const auto ids, ids_of(tables_.spent_sessions));
  for (const auto id : ids) VG_CHECK(expire_sent(id, tally));
  return {};
}

Result<void> SqliteOutbox::Store::enforce_bounds() {
  const auto& bounds = settings_.bounds;
  VG_TRY(auto transaction, Transaction::begin(tables_.database));
  Tally tally{};
  if (clock_.state() != ClockState::kUnsynced) {
    for (const auto klass : kAllClasses) {
      const bool image = klass == MessageClass::kImage;
      const auto limit =
          milliseconds(now() - (image ? std::min(bounds.max_image_age, bounds.max_age) : bounds.max_age));
      VG_TRY(
          const auto ids,
          ids_of(tables_.older_unsent.bind(1, static_cast<std::int64_t>(klass)).bind(2, limit).bind(3, -1)));
      for (const auto id : ids)
        VG_CHECK(drop(id, image ? DropReason::kImageAge : DropReason::kAgeBound, tally));
    }
    VG_TRY(const auto ids,
           ids_of(tables_.sent_before.bind(1, milliseconds(now() - bounds.keep_sent_age)).bind(2, -1)));
    for (const auto id : ids) VG_CHECK(expire_sent(id, tally));
  }
  std::int64_t sent = 0;
  VG_CHECK(each_row(tables_.sent_count, [&sent](const Statement& row) { sent = row.column_int64(0); }));
  if (sent > bounds.keep_sent_count) {
    VG_TRY(const auto ids, ids_of(tables_.oldest_sent.bind(1, sent - bounds.keep_sent_count)));
    for (const auto id : ids) VG_CHECK(expire_sent(id, tally));
  }
  VG_CHECK(forget_spent_sessions(tally));
  return commit(transaction, tally);
}

Result<PendingDrops> SqliteOutbox::Store::pending_drops(std::size_t limit) {
  PendingDrops pending;
  VG_CHECK(each_row(tables_.drop_list.bind(1, static_cast<std::int64_t>(limit)), [&](const Statement& row) {
    DroppedRange dropped;
    dropped.range = {array_of<16>(row.column_blob(1)), static_cast<std::uint64_t>(row.column_int64(2)),
                     static_cast<std::uint64_t>(row.column_int64(3))};
    dropped.lane = static_cast<Lane>(row.column_int64(4));
    dropped.message_class = static_cast<MessageClass>(row.column_int64(5));
    dropped.reason = static_cast<DropReason>(row.column_int64(6));
    dropped.previous_of_first = array_of<32>(row.column_blob(7));
    dropped.digest_of_last = array_of<32>(row.column_blob(8));
    pending.ids.push_back(row.column_int64(0));
    pending.ranges.push_back(dropped);
  }));
  // What is being announced grows no further; later drops begin ranges of their own.
  if (!pending.ids.empty()) VG_CHECK(tables_.drop_freeze.bind(1, pending.ids.back()).run());
  return pending;
}

Result<void> SqliteOutbox::Store::announce_drops(std::span<const std::int64_t> ids,
                                                 std::span<const SealedEnvelope> records) {
  VG_TRY(auto transaction, Transaction::begin(tables_.database));
  Tally tally{};
  for (const auto& record : records) VG_CHECK(insert(record, tally));
  for (const auto id : ids) VG_CHECK(tables_.drop_forget.bind(1, id).run());
  return commit(transaction, tally);
}

}  // namespace veilgate
