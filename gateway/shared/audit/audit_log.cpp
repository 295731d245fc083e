#include "audit/audit_log.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>

#include <sys/stat.h>

#include "audit/audit_table.h"
#include "core/log.h"
#include "crypto/key_file.h"

namespace veilgate {
namespace {

constexpr std::size_t kMaxText = 4096;  // per field: an entry is a line, not a document

UtcTime six_months_before(UtcTime now) {
  using namespace std::chrono;
  const auto day = floor<days>(now);
  year_month_day date = year_month_day(day) - months(6);
  if (!date.ok()) date = date.year() / date.month() / last;
  return time_point_cast<Millis>(sys_days(date)) + (now - day);
}

Result<void> check_text(const AuditEntry& entry) {
  for (const auto* text : {&entry.actor, &entry.unit, &entry.object, &entry.content})
    if (text->size() > kMaxText)
      return Error(ErrorCode::kInvalidInput, "an audit field longer than 4096 bytes");
  return {};
}

}  // namespace

class AuditLog::Store {
 public:
  Store(Settings settings, Database database, const Clock& clock, std::string file, std::string moved_aside)
      : settings_(std::move(settings)),
        database_(std::move(database)),
        clock_(clock),
        file_(std::move(file)),
        moved_aside_(std::move(moved_aside)) {}

  Result<void> prepare();
  Result<AuditHead> append(const AuditEntry& entry);
  Result<AuditHead> checkpoint();
  Result<std::uint64_t> prune(UtcTime before);
  const AuditHead& head() const { return head_; }
  const std::string& moved_aside() const { return moved_aside_; }

  std::mutex mutex_;

 private:
  Result<AuditRecord> write(const AuditEntry& entry);
  Result<std::int64_t> last_checkpoint_before(UtcTime before);

