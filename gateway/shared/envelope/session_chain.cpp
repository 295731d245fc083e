#include "envelope/session_chain.h"

#include <algorithm>

#include "envelope/wire.h"

namespace veilgate {

const char* to_string(ChainState state) {
  switch (state) {
    case ChainState::kPending:
      return "pending";
    case ChainState::kConfirmed:
      return "confirmed";
    case ChainState::kBroken:
      return "broken";
  }
  return "unknown";
}

SessionChain::SessionChain(const SessionId& session, const Digest& session_record) : session_(session) {
  segments_.push_back({0, 0, 1, Digest{}, session_record});
}

const SessionChain::Segment* SessionChain::holding(std::uint64_t sequence) const {
  auto after = std::upper_bound(segments_.begin(), segments_.end(), sequence,
                                [](std::uint64_t s, const Segment& segment) { return s < segment.first; });
  if (after == segments_.begin()) return nullptr;
  --after;
  return sequence <= after->last ? &*after : nullptr;
}

SessionChain::Neighbours SessionChain::neighbours_of(std::uint64_t sequence) {
  Neighbours neighbours;
  for (auto& segment : segments_) {
    if (segment.last + 1 == sequence) neighbours.left = &segment;
    if (segment.first == sequence + 1) neighbours.right = &segment;
    if (segment.first > sequence + 1) break;
  }
  return neighbours;
}

ChainAnswer SessionChain::judge(const ChainLink& link) const {
  if (holding(link.sequence)) return ChainAnswer::kReplay;
  const auto [left, right] = const_cast<SessionChain*>(this)->neighbours_of(link.sequence);
  // On the left only a signature may contradict what we hold; on the right a signature already spoken wins.
  if (left && left->digest != link.previous && !link.is_signed) return ChainAnswer::kBrokenChain;
  if (right && right->previous != link.digest && (right->confirmed > right->first || !link.is_signed))
    return ChainAnswer::kBrokenChain;
  return ChainAnswer::kAdmitted;
}

ChainAnswer SessionChain::admit(const ChainLink& link, std::vector<ChainUpdate>& updates) {
  if (const auto answer = judge(link); answer != ChainAnswer::kAdmitted) return answer;
  updates.push_back({{session_, link.sequence, link.sequence}, ChainState::kPending});

  auto [left, right] = neighbours_of(link.sequence);
  if (left && left->digest != link.previous) {
    break_pending(*left, updates);
    left = nullptr;
  }
  if (right && right->previous != link.digest) {
    break_pending(*right, updates);
    right = nullptr;
  }
  // What a later signature confirmed reaches back through the new record, and so does its own signature.
  const bool right_confirmed = right && right->confirmed > right->first;
  Segment fresh{link.sequence, link.sequence, link.sequence + (link.is_signed ? 1 : 0), link.previous,
                link.digest};
  if (right) {
    fresh.last = right->last;
    fresh.digest = right->digest;
    if (right_confirmed) fresh.confirmed = right->confirmed;
    segments_.erase(segments_.begin() +
                    (right - segments_.data()));  // `left` stands before it and stays valid
  }
  if (link.is_signed || right_confirmed) {
    const std::uint64_t from = left ? std::max(left->confirmed, left->first) : link.sequence;
    updates.push_back({{session_, from, link.sequence}, ChainState::kConfirmed});
    if (left) left->confirmed = fresh.confirmed;
  }
  if (left) {
    left->last = fresh.last;
    left->digest = fresh.digest;
  } else {
    segments_.insert(
        std::upper_bound(segments_.begin(), segments_.end(), fresh.first,
                         [](std::uint64_t s, const Segment& segment) { return s < segment.first; }),
        fresh);
  }
  settle_announced(updates);
  return ChainAnswer::kAdmitted;
}

void SessionChain::confirm(Segment& segment, std::uint64_t up_to, std::vector<ChainUpdate>& updates) {
  const std::uint64_t from = std::max(segment.confirmed, segment.first);
  if (from > up_to) return;
  updates.push_back({{session_, from, up_to}, ChainState::kConfirmed});
  segment.confirmed = up_to + 1;
}

void SessionChain::break_pending(Segment& segment, std::vector<ChainUpdate>& updates) {
  const std::uint64_t from = std::max(segment.confirmed, segment.first);
  if (from > segment.last) return;
  updates.push_back({{session_, from, segment.last}, ChainState::kBroken});
}

void SessionChain::announce(const DroppedRange& dropped, std::vector<ChainUpdate>& updates) {
  const Announced entry{dropped.range.first, dropped.range.last, dropped.previous_of_first,
                        dropped.digest_of_last, false};
  for (const auto& known : announced_)
    if (known.first == entry.first && known.last == entry.last) return;  // the same gap record again
  announced_.insert(std::upper_bound(announced_.begin(), announced_.end(), entry.first,
                                     [](std::uint64_t s, const Announced& a) { return s < a.first; }),
                    entry);
  settle_announced(updates);
}

// A gap record is signed: the digest it names for the record before the gap confirms everything chained to
// that record; a differing one proves that what we hold there is not what the gateway kept.
void SessionChain::settle_announced(std::vector<ChainUpdate>& updates) {
  for (auto& gap : announced_) {
    for (auto& segment : segments_) {
      if (segment.last + 1 != gap.first) continue;
      if (segment.digest == gap.previous) {
        confirm(segment, segment.last, updates);
      } else if (!gap.contradicted) {
        gap.contradicted = true;  // said once
        break_pending(segment, updates);
      }
    }
  }
}

std::vector<SequenceRange> SessionChain::received() const {
  std::vector<SequenceRange> ranges;
  for (const auto& segment : segments_) {
    if (!ranges.empty() && ranges.back().last + 1 == segment.first)
      ranges.back().last = segment.last;
    else
      ranges.push_back({session_, segment.first, segment.last});
  }
  return ranges;
}

std::vector<SequenceRange> SessionChain::missing() const {
  std::vector<SequenceRange> ranges;
  std::uint64_t next = 0, highest = 0;
  for (const auto& segment : segments_) highest = std::max(highest, segment.last + 1);
  for (const auto& gap : announced_) highest = std::max(highest, gap.last + 1);
  auto segment = segments_.begin();
  auto gap = announced_.begin();
  while (next < highest) {
    const std::uint64_t before = next;
    for (; segment != segments_.end() && segment->first <= next; ++segment)
      next = std::max(next, segment->last + 1);
    for (; gap != announced_.end() && gap->first <= next; ++gap) next = std::max(next, gap->last + 1);
    if (next != before) continue;
    std::uint64_t end = highest;
    if (segment != segments_.end()) end = std::min(end, segment->first);
    if (gap != announced_.end()) end = std::min(end, gap->first);
    ranges.push_back({session_, next, end - 1});
    next = end;
  }
  return ranges;
}

std::vector<SequenceRange> SessionChain::pending() const {
  std::vector<SequenceRange> ranges;
  for (const auto& segment : segments_) {
    const std::uint64_t from = std::max(segment.confirmed, segment.first);
    if (from <= segment.last) ranges.push_back({session_, from, segment.last});
  }
  return ranges;
}

std::uint64_t SessionChain::announced_count() const {
  std::uint64_t count = 0, counted_to = 0;
  for (const auto& gap : announced_) {
    std::uint64_t next = std::max(gap.first, counted_to);
    for (const auto& segment : segments_) {
      if (segment.last < next) continue;
      if (segment.first > gap.last) break;
      if (segment.first > next) count += segment.first - next;
      next = std::max(next, segment.last + 1);
    }
    if (next <= gap.last) count += gap.last - next + 1;
    counted_to = std::max(counted_to, gap.last + 1);
  }
  return count;
}

Bytes SessionChain::serialise() const {
  Bytes bytes;
  wire::Writer out(bytes);
  out.u8(1);
  out.bytes(session_);
  out.u32(static_cast<std::uint32_t>(segments_.size()));
  for (const auto& segment : segments_) {
    out.u64(segment.first);
    out.u64(segment.last);
    out.u64(segment.confirmed);
    out.bytes(segment.previous);
    out.bytes(segment.digest);
  }
  out.u32(static_cast<std::uint32_t>(announced_.size()));
  for (const auto& gap : announced_) {
    out.u64(gap.first);
    out.u64(gap.last);
    out.bytes(gap.previous);
    out.bytes(gap.digest);
    out.u8(gap.contradicted ? 1 : 0);
  }
  return bytes;
}

Result<SessionChain> SessionChain::parse(ByteView bytes) {
  wire::Reader in(bytes);
  SessionChain chain;
  const auto version = in.u8();
  in.fill(chain.session_);
  for (auto left = in.u32(); left > 0 && in.ok(); --left) {
    Segment segment;
    segment.first = in.u64();
    segment.last = in.u64();
    segment.confirmed = in.u64();
    in.fill(segment.previous);
    in.fill(segment.digest);
    chain.segments_.push_back(segment);
  }
  for (auto left = in.u32(); left > 0 && in.ok(); --left) {
    Announced gap;
    gap.first = in.u64();
    gap.last = in.u64();
    in.fill(gap.previous);
    in.fill(gap.digest);
    gap.contradicted = in.u8() != 0;
    chain.announced_.push_back(gap);
  }
  if (version != 1 || !in.done()) return Error(ErrorCode::kCorrupt, "a stored session chain cannot be read");
  return chain;
}

}  // namespace veilgate
