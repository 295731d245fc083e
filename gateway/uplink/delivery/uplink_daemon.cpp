#include "delivery/uplink_daemon.h"

#include <csignal>
#include <cstdio>
#include <filesystem>

#include "core/exit_code.h"
#include "core/log.h"
#include "crypto/self_test.h"
#include "mqtt/tls_guard.h"
#include "mqtt/tls_profile.h"
#include "process/notify.h"
#include "process/signals.h"

namespace veilgate::uplink {
namespace {

constexpr Millis kLastWords{5'000};  // a supervisor gives a process ten seconds

int exit_code_of(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kPermission: return kExitPermission;
    case ErrorCode::kNotFound: return kExitMissingPart;
    case ErrorCode::kInvalidInput: return kExitConfig;
    default: return kExitInternal;
  }
}

Result<void> make_directory(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) return Error(ErrorCode::kPermission, path + ": cannot be made: " + failed.message());
  return {};
}

Result<void> serve(const Config& config, const UplinkDirectories& directories, char** arguments) {
  VG_CHECK(make_directory(directories.runtime));
  VG_CHECK(make_directory(directories.state));
  VG_CHECK(enter_tls_profile(config.uplink.tls_profile, directories.runtime + "/uplink.openssl.cnf", arguments));
  VG_CHECK(require_self_tests());
  TlsGuard::instance().install();
  const SystemClock clock;
  VG_TRY(const auto loop, ipc::EventLoop::create());
  std::unique_ptr<UplinkService> service;
  VG_TRY(const auto signals, process::Signals::watch(*loop, {SIGTERM, SIGINT, SIGHUP}, [&](int number) {
           if (number == SIGHUP) return VG_LOG(kInfo, "config", "the uplink takes a new configuration at its next start");
           process::notify("STOPPING=1");
           service->stop(kLastWords, [&] { loop->stop(); });
         }));
  VG_TRY(service, UplinkService::create(*loop, clock, config, directories));
  service->start();
  process::notify("READY=1");
  if (const auto period = process::watchdog_period()) loop->every(*period, [] { process::notify_progress(); });
  loop->run();
  return {};
}

}  // namespace

int run_uplink(const Config& config, const UplinkDirectories& directories, char** arguments) {
  if (auto served = serve(config, directories, arguments); !served) {
    std::fprintf(stderr, "veilgate-uplink: %s\n", served.error().message().c_str());
    return exit_code_of(served.error());
  }
  return kExitOk;
}

}  // namespace veilgate::uplink
