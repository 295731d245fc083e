#pragma once
// What a receiver knows about the records of one session: which sequences arrived, how their SM3 chain hangs
// together, and up to where a signature confirms it. Records may arrive late and out of order (resends); a
// hash chain is confirmed backwards from any signed record. Pure data and rules: no I/O, no keys. Thread
// word: thread-bound.
//
//   pending    AEAD and session hold, no signature covers the record yet
//   confirmed  a signed record of the session is reachable by the chain
//   broken     a signed record contradicts it

#include <optional>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "envelope/record.h"

namespace veilgate {

enum class ChainState { kPending, kConfirmed, kBroken };
const char* to_string(ChainState state);  ///< "pending" | "confirmed" | "broken"

/// A change of state of sequences first…last.
struct ChainUpdate {
  SequenceRange range;
  ChainState state = ChainState::kPending;
  friend bool operator==(const ChainUpdate&, const ChainUpdate&) = default;
};

/// What the chain needs to know about one verified record.
struct ChainLink {
  std::uint64_t sequence = 0;
  Digest previous{};
  Digest digest{};
  bool is_signed = false;
};

enum class ChainAnswer {
  kAdmitted,
  kReplay,       ///< this sequence has been admitted before
  kBrokenChain,  ///< contradicts a neighbour, and no signature speaks for it
};

class SessionChain {
 public:
  SessionChain() = default;
  /// Begins with the session record, whose signature has been verified.
  SessionChain(const SessionId& session, const Digest& session_record);

  /// What admit() would answer, without changing anything.
  ChainAnswer judge(const ChainLink& link) const;
  /// Appends what changed to `updates`: the new record's own state first.
  ChainAnswer admit(const ChainLink& link, std::vector<ChainUpdate>& updates);
  /// A signed gap record says that this range will never come.
  void announce(const DroppedRange& dropped, std::vector<ChainUpdate>& updates);

  /// Sequences below the highest known one that neither arrived nor were announced as dropped.
  std::vector<SequenceRange> missing() const;
  std::vector<SequenceRange> pending() const;
  std::vector<SequenceRange> received() const;  ///< what a receipt covers
  std::uint64_t announced_count() const;        ///< records announced as dropped and not received
  const SessionId& session() const { return session_; }

  Bytes serialise() const;
  static Result<SessionChain> parse(ByteView bytes);  ///< kCorrupt

 private:
  struct Segment {  // first…last arrived and are chained; confirmed up to `confirmed` − 1
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t confirmed = 0;
    Digest previous{};
    Digest digest{};
  };
  struct Announced {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    Digest previous{};
    Digest digest{};
    bool contradicted = false;
  };
  struct Neighbours {
    Segment* left = nullptr;   // ends at sequence − 1
    Segment* right = nullptr;  // begins at sequence + 1
  };

  const Segment* holding(std::uint64_t sequence) const;
  Neighbours neighbours_of(std::uint64_t sequence);
  void confirm(Segment& segment, std::uint64_t up_to, std::vector<ChainUpdate>& updates);
  void break_pending(Segment& segment, std::vector<ChainUpdate>& updates);
  void settle_announced(std::vector<ChainUpdate>& updates);

  SessionId session_{};
  std::vector<Segment> segments_;     // sorted, disjoint; neighbours touch only where the chain is broken
  std::vector<Announced> announced_;  // sorted by first
};

}  // namespace veilgate
