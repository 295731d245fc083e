#include "surveillance_lane.h"

#include <csignal>
#include <cstdio>
#include <filesystem>

#include "audit/audit_log.h"
#include "core/clock.h"
#include "core/exit_code.h"
#include "core/log.h"
#include "crypto/key_file.h"
#include "crypto/self_test.h"
#include "daemon_options.h"
#include "lane/envelope_sealing.h"
#include "lane/lane_parent.h"
#include "process/hardening.h"
#include "process/notify.h"
#include "process/signals.h"

namespace veilgate::surveillance {
namespace {

constexpr Millis kStatusLine{5'000};

int exit_code_of(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kNotFound:
    case ErrorCode::kMissingPart: return kExitMissingPart;
    case ErrorCode::kPermission: return kExitPermission;
    case ErrorCode::kInvalidInput: return kExitConfig;
    default: return kExitInternal;
  }
}

int give_up(const Error& error) {
  std::fprintf(stderr, "veilgate-surveillance: %s\n", error.message().c_str());
  return exit_code_of(error);
}

AuditEvent event_of(LaneParent::Happening::Kind kind) {
  using Kind = LaneParent::Happening::Kind;
  switch (kind) {
    case Kind::kConfigLoaded: return AuditEvent::kConfigLoaded;
    case Kind::kConfigRefused: return AuditEvent::kConfigRefused;
    case Kind::kConfigChanged: return AuditEvent::kConfigChanged;
    case Kind::kCameraLost: return AuditEvent::kCameraLost;
    case Kind::kCameraBack: return AuditEvent::kCameraBack;
    case Kind::kCameraAdmitted: return AuditEvent::kCameraAdmitted;
    case Kind::kCameraDenied: return AuditEvent::kCameraDenied;
    case Kind::kViewShifted: return AuditEvent::kMaskWholeFrame;
    case Kind::kViewConfirmed: return AuditEvent::kCameraViewChanged;
    case Kind::kRecordsDropped: return AuditEvent::kRecordsDropped;
  }
  return AuditEvent::kConfigLoaded;
}

LaneParent::Witness audit_witness(AuditLog& audit) {
  return [&audit](const LaneParent::Happening& happening) {
    using Kind = LaneParent::Happening::Kind;
    const bool refused = happening.kind == Kind::kConfigRefused || happening.kind == Kind::kCameraDenied;
    AuditEntry entry;
    entry.event = event_of(happening.kind);
    entry.outcome = refused ? AuditOutcome::kRefused : AuditOutcome::kDone;
    entry.actor = "surveillance";
    entry.object = happening.object;
    entry.content = happening.content;
    if (auto written = audit.append(entry); !written) VG_LOG(kError, "audit", written.error().message());
  };
}

Result<std::unique_ptr<AuditLog>> open_audit(const DaemonOptions& options, const Clock& clock) {
  VG_TRY(auto key, load_signing_key(options.credentials + "/lane-surveillance.sm2.key.pem"));
  AuditLog::Settings settings;
  settings.directory = options.state + "/audit";
  settings.process = "surveillance";
  settings.key = std::move(key);
  return AuditLog::open(std::move(settings), clock);
}

/// Feeds the service manager's watchdog only while every worker shows that its loop turns.
void tell_service_manager(ipc::EventLoop& loop, const LaneParent& parent) {
  process::notify("READY=1");
  loop.every(kStatusLine, [&parent] { process::notify_status(parent.summary()); });
  if (const auto period = process::watchdog_period())
    loop.every(*period, [&parent] {
      if (parent.progressing()) process::notify_progress();
    });
}

Result<int> serve(const DaemonOptions& options, AcceptedConfig accepted) {
  const SystemClock clock;
  VG_CHECK(require_self_tests());
  std::error_code failed;
  std::filesystem::create_directories(options.runtime, failed);
  std::filesystem::create_directories(options.state, failed);
  VG_TRY(auto sealing, open_envelope_sealing(accepted.config, options.credentials, clock));
  VG_TRY(auto audit, open_audit(options, clock));
  VG_TRY(auto loop, ipc::EventLoop::create());
  std::unique_ptr<LaneParent> parent;
  VG_TRY(const auto signals, process::Signals::watch(*loop, {SIGTERM, SIGINT, SIGHUP}, [&](int number) {
           if (number == SIGHUP) return parent->reload();
           process::notify("STOPPING=1");
           parent->stop([&] { loop->stop(); });
         }));
  LaneParent::Settings settings{options.runtime, options.state, options.credentials,
                                {std::filesystem::read_symlink("/proc/self/exe").string(), {"worker"}}};
  const auto witness = audit_witness(*audit);
  witness({LaneParent::Happening::Kind::kConfigLoaded, accepted.config.file, "sm3 " + accepted.config.sm3});
  VG_TRY(parent, LaneParent::create(*loop, std::move(settings), std::move(accepted), std::move(sealing), clock, witness));
  tell_service_manager(*loop, *parent);
  loop->run();
  return kExitOk;
}

}  // namespace

int run_lane(int argc, char** argv) {
  int exit_code = kExitOk;
  const auto options = parse_daemon_options(argc, argv, "veilgate-surveillance", exit_code);
  if (!options) return exit_code;
  process::forbid_memory_inspection();
  process::forbid_new_privileges();
  process::ignore_broken_pipes();
  auto candidate = accept_config(options->config);
  print_problems(options->config, candidate.problems);
  if (!candidate.accepted) return candidate.unreadable ? kExitNoInput : kExitConfig;
  auto served = serve(*options, std::move(*candidate.accepted));
  return served ? *served : give_up(served.error());
}

}  // namespace veilgate::surveillance