  Settings settings_;
  Database database_;
  const Clock& clock_;
  std::string file_;
  std::string moved_aside_;
  Statement insert_;
  AuditHead head_;
  unsigned uncovered_ = 0;
};

Result<void> AuditLog::Store::prepare() {
  VG_TRY(insert_, database_.prepare(
                      "INSERT INTO entry(number,time,process,event,outcome,actor,unit,object,content,begin,"
                      "end,previous,digest,signer,signature)"
                      " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)"));
  VG_TRY(auto newest, database_.prepare(std::string(audit::kSelect) + " ORDER BY number DESC LIMIT 1"));
  VG_TRY(const bool any, newest.step());
  if (!any) return {};
  VG_TRY(const auto record, audit::record_from(newest));
  head_ = {record.number, record.digest, record.time};
  VG_TRY(const auto covered, last_checkpoint_before(UtcTime::max()));
  uncovered_ = static_cast<unsigned>(record.number - static_cast<std::uint64_t>(covered));
  return {};
}

Result<AuditRecord> AuditLog::Store::write(const AuditEntry& entry) {
  VG_CHECK(check_text(entry));
  AuditRecord record{head_.number + 1, clock_.now(), settings_.process, entry, head_.digest, {}, {}, {}};
  record.digest = audit::digest_of(record);
  if (entry.event == AuditEvent::kAuditCheckpoint && settings_.key) {
    VG_TRY(record.signature, settings_.key->sign(audit::signed_bytes(record.number, record.digest)));
    record.signer = settings_.key->id();
  }
  const auto moment = [this](int index, const std::optional<UtcTime>& time) {
    if (time) insert_.bind(index, time->time_since_epoch().count());
  };
  insert_.bind(1, static_cast<std::int64_t>(record.number)).bind(2, record.time.time_since_epoch().count());
  insert_.bind(3, record.process).bind(4, to_string(entry.event)).bind(5, to_string(entry.outcome));
  insert_.bind(6, entry.actor).bind(7, entry.unit).bind(8, entry.object).bind(9, entry.content);
  moment(10, entry.begin);
  moment(11, entry.end);
  insert_.bind(12, ByteView(record.previous)).bind(13, ByteView(record.digest));
  if (record.signature) insert_.bind(14, ByteView(record.signer)).bind(15, ByteView(*record.signature));
  VG_CHECK(insert_.run());
  head_ = {record.number, record.digest, record.time};
  return record;
}

Result<AuditHead> AuditLog::Store::append(const AuditEntry& entry) {
  if (entry.event == AuditEvent::kAuditCheckpoint || entry.event == AuditEvent::kAuditPruned)
    return Error(ErrorCode::kInvalidInput, "checkpoints and prunings are written by the log itself");
  VG_CHECK(write(entry));
  if (++uncovered_ >= settings_.records_per_checkpoint) return checkpoint();
  return head_;
}

Result<AuditHead> AuditLog::Store::checkpoint() {
  AuditEntry entry;
  entry.event = AuditEvent::kAuditCheckpoint;
  entry.actor = settings_.process;
  entry.content = "covers records up to " + std::to_string(head_.number);
  VG_TRY(const auto record, write(entry));
  uncovered_ = 0;
  const audit::HeadFile head{head_, record.signer, record.signature};
  VG_CHECK(write_file_atomically(audit::head_path(file_), as_bytes(audit::encode_head(head)), 0600));
  return head_;
}

Result<std::int64_t> AuditLog::Store::last_checkpoint_before(UtcTime before) {
  VG_TRY(auto query,
         database_.prepare("SELECT COALESCE(MAX(number),0) FROM entry WHERE event=?1 AND time<?2"));
  query.bind(1, to_string(AuditEvent::kAuditCheckpoint)).bind(2, before.time_since_epoch().count());
  VG_CHECK(query.step());
  return query.column_int64(0);
}

// The cut is at a signed record, so that what is left begins with a signature over what was there before.
Result<std::uint64_t> AuditLog::Store::prune(UtcTime before) {
  before = std::min(before, six_months_before(clock_.now()));
  VG_TRY(const auto first_kept, last_checkpoint_before(before));
  if (first_kept <= 1) return std::uint64_t{0};
  VG_TRY(auto transaction, Transaction::begin(database_));
  VG_TRY(auto remove, database_.prepare("DELETE FROM entry WHERE number<?1"));
  VG_CHECK(remove.bind(1, first_kept).run());
  const auto removed = static_cast<std::uint64_t>(database_.changes());
  const AuditHead before_prune = head_;
  if (removed > 0) {
    AuditEntry entry;
    entry.event = AuditEvent::kAuditPruned;
    entry.actor = settings_.process;
    entry.object = std::to_string(first_kept);
    entry.content = "records before " + std::to_string(first_kept) + " deleted by retention";
    VG_CHECK(write(entry));
  }
  if (auto committed = transaction.commit(); !committed) {
    head_ = before_prune;
    return committed.error();
  }
  if (removed > 0) VG_CHECK(checkpoint());
  return removed;
}

AuditLog::AuditLog(std::unique_ptr<Store> store) : store_(std::move(store)) {}
AuditLog::~AuditLog() = default;

Result<std::unique_ptr<AuditLog>> AuditLog::open(Settings settings, const Clock& clock) {
  if (settings.process.empty() || settings.process.find('/') != std::string::npos)
    return Error(ErrorCode::kInvalidInput, "an audit log needs a process name without '/'");
  if (::mkdir(settings.directory.c_str(), 0700) != 0 && errno != EEXIST)
    return Error(ErrorCode::kPermission, settings.directory + ": " + std::strerror(errno));
  Database::Options options;
  options.path = settings.directory + "/" + settings.process + ".audit";
  options.migrations = audit::kMigrations;
  VG_TRY(auto opened, Database::open_or_replace(options, clock.now()));
  const std::string aside = opened.moved_aside;
  auto store =
      std::make_unique<Store>(std::move(settings), std::move(opened.database), clock, options.path, aside);
  VG_CHECK(store->prepare());
  if (!aside.empty()) {
    (void)::rename(audit::head_path(options.path).c_str(),
                   audit::head_path(aside).c_str());  // it speaks of that file
    VG_LOG(kError, "audit", "the audit log was damaged and is now " + aside + "; a new one was begun");
    AuditEntry entry;
    entry.event = AuditEvent::kStoreReplaced;
    entry.outcome = AuditOutcome::kFailed;
    entry.actor = "audit";
    entry.object = aside;
    entry.content = "the audit log was damaged and moved aside";
    VG_CHECK(store->append(entry));
  }
  return std::unique_ptr<AuditLog>(new AuditLog(std::move(store)));
}

Result<AuditHead> AuditLog::append(const AuditEntry& entry) {
  const std::lock_guard lock(store_->mutex_);
  return store_->append(entry);
}
Result<AuditHead> AuditLog::checkpoint() {
  const std::lock_guard lock(store_->mutex_);
  return store_->checkpoint();
}
AuditHead AuditLog::head() const {
  const std::lock_guard lock(store_->mutex_);
  return store_->head();
}
const std::string& AuditLog::moved_aside() const { return store_->moved_aside(); }
Result<std::uint64_t> AuditLog::prune(UtcTime before) {
  const std::lock_guard lock(store_->mutex_);
  return store_->prune(before);
}

}  // namespace veilgate
