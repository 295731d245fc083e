#include <algorithm>

#include "crypto/hash.h"
#include "envelope/session_store.h"

namespace veilgate {

Result<PutSession> MemorySessionStore::put_session(const StoredSession& session) {
  const auto found = entries_.find(session.id);
  if (found != entries_.end())
    return found->second.session.record == session.record ? PutSession::kKnown : PutSession::kConflict;
  entries_.emplace(session.id, Entry{session, SessionChain(session.id, sm3(session.record))});
  return PutSession::kNew;
}

Result<std::optional<StoredSession>> MemorySessionStore::find_session(const SessionId& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return std::optional<StoredSession>();
  return std::optional<StoredSession>(found->second.session);
}

Result<std::optional<SessionChain>> MemorySessionStore::chain(const SessionId& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return std::optional<SessionChain>();
  return std::optional<SessionChain>(found->second.chain);
}

Result<void> MemorySessionStore::edit_chains(std::span<const SessionId> ids, const EditChains& edit) {
  std::vector<SessionChain> chains;
  for (const auto& id : ids) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return Error(ErrorCode::kNotFound, "no session " + to_hex(id));
    chains.push_back(found->second.chain);
  }
  edit(chains);
  for (auto& chain : chains) entries_.at(chain.session()).chain = std::move(chain);
  return {};
}

Result<std::vector<StoredSession>> MemorySessionStore::sessions(UtcTime since) {
  std::vector<StoredSession> found;
  for (const auto& [id, entry] : entries_) {
    if (entry.session.began < since) continue;
    found.push_back(entry.session);
    found.back().record.clear();
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.began < b.began; });
  return found;
}

Result<std::uint64_t> MemorySessionStore::prune(UtcTime before) {
  return std::erase_if(entries_, [before](const auto& entry) { return entry.second.session.began < before; });
}

}  // namespace veilgate
