#include "cli/site_supervisor.h"

#include <csignal>
#include <string_view>

#include <unistd.h>

#include "core/exit_code.h"
#include "core/log.h"
#include "ipc/channel.h"

namespace veilgate::cli {
namespace {

constexpr Millis kSocketLook{50};

/// Ours, without what the service manager said to us alone.
std::vector<std::string> daemon_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    if (text.starts_with("NOTIFY_SOCKET=") || text.starts_with("WATCHDOG_")) continue;
    out.emplace_back(text);
  }
  return out;
}

}  // namespace

SiteSupervisor::SiteSupervisor(ipc::EventLoop& loop, Settings settings, std::function<void()> on_ready,
                               std::function<void(int)> on_ended)
    : loop_(loop), settings_(std::move(settings)), on_ready_(std::move(on_ready)), on_ended_(std::move(on_ended)) {
  for (std::size_t i = 0; i < settings_.daemons.size(); ++i)
    daemons_.push_back(std::make_unique<process::Supervised>(loop_, "veilgate-" + settings_.daemons[i].name,
                                                             callbacks_for(i)));
}

SiteSupervisor::~SiteSupervisor() { loop_.cancel(timer_); }

process::Supervised::Callbacks SiteSupervisor::callbacks_for(std::size_t index) {
  process::Supervised::Callbacks callbacks;
  callbacks.spawn = [this, index] {
    process::SpawnSettings spawn;
    spawn.executable = settings_.daemons[index].executable;
    spawn.arguments = settings_.arguments;
    spawn.environment = daemon_environment();
    spawn.environment_mode = process::SpawnSettings::Environment::kReplace;
    spawn.death_signal = SIGTERM;  // should we be killed, they end cleanly by themselves
    return process::Child::spawn(spawn);
  };
  callbacks.on_exit = [this, index](const process::ExitStatus& status) { on_exit(index, status); };
  // Until all have started, an end is a start-up failure: nothing runs half. Afterwards everything is tried again.
  callbacks.is_final = [this](const process::ExitStatus& status) { return !ready_ && status.signal == 0; };
  return callbacks;
}

void SiteSupervisor::start() { start_next(); }

void SiteSupervisor::start_next() {
  if (stopping_) return;
  if (started_ == daemons_.size()) {
    ready_ = true;
    return on_ready_();
  }
  const std::size_t index = started_++;
  daemons_[index]->start();
  wait_for_socket(index);
}

void SiteSupervisor::wait_for_socket(std::size_t index) {
  timer_ = loop_.after(kSocketLook, [this, index] {
    if (stopping_) return;
    if (ipc::Channel::connect(settings_.runtime_dir + "/" + settings_.daemons[index].name + ".sock"))
      return start_next();
    wait_for_socket(index);
  });
}

void SiteSupervisor::on_exit(std::size_t index, const process::ExitStatus& status) {
  if (ready_ || stopping_ || status.signal != 0) return;
  VG_LOG(kError, "run", "veilgate-" + settings_.daemons[index].name + " cannot start: " + to_string(status));
  loop_.post([this, code = status.code] { stop(code == kExitOk ? kExitInternal : code); });
}

void SiteSupervisor::forward(int signal) {
  for (const auto& daemon : daemons_) daemon->signal(signal);
}

void SiteSupervisor::stop(int exit_code) {
  if (stopping_) return;
  stopping_ = true;
  exit_code_ = exit_code;
  loop_.cancel(timer_);
  stop_next(0);
}

void SiteSupervisor::stop_next(std::size_t position) {
  if (position == settings_.stop_order.size()) return on_ended_(exit_code_);
  const std::size_t index = settings_.stop_order[position];
  daemons_[index]->stop(settings_.daemons[index].grace, [this, position] { stop_next(position + 1); });
}

}  // namespace veilgate::cli
