#pragma once
// Where receivers keep what must survive a restart and what several of them share: the session records (with
// the key still wrapped) and the chain of each session, which is also the replay window. Implementations:
// MemorySessionStore (tests, offline tools), SqliteSessionStore (one file shared by processes). Thread word:
// see each.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "envelope/message.h"
#include "envelope/session_chain.h"

namespace veilgate {

/// A verified session record, exactly as received.
struct StoredSession {
  SessionId id{};
  std::string gateway;
  Lane lane = Lane::kSurveillance;
  MessageClass message_class = MessageClass::kEvent;
  UtcTime began{};
  Bytes record;
};

enum class PutSession { kNew, kKnown, kConflict };  ///< conflict: the id is taken by another record

class SessionStore {
 public:
  virtual ~SessionStore() = default;

  /// Stores the session and begins its chain, once.
  virtual Result<PutSession> put_session(const StoredSession& session) = 0;
  virtual Result<std::optional<StoredSession>> find_session(const SessionId& id) = 0;
  virtual Result<std::optional<SessionChain>> chain(const SessionId& id) = 0;

  /// Reads the chains of these sessions (unknown ones are an error, kNotFound), lets `edit` change them, and
  /// stores them, all in one transaction that no other receiver can interleave with.
  using EditChains = std::function<void(std::span<SessionChain>)>;
  virtual Result<void> edit_chains(std::span<const SessionId> ids, const EditChains& edit) = 0;

  /// Sessions begun at or after `since`, oldest first; without their record bytes.
  virtual Result<std::vector<StoredSession>> sessions(UtcTime since) = 0;
  /// Forgets sessions begun before `before`: their late records become unknown, never acceptable twice.
  virtual Result<std::uint64_t> prune(UtcTime before) = 0;
};

/// Thread word: thread-bound.
class MemorySessionStore final : public SessionStore {
 public:
  Result<PutSession> put_session(const StoredSession& session) override;
  Result<std::optional<StoredSession>> find_session(const SessionId& id) override;
  Result<std::optional<SessionChain>> chain(const SessionId& id) override;
  Result<void> edit_chains(std::span<const SessionId> ids, const EditChains& edit) override;
  Result<std::vector<StoredSession>> sessions(UtcTime since) override;
  Result<std::uint64_t> prune(UtcTime before) override;

 private:
  struct Entry {
    StoredSession session;
    SessionChain chain;
  };
  std::map<SessionId, Entry> entries_;
};

/// One SQLite file that several receiver processes may have open. Thread word: thread-bound (one object per
/// thread).
class SqliteSessionStore final : public SessionStore {
 public:
  static Result<std::unique_ptr<SqliteSessionStore>> open(const std::string& path);
  ~SqliteSessionStore() override;

  Result<PutSession> put_session(const StoredSession& session) override;
  Result<std::optional<StoredSession>> find_session(const SessionId& id) override;
  Result<std::optional<SessionChain>> chain(const SessionId& id) override;
  Result<void> edit_chains(std::span<const SessionId> ids, const EditChains& edit) override;
  Result<std::vector<StoredSession>> sessions(UtcTime since) override;
  Result<std::uint64_t> prune(UtcTime before) override;

 private:
  struct Statements;
  explicit SqliteSessionStore(std::unique_ptr<Statements> statements);
  std::unique_ptr<Statements> statements_;
};

}  // namespace veilgate
