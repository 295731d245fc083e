// veilgate-console: health and metrics of the gateway over HTTP, on loopback unless configured otherwise.

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "config/load.h"
#include "core/exit_code.h"
#include "core/log.h"
#include "daemon_options.h"
#include "handlers/health.h"
#include "ipc/server.h"
#include "process/hardening.h"
#include "process/notify.h"
#include "process/signals.h"

namespace {

using namespace veilgate;
using namespace veilgate::console;

Result<void> serve(const DaemonOptions& options, const Config& config) {
  const SystemClock clock;
  std::error_code failed;
  std::filesystem::create_directories(options.runtime, failed);
  VG_TRY(const auto loop, ipc::EventLoop::create());
  VG_TRY(const auto signals, process::Signals::watch(*loop, {SIGTERM, SIGINT, SIGHUP}, [&](int number) {
           if (number == SIGHUP) return VG_LOG(kInfo, "config", "the console's address changes with a restart only");
           process::notify("STOPPING=1");
           loop->stop();
         }));
  const SiteView view(*loop, options.runtime, {"uplink", "surveillance"}, clock);
  HttpServer::Settings settings;
  settings.address = config.console.listen;
  settings.port = static_cast<std::uint16_t>(config.console.health_port);
  VG_TRY(const auto http, HttpServer::start(settings, [&view](const std::string& path) {
           return answer_health(path, view.snapshot(), VEILGATE_VERSION);
         }));
  const std::string address = settings.address + ":" + std::to_string(http->port());
  std::ofstream(options.runtime + "/console.address") << address << "\n";
  VG_TRY(const auto own, ipc::Server::create(*loop, {options.runtime + "/console.sock"},
                                             [&](const ipc::Peer&, ipc::Message&&, const ipc::Responder& responder) {
                                               responder.send({"status", 0, R"({"process":"console","ok":true,"problems":[],"address":")" +
                                                                                address + "\"}", {}});
                                             }));
  VG_LOG(kInfo, "console", "health and metrics on http://" + address);
  process::notify("READY=1");
  if (const auto period = process::watchdog_period()) loop->every(*period, [] { process::notify_progress(); });
  loop->run();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  init_log("veilgate-console");
  int exit_code = kExitOk;
  const auto options = parse_daemon_options(argc, argv, "veilgate-console", exit_code);
  if (!options) return exit_code;
  process::forbid_memory_inspection();
  process::forbid_new_privileges();
  process::ignore_broken_pipes();
  const auto loaded = load_config(options->config);
  if (!loaded.config) {
    print_problems(options->config, loaded.problems);
    return loaded.unreadable ? kExitNoInput : kExitConfig;
  }
  if (const auto served = serve(*options, *loaded.config); !served) {
    std::fprintf(stderr, "veilgate-console: %s\n", served.error().message().c_str());
    return kExitInternal;
  }
  return kExitOk;
}
