#pragma once
// The stored form of the audit and its chain: what writing, verifying and exporting share; private to this
// folder. Thread word: reentrant.

#include <span>
#include <string>

#include "audit/audit_log.h"
#include "core/bytes.h"
#include "storage/database.h"

namespace veilgate::audit {

extern const std::span<const char* const> kMigrations;
/// Columns in the order record_from() reads them.
extern const char kSelect[];

/// SM3 over "veilgate audit 1", the number, the time, every field with its length, and the digest of the
/// record before.
Digest digest_of(const AuditRecord& record);
/// What a checkpoint's signature is over: "veilgate audit checkpoint 1" ‖ number ‖ digest.
Bytes signed_bytes(std::uint64_t number, const Digest& digest);

/// kCorrupt when a value is not one this program could have written.
Result<AuditRecord> record_from(const Statement& row);

/// The head file beside the log, written at every checkpoint: one line of text.
struct HeadFile {
  AuditHead head;
  KeyId signer{};
  std::optional<Sm2Signature> signature;
};
std::string head_path(const std::string& file);  ///< "<file>.head"
std::string encode_head(const HeadFile& head);
Result<HeadFile> decode_head(std::string_view text);

}  // namespace veilgate::audit
