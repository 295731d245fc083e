#include <algorithm>

#include "audit/audit_log.h"
#include "audit/audit_table.h"
#include "crypto/key_file.h"

namespace veilgate {
namespace {

using Kind = AuditFinding::Kind;

Result<Database> open_read_only(const std::string& file) {
  Database::Options options;
  options.path = file;
  options.access = Database::Access::kReadOnly;
  options.integrity = Database::Integrity::kTrust;  // damage is what we are here to describe
  return Database::open(options);
}

/// Walks the log once and collects findings.
class Verifier {
 public:
  Verifier(const std::vector<VerifyingKey>& keys, AuditReport& report) : keys_(keys), report_(report) {}

  void visit(const AuditRecord& record) {
    const Digest computed = audit::digest_of(record);
    const bool damaged = computed != record.digest;
    if (damaged) find(Kind::kRecordDamaged, record.number, "its content does not give its digest");
    if (report_.records == 0) {
      report_.first = record.number;
      report_.process = record.process;
    } else if (record.number != last_.number + 1) {
      find(Kind::kRecordMissing, last_.number + 1,
           "records " + std::to_string(last_.number + 1) + " to " + std::to_string(record.number - 1) +
               " are missing");
    } else if (!damaged && record.previous != last_.digest && record.previous != last_computed_) {
      find(Kind::kChainBroken, record.number,
           "it does not follow record " + std::to_string(last_.number) + ": one of the two was replaced");
    }
    if (record.entry.event == AuditEvent::kAuditCheckpoint) check_signature(record);
    if (record.entry.event == AuditEvent::kAuditPruned) pruned_to_ = record.entry.object;
    ++report_.records;
    last_ = {record.number, record.digest, record.time};
    last_computed_ = computed;
  }

  void unreadable(const std::string& why) {
    find(Kind::kUnreadable, last_.number + 1,
         why + "; the last record read was " + std::to_string(last_.number));
  }

  void finish(std::int64_t high_water, const std::optional<AuditHead>& head_file,
              const std::optional<AuditHead>& expected) {
    report_.head = last_;
    if (report_.first > 1 && pruned_to_ != std::to_string(report_.first))
      find(Kind::kRecordMissing, 1,
           "the log begins with record " + std::to_string(report_.first) + " and no pruning says so");
    if (high_water > static_cast<std::int64_t>(last_.number))
      truncated(static_cast<std::uint64_t>(high_water), "the store has numbered up to ");
    for (const auto* head : {&head_file, &expected})
      if (*head)
        compare((*head)->number, (*head)->digest, head == &expected ? "the platform" : "the head file");
  }

  /// Remembers the digests that heads will be compared with.
  void remember(const AuditRecord& record, const std::optional<AuditHead>& head) {
    if (head && head->number == record.number && head->digest != record.digest)
      mismatch_.push_back(record.number);
  }

 private:
  void find(Kind kind, std::uint64_t number, std::string message) {
    report_.findings.push_back(
        {kind, number, "record " + std::to_string(number) + ": " + std::move(message)});
  }
  void truncated(std::uint64_t to, const std::string& who) {
    find(Kind::kTruncated, last_.number + 1, "the log ends here, " + who + std::to_string(to));
  }
  void compare(std::uint64_t number, const Digest&, const std::string& who) {
    if (number > last_.number) truncated(number, who + " knows records up to ");
    if (std::find(mismatch_.begin(), mismatch_.end(), number) != mismatch_.end())
      find(Kind::kChainBroken, number, "its digest is not the one " + who + " knows");
  }
  void check_signature(const AuditRecord& record) {
    if (keys_.empty()) return;
    if (!record.signature) return find(Kind::kUnsigned, record.number, "a checkpoint without signature");
    const auto key =
        std::find_if(keys_.begin(), keys_.end(), [&](const auto& k) { return k.id() == record.signer; });
    if (key == keys_.end())
      return find(Kind::kSignerUnknown, record.number,
                  "signed by key " + to_hex(record.signer) + ", which was not given");
    if (!key->verify(audit::signed_bytes(record.number, record.digest), *record.signature))
      return find(Kind::kSignatureBad, record.number, "the checkpoint's signature does not hold");
    report_.signed_up_to = record.number;
  }

  const std::vector<VerifyingKey>& keys_;
  AuditReport& report_;
  AuditHead last_;
  Digest last_computed_{};
  std::string pruned_to_;
  std::vector<std::uint64_t> mismatch_;
};

std::optional<AuditHead> read_head(const std::string& file, const std::vector<VerifyingKey>& keys,
                                   AuditReport& report) {
  const auto bytes = read_key_file(audit::head_path(file), FileSecrecy::kPublic);
  if (!bytes)
    return std::nullopt;  // no checkpoint has been written yet, or it was removed: the other signs remain
  const auto head = audit::decode_head(as_text(bytes->view()));
  if (!head) {
    report.findings.push_back({Kind::kUnreadable, 0, head.error().message()});
    return std::nullopt;
  }
  for (const auto& key : keys)
    if (head->signature && key.id() == head->signer &&
        !key.verify(audit::signed_bytes(head->head.number, head->head.digest), *head->signature))
      report.findings.push_back(
          {Kind::kSignatureBad, head->head.number, "the head file's signature does not hold"});
  return head->head;
}

std::int64_t high_water_of(Database& database) {
  auto query = database.prepare("SELECT seq FROM sqlite_sequence WHERE name='entry'");
  if (!query) return 0;
  const auto row = query->step();
  return row && *row ? query->column_int64(0) : 0;
}

}  // namespace

Result<AuditReport> verify_audit(const std::string& file, const std::vector<VerifyingKey>& keys,
                                 const std::optional<AuditHead>& expected) {
  VG_TRY(auto database, open_read_only(file));
  AuditReport report;
  const auto head_file = read_head(file, keys, report);
  Verifier verifier(keys, report);
  auto query = database.prepare(std::string(audit::kSelect) + " ORDER BY number");
  if (!query) {
    report.findings.push_back({Kind::kUnreadable, 0, query.error().message()});
    return report;
  }
  auto row = query->step();
  for (; row && *row; row = query->step()) {
    const auto record = audit::record_from(*query);
    if (!record) {
      report.findings.push_back({Kind::kRecordDamaged, static_cast<std::uint64_t>(query->column_int64(0)),
                                 record.error().message()});
      continue;
    }
    verifier.remember(*record, head_file);
    verifier.remember(*record, expected);
    verifier.visit(*record);
  }
  if (!row) verifier.unreadable(row.error().message());
  verifier.finish(high_water_of(database), head_file, expected);
  return report;
}

Result<std::vector<AuditRecord>> read_audit(const std::string& file, std::optional<UtcTime> since,
                                            std::optional<UtcTime> until) {
  VG_TRY(auto database, open_read_only(file));
  VG_TRY(auto query,
         database.prepare(std::string(audit::kSelect) + " WHERE time>=?1 AND time<?2 ORDER BY number"));
  query.bind(1, since ? since->time_since_epoch().count() : INT64_MIN);
  query.bind(2, until ? until->time_since_epoch().count() : INT64_MAX);
  std::vector<AuditRecord> records;
  auto row = query.step();
  for (; row && *row; row = query.step()) {
    VG_TRY(auto record, audit::record_from(query));
    records.push_back(std::move(record));
  }
  if (!row) return row.error();
  return records;
}

}  // namespace veilgate
