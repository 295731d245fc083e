#include "process/supervised.h"

#include <csignal>

#include <poll.h>

#include "core/log.h"

namespace veilgate::process {

const char* to_string(ChildState state) {
  switch (state) {
    case ChildState::kRunning: return "running";
    case ChildState::kWaiting: return "restarting";
    case ChildState::kHeld: return "held";
    case ChildState::kStopping: return "stopping";
    case ChildState::kStopped: return "stopped";
    case ChildState::kFailed: return "failed";
  }
  return "unknown";
}

Supervised::Supervised(ipc::EventLoop& loop, std::string name, Callbacks callbacks)
    : loop_(loop), name_(std::move(name)), callbacks_(std::move(callbacks)) {}

Supervised::~Supervised() {
  loop_.cancel(timer_);
  if (child_) loop_.unwatch(child_->exit_fd());
}

void Supervised::start() {
  if (child_ || state_ == ChildState::kStopping) return;
  loop_.cancel(timer_);
  brake_.release();
  launch();
}

void Supervised::launch() {
  auto child = callbacks_.spawn();
  if (!child) {
    last_end_ = child.error().message();
    VG_LOG(kError, "process", "cannot start " + name_ + ": " + last_end_);
    return schedule();
  }
  child_ = std::move(*child);
  state_ = ChildState::kRunning;
  VG_LOG(kInfo, "process", "started " + name_ + " pid=" + std::to_string(child_->pid()));
  loop_.watch(child_->exit_fd(), POLLIN, [this](short) { on_ended(); });
}

void Supervised::on_ended() {
  const int exit_fd = child_->exit_fd();
  const auto status = child_->reap();
  if (!status && status.error().code() == ErrorCode::kUnavailable) return;
  loop_.unwatch(exit_fd);
  child_.reset();
  const ExitStatus ended = status ? *status : ExitStatus{};
  last_end_ = to_string(ended);
  VG_LOG(kInfo, "process", "ended " + name_ + ": " + last_end_);
  const bool asked = state_ == ChildState::kStopping;
  if (callbacks_.on_exit) callbacks_.on_exit(ended);
  if (asked) return finish_stop();
  if (callbacks_.is_final && callbacks_.is_final(ended)) {
    state_ = ChildState::kFailed;
    return;
  }
  schedule();
}

void Supervised::schedule() {
  const auto decision = brake_.on_exit(MonoTime{std::chrono::steady_clock::now().time_since_epoch()});
  state_ = decision.held ? ChildState::kHeld : ChildState::kWaiting;
  if (decision.held) VG_LOG(kError, "process", name_ + " ended too often: held for a minute");
  timer_ = loop_.after(decision.wait, [this] {
    ++restarts_;
    launch();
  });
}

void Supervised::stop(Millis grace, std::function<void()> on_stopped) {
  on_stopped_ = std::move(on_stopped);
  loop_.cancel(timer_);
  if (!child_) {
    state_ = ChildState::kStopping;
    timer_ = loop_.after(Millis{0}, [this] { finish_stop(); });
    return;
  }
  state_ = ChildState::kStopping;
  child_->signal(SIGTERM);
  timer_ = loop_.after(grace, [this] {
    VG_LOG(kWarning, "process", name_ + " does not end: killed");
    if (child_) child_->signal(SIGKILL);
  });
}

void Supervised::restart(Millis grace) {
  if (state_ == ChildState::kStopping) return;
  stop(grace, [this] { start(); });
}

void Supervised::signal(int number) const {
  if (child_) child_->signal(number);
}

std::optional<pid_t> Supervised::pid() const {
  return child_ ? std::optional(child_->pid()) : std::nullopt;
}

void Supervised::finish_stop() {
  loop_.cancel(timer_);
  state_ = ChildState::kStopped;
  if (const auto told = std::exchange(on_stopped_, nullptr)) told();
}

}  // namespace veilgate::process
