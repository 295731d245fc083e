// veilgate run: supervises the daemons of a small site.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/site_supervisor.h"
#include "config/load.h"
#include "core/exit_code.h"
#include "core/language.h"
#include "core/log.h"
#include "process/hardening.h"
#include "process/notify.h"
#include "process/signals.h"

namespace veilgate::cli {
namespace {

struct Options {
  std::string config = "/etc/veilgate/veilgate.yaml";
  std::string runtime = "/run/veilgate";
  std::string state = "/var/lib/veilgate";
  std::string credentials;
};

std::string absolute(const std::string& path) { return std::filesystem::absolute(path).lexically_normal().string(); }

int print_refusal(const Options& options, const LoadedConfig& loaded) {
  for (const auto& problem : loaded.problems)
    std::fprintf(stderr, "%s\n", describe(problem, options.config, user_language()).c_str());
  std::fprintf(stderr, "%s\n", say("配置有误，未启动任何进程", "nothing was started: the configuration is wrong").c_str());
  return loaded.unreadable ? kExitNoInput : kExitConfig;
}

/// Uplink first: a result is only accepted once it is there.
Result<SiteSupervisor::Settings> plan(const Options& options, const Config& config) {
  SiteSupervisor::Settings settings;
  settings.runtime_dir = absolute(options.runtime);
  settings.arguments = {"--config", absolute(options.config),   "--runtime",     settings.runtime_dir,
                        "--state",  absolute(options.state),    "--credentials", absolute(options.credentials)};
  std::vector<std::string> names{"uplink", "surveillance"};
  settings.stop_order = {1, 2, 0};
  if (!config.stations.empty()) {
    names.emplace_back("verification");
    settings.stop_order = {1, 2, 3, 0};
  }
  names.emplace_back("console");
  for (const auto& name : names) {
    const std::string path = sibling_executable("veilgate-" + name);
    if (access(path.c_str(), X_OK) != 0)
      return Error(ErrorCode::kMissingPart, "veilgate-" + name + ": " +
                                                say("缺少该程序，请安装 veilgate 软件包",
                                                    "this program is not installed: install the veilgate package"));
    settings.daemons.push_back({name, path});
  }
  return settings;
}

Result<int> supervise(SiteSupervisor::Settings settings) {
  VG_TRY(const auto loop, ipc::EventLoop::create());
  int exit_code = kExitOk;
  const auto ready = [] {
    VG_LOG(kInfo, "run", "ready");
    process::notify("READY=1");
  };
  SiteSupervisor site(*loop, std::move(settings), ready, [&](int code) {
    exit_code = code;
    loop->stop();
  });
  VG_TRY(const auto signals, process::Signals::watch(*loop, {SIGTERM, SIGINT, SIGHUP}, [&](int number) {
           if (number == SIGHUP) return site.forward(SIGHUP);
           process::notify("STOPPING=1");
           site.stop(kExitOk);
         }));
  if (const auto period = process::watchdog_period()) loop->every(*period, [] { process::notify_progress(); });
  site.start();
  loop->run();
  return exit_code;
}

int run(const Options& options) {
  const auto loaded = load_config(options.config);
  if (!loaded.config) return print_refusal(options, loaded);
  auto settings = plan(options, *loaded.config);
  if (!settings) {
    std::fprintf(stderr, "%s\n", settings.error().message().c_str());
    return kExitMissingPart;
  }
  process::ignore_broken_pipes();
  auto done = supervise(std::move(*settings));
  if (done) return *done;
  std::fprintf(stderr, "veilgate run: %s\n", done.error().message().c_str());
  return kExitInternal;
}

}  // namespace

void add_run(CLI::App& root, int& exit_code) {
  const auto options = std::make_shared<Options>();
  const char* given = std::getenv("CREDENTIALS_DIRECTORY");
  options->credentials = given && *given ? given : "/etc/veilgate/credentials";
  auto* command = root.add_subcommand("run", say("启动并看护全部进程（小型现场、演示）",
                                                 "start and supervise all processes (small site, desk, demo)"));
  command->add_option("--config", options->config, say("配置文件", "configuration file"))->capture_default_str();
  command->add_option("--runtime", options->runtime, say("运行目录", "runtime directory"))->capture_default_str();
  command->add_option("--state", options->state, say("状态目录", "state directory"))->capture_default_str();
  command->add_option("--credentials", options->credentials, say("凭据目录", "credentials directory"))
      ->capture_default_str();
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace veilgate::cli
