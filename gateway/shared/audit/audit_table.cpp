#include "audit/audit_table.h"

#include <algorithm>
#include <sstream>

namespace veilgate::audit {
namespace {

constexpr const char* kSchema[] = {
    "CREATE TABLE entry("
    " number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, process TEXT NOT NULL, event TEXT NOT "
    "NULL,"
    " outcome TEXT NOT NULL, actor TEXT NOT NULL, unit TEXT NOT NULL, object TEXT NOT NULL, content TEXT NOT "
    "NULL,"
    " begin INTEGER, end INTEGER, previous BLOB NOT NULL, digest BLOB NOT NULL, signer BLOB, signature BLOB);"
    "CREATE INDEX entry_time ON entry(time);"};

void put(Bytes& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}
void put(Bytes& out, std::string_view text) {
  put(out, static_cast<std::uint64_t>(text.size()));
  out.insert(out.end(), text.begin(), text.end());
}
void put(Bytes& out, const std::optional<UtcTime>& time) {
  out.push_back(time ? 1 : 0);
  put(out, time ? static_cast<std::uint64_t>(time->time_since_epoch().count()) : 0);
}

template <std::size_t N>
bool fill(std::array<std::uint8_t, N>& out, ByteView bytes) {
  if (bytes.size() != N) return false;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return true;
}

UtcTime time_at(const Statement& row, int column) { return UtcTime{Millis{row.column_int64(column)}}; }

}  // namespace

const std::span<const char* const> kMigrations = kSchema;
const char kSelect[] =
    "SELECT "
    "number,time,process,event,outcome,actor,unit,object,content,begin,end,previous,digest,signer,signature"
    " FROM entry";

Digest digest_of(const AuditRecord& record) {
  Bytes bytes;
  put(bytes, std::string_view("veilgate audit 1"));
  put(bytes, record.number);
  put(bytes, static_cast<std::uint64_t>(record.time.time_since_epoch().count()));
  put(bytes, std::string_view(record.process));
  put(bytes, std::string_view(to_string(record.entry.event)));
  put(bytes, std::string_view(to_string(record.entry.outcome)));
  for (const auto* text :
       {&record.entry.actor, &record.entry.unit, &record.entry.object, &record.entry.content})
    put(bytes, std::string_view(*text));
  put(bytes, record.entry.begin);
  put(bytes, record.entry.end);
  bytes.insert(bytes.end(), record.previous.begin(), record.previous.end());
  return sm3(bytes);
}

Bytes signed_bytes(std::uint64_t number, const Digest& digest) {
  Bytes bytes;
  put(bytes, std::string_view("veilgate audit checkpoint 1"));
  put(bytes, number);
  bytes.insert(bytes.end(), digest.begin(), digest.end());
  return bytes;
}

Result<AuditRecord> record_from(const Statement& row) {
  AuditRecord record;
  record.number = static_cast<std::uint64_t>(row.column_int64(0));
  const Error damaged(ErrorCode::kCorrupt,
                      "audit record " + std::to_string(record.number) + " cannot be read");
  record.time = time_at(row, 1);
  record.process = row.column_text(2);
  const auto event = audit_event_from(std::string(row.column_text(3)));
  if (!event) return damaged;
  record.entry.event = *event;
  bool known_outcome = false;
  for (const auto outcome : {AuditOutcome::kDone, AuditOutcome::kRefused, AuditOutcome::kFailed})
    if (row.column_text(4) == to_string(outcome)) {
      record.entry.outcome = outcome;
      known_outcome = true;
    }
  record.entry.actor = row.column_text(5);
  record.entry.unit = row.column_text(6);
  record.entry.object = row.column_text(7);
  record.entry.content = row.column_text(8);
  if (!row.column_null(9)) record.entry.begin = time_at(row, 9);
  if (!row.column_null(10)) record.entry.end = time_at(row, 10);
  if (!known_outcome || !fill(record.previous, row.column_blob(11)) ||
      !fill(record.digest, row.column_blob(12)))
    return damaged;
  if (!row.column_null(14) &&
      (!fill(record.signature.emplace(), row.column_blob(14)) || !fill(record.signer, row.column_blob(13))))
    return damaged;
  return record;
}

std::string head_path(const std::string& file) { return file + ".head"; }

std::string encode_head(const HeadFile& head) {
  return "veilgate-audit-head 1 " + std::to_string(head.head.number) + " " + to_hex(head.head.digest) + " " +
         std::to_string(head.head.time.time_since_epoch().count()) + " " +
         (head.signature ? to_hex(head.signer) + " " + to_hex(*head.signature) : "- -") + "\n";
}

Result<HeadFile> decode_head(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::string magic, version, digest, signer, signature;
  std::int64_t time = 0;
  HeadFile head;
  in >> magic >> version >> head.head.number >> digest >> time >> signer >> signature;
  const auto bytes = from_hex(digest);
  const Error damaged(ErrorCode::kCorrupt, "the audit head file cannot be read");
  if (!in || magic != "veilgate-audit-head" || version != "1" || !bytes || !fill(head.head.digest, *bytes))
    return damaged;
  head.head.time = UtcTime{Millis{time}};
  if (signature == "-") return head;
  const auto signer_bytes = from_hex(signer), signature_bytes = from_hex(signature);
  if (!signer_bytes || !signature_bytes || !fill(head.signer, *signer_bytes) ||
      !fill(head.signature.emplace(), *signature_bytes))
    return damaged;
  return head;
}

}  // namespace veilgate::audit
