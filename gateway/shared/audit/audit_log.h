#pragma once
// The audit: what the customer must be able to prove later (R-077…R-081). Append-only, one log per process,
// each record chained to the one before by SM3, and every 64 records or on demand a checkpoint signed with
// SM2. verify() names the damaged record, not only the fact of damage; records cut off at the end are found
// by SQLite's own high-water mark, by the signed head beside the file, and (off the box) by the digest the
// platform received.
//
// Records hold no pixels, templates, secrets or names of people; people are accounts, things are ids. The
// fields cover the use record of 《人脸识别应用安全评估指南》 A.7: number, name of the function, person,
// unit, begin, end, content.
//
// Errors: those of storage/database.h; kUntrusted never: a bad record is a finding of verify(), not an error.
// Thread word: thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "crypto/hash.h"
#include "crypto/sm2.h"

namespace veilgate {

/// The closed list. Stored by name; a name once used keeps its meaning.
enum class AuditEvent {
  kProcessStarted,
  kProcessStopped,
  kSelfTestFailed,
  kLogin,
  kLoginFailed,
  kLogout,
  kAccountChanged,
  kConfigLoaded,
  kConfigRefused,
  kConfigChanged,
  kMaskChanged,
  kMaskWholeFrame,
  kKeyCreated,
  kKeyInstalled,
  kKeyRotated,
  kKeyRevoked,
  kKeysZeroised,
  kKeyRefused,
  kCertificateExpiring,
  kCameraAdmitted,
  kCameraDenied,
  kCameraLost,
  kCameraBack,
  kCameraViewChanged,
  kExport,
  kImageViewed,
  kDeletion,
  kRetentionApplied,
  kUpgrade,
  kModelInstalled,
  kLinkUp,
  kLinkDown,
  kServerRefused,
  kPortDeviation,
  kRecordsDropped,
  kRecordQuarantined,
  kStoreReplaced,
  kDeliverySummary,
  kCommandAccepted,
  kCommandRefused,
  kConsentGranted,
  kConsentWithdrawn,
  kVerificationRefused,
  kClockChanged,
  kAuditCheckpoint,
  kAuditPruned,
};
const char* to_string(AuditEvent event);  ///< "camera_denied"
std::optional<AuditEvent> audit_event_from(const std::string& name);

enum class AuditOutcome { kDone, kRefused, kFailed };
const char* to_string(AuditOutcome outcome);  ///< "done" | "refused" | "failed"

struct AuditEntry {
  AuditEvent event = AuditEvent::kProcessStarted;
  AuditOutcome outcome = AuditOutcome::kDone;
  std::string actor;             ///< account or component ("surveillance"); A.7 人员
  std::string unit;              ///< the actor's organisation, where it is a person; A.7 单位
  std::string object;            ///< what it was done to: camera id, key id, file
  std::string content;           ///< what was done, for people; A.7 内容
  std::optional<UtcTime> begin;  ///< of a use that lasted; A.7 开始/结束时间
  std::optional<UtcTime> end;
};

/// One stored record.
struct AuditRecord {
  std::uint64_t number = 0;  ///< from 1, without holes; A.7 系统编号
  UtcTime time{};
  std::string process;
  AuditEntry entry;
  Digest previous{};
  Digest digest{};
  std::optional<Sm2Signature> signature;  ///< checkpoints
  KeyId signer{};
};

/// The end of a log: what goes to the platform and into the head file.
struct AuditHead {
  std::uint64_t number = 0;
  Digest digest{};
  UtcTime time{};
};

class AuditLog {
 public:
  struct Settings {
    std::string directory;          ///< "<state>/audit"; made when absent, mode 0700
    std::string process;            ///< "surveillance": names the file "<process>.audit"
    std::optional<SigningKey> key;  ///< absent: checkpoints are written unsigned and verify() says so
    unsigned records_per_checkpoint = 64;
  };
  /// `clock` must outlive the log.
  static Result<std::unique_ptr<AuditLog>> open(Settings settings, const Clock& clock);
  ~AuditLog();

  /// Durable when it returns.
  Result<AuditHead> append(const AuditEntry& entry);
  Result<AuditHead> checkpoint();
  AuditHead head() const;
  /// Where a damaged file was moved to by open(); empty when it was good.
  const std::string& moved_aside() const;
  /// Deletes records older than `before`, never younger than 6 calendar months, up to a checkpoint; the cut
  /// is a record.
  Result<std::uint64_t> prune(UtcTime before);

 private:
  class Store;
  explicit AuditLog(std::unique_ptr<Store> store);
  std::unique_ptr<Store> store_;
};

/// What verify found, in the order of the log.
struct AuditFinding {
  enum class Kind {
    kRecordDamaged,  ///< its content does not give its digest
    kChainBroken,    ///< its `previous` is not the digest of the record before
    kRecordMissing,  ///< a number is absent
    kTruncated,      ///< records after this number are gone
    kSignatureBad,   ///< a checkpoint's signature does not hold under the given key
    kSignerUnknown,  ///< signed by a key that was not given
    kUnsigned,       ///< a checkpoint without signature where a key is expected
    kUnreadable,     ///< the file is no audit log, or is damaged below the level of records
  };
  Kind kind = Kind::kRecordDamaged;
  std::uint64_t number = 0;
  std::string message;
};
const char* to_string(AuditFinding::Kind kind);

struct AuditReport {
  std::string process;
  std::uint64_t records = 0;
  std::uint64_t first = 0;         ///< number of the oldest record kept
  std::uint64_t signed_up_to = 0;  ///< covered by a good signature
  AuditHead head;
  std::vector<AuditFinding> findings;  ///< empty: whole and unchanged
};

/// Reads without changing. `keys`: whose signatures are believed; `expected`: a head known from elsewhere
/// (the platform).
Result<AuditReport> verify_audit(const std::string& file, const std::vector<VerifyingKey>& keys,
                                 const std::optional<AuditHead>& expected = std::nullopt);
/// All records in order; `since`/`until` bound the time.
Result<std::vector<AuditRecord>> read_audit(const std::string& file,
                                            std::optional<UtcTime> since = std::nullopt,
                                            std::optional<UtcTime> until = std::nullopt);

}  // namespace veilgate
