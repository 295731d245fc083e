#include <array>
#include <utility>

#include "audit/audit_log.h"

namespace veilgate {
namespace {

using Name = std::pair<AuditEvent, const char*>;
constexpr std::array kNames{
    Name{AuditEvent::kProcessStarted, "process_started"},
    Name{AuditEvent::kProcessStopped, "process_stopped"},
    Name{AuditEvent::kSelfTestFailed, "self_test_failed"},
    Name{AuditEvent::kLogin, "login"},
    Name{AuditEvent::kLoginFailed, "login_failed"},
    Name{AuditEvent::kLogout, "logout"},
    Name{AuditEvent::kAccountChanged, "account_changed"},
    Name{AuditEvent::kConfigLoaded, "config_loaded"},
    Name{AuditEvent::kConfigRefused, "config_refused"},
    Name{AuditEvent::kConfigChanged, "config_changed"},
    Name{AuditEvent::kMaskChanged, "mask_changed"},
    Name{AuditEvent::kMaskWholeFrame, "mask_whole_frame"},
    Name{AuditEvent::kKeyCreated, "key_created"},
    Name{AuditEvent::kKeyInstalled, "key_installed"},
    Name{AuditEvent::kKeyRotated, "key_rotated"},
    Name{AuditEvent::kKeyRevoked, "key_revoked"},
    Name{AuditEvent::kKeysZeroised, "keys_zeroised"},
    Name{AuditEvent::kKeyRefused, "key_refused"},
    Name{AuditEvent::kCertificateExpiring, "certificate_expiring"},
    Name{AuditEvent::kCameraAdmitted, "camera_admitted"},
    Name{AuditEvent::kCameraDenied, "camera_denied"},
    Name{AuditEvent::kCameraLost, "camera_lost"},
    Name{AuditEvent::kCameraBack, "camera_back"},
    Name{AuditEvent::kCameraViewChanged, "camera_view_changed"},
    Name{AuditEvent::kExport, "export"},
    Name{AuditEvent::kImageViewed, "image_viewed"},
    Name{AuditEvent::kDeletion, "deletion"},
    Name{AuditEvent::kRetentionApplied, "retention_applied"},
    Name{AuditEvent::kUpgrade, "upgrade"},
    Name{AuditEvent::kModelInstalled, "model_installed"},
    Name{AuditEvent::kLinkUp, "link_up"},
    Name{AuditEvent::kLinkDown, "link_down"},
    Name{AuditEvent::kServerRefused, "server_refused"},
    Name{AuditEvent::kPortDeviation, "port_deviation"},
    Name{AuditEvent::kRecordsDropped, "records_dropped"},
    Name{AuditEvent::kRecordQuarantined, "record_quarantined"},
    Name{AuditEvent::kStoreReplaced, "store_replaced"},
    Name{AuditEvent::kDeliverySummary, "delivery_summary"},
    Name{AuditEvent::kCommandAccepted, "command_accepted"},
    Name{AuditEvent::kCommandRefused, "command_refused"},
    Name{AuditEvent::kConsentGranted, "consent_granted"},
    Name{AuditEvent::kConsentWithdrawn, "consent_withdrawn"},
    Name{AuditEvent::kVerificationRefused, "verification_refused"},
    Name{AuditEvent::kClockChanged, "clock_changed"},
    Name{AuditEvent::kAuditCheckpoint, "audit_checkpoint"},
    Name{AuditEvent::kAuditPruned, "audit_pruned"},
};
static_assert(kNames.size() == static_cast<std::size_t>(AuditEvent::kAuditPruned) + 1,
              "every event has a name");

}  // namespace

const char* to_string(AuditEvent event) {
  for (const auto& [known, name] : kNames)
    if (known == event) return name;
  return "unknown";
}

std::optional<AuditEvent> audit_event_from(const std::string& name) {
  for (const auto& [event, known] : kNames)
    if (name == known) return event;
  return std::nullopt;
}

const char* to_string(AuditOutcome outcome) {
  switch (outcome) {
    case AuditOutcome::kDone:
      return "done";
    case AuditOutcome::kRefused:
      return "refused";
    case AuditOutcome::kFailed:
      return "failed";
  }
  return "unknown";
}

const char* to_string(AuditFinding::Kind kind) {
  switch (kind) {
    case AuditFinding::Kind::kRecordDamaged:
      return "record_damaged";
    case AuditFinding::Kind::kChainBroken:
      return "chain_broken";
    case AuditFinding::Kind::kRecordMissing:
      return "record_missing";
    case AuditFinding::Kind::kTruncated:
      return "truncated";
    case AuditFinding::Kind::kSignatureBad:
      return "signature_bad";
    case AuditFinding::Kind::kSignerUnknown:
      return "signer_unknown";
    case AuditFinding::Kind::kUnsigned:
      return "unsigned";
    case AuditFinding::Kind::kUnreadable:
      return "unreadable";
  }
  return "unknown";
}

}  // namespace veilgate
