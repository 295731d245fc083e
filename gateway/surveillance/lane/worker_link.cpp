#include "lane/worker_link.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <string_view>

#include <unistd.h>

#include "core/log.h"
#include "ipc/channel.h"

namespace veilgate::surveillance {
namespace {

constexpr double kResultsPerSecond = 20;
constexpr double kResultBurst = 200;
constexpr double kReportsPerSecond = 5;
constexpr double kReportBurst = 20;
constexpr Millis kSilenceLook{1'000};

MonoTime mono_now() { return MonoTime{std::chrono::steady_clock::now().time_since_epoch()}; }

/// What a decoder needs of our environment; no credentials directory, no notify socket.
std::vector<std::string> worker_environment() {
  constexpr std::string_view kPassed[] = {"PATH=", "HOME=", "LANG=", "LC_", "TZ=", "TMPDIR=", "XDG_CACHE_HOME=", "GST_",
                                          "VEILGATE_", "LD_LIBRARY_PATH=", "ASAN_", "UBSAN_", "OPENSSL_CONF="};
  std::vector<std::string> out;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    if (std::any_of(std::begin(kPassed), std::end(kPassed), [&](auto prefix) { return text.starts_with(prefix); }))
      out.emplace_back(text);
  }
  return out;
}

}  // namespace

WorkerLink::WorkerLink(ipc::EventLoop& loop, std::string name, std::set<CameraId> cameras, WorkerProgram program,
                       Callbacks callbacks)
    : loop_(loop), cameras_(std::move(cameras)), program_(std::move(program)), callbacks_(std::move(callbacks)),
      results_(kResultsPerSecond * static_cast<double>(cameras_.size()), kResultBurst),
      reports_(kReportsPerSecond * static_cast<double>(cameras_.size()), kReportBurst),
      child_(loop, std::move(name),
             {[this] { return spawn(); }, [this](const process::ExitStatus&) { on_exit(); }, nullptr}) {
  silence_timer_ = loop_.every(kSilenceLook, [this] { look_for_silence(); });
}

WorkerLink::~WorkerLink() { loop_.cancel(silence_timer_); }

Result<process::Child> WorkerLink::spawn() {
  VG_TRY(auto ends, ipc::Channel::pair());
  process::SpawnSettings settings;
  settings.executable = program_.executable;
  settings.arguments = program_.arguments;
  settings.environment = worker_environment();
  settings.environment_mode = process::SpawnSettings::Environment::kReplace;
  settings.channel = ends.second.get();
  settings.death_signal = SIGKILL;
  VG_TRY(auto child, process::Child::spawn(settings));
  ipc::Connection::Callbacks callbacks;
  callbacks.on_message = [this](ipc::Message&& message) { on_message(message); };
  callbacks.on_closed = [this](const Error& error) {
    if (error.code() == ErrorCode::kInvalidInput) violation(error);
  };
  connection_ = std::make_unique<ipc::Connection>(loop_, std::move(ends.first), std::move(callbacks));
  last_report_ = mono_now();
  VG_CHECK(connection_->send(to_message(callbacks_.task())));
  return child;
}

void WorkerLink::on_message(const ipc::Message& message) {
  if (message.kind == "report") {
    auto report = parse_report(message);
    if (!report) return violation(report.error());
    if (!is_mine(report->camera)) return;
    last_report_ = mono_now();
    if (reports_.allow(last_report_)) callbacks_.on_report(std::move(*report));
    return;
  }
  auto result = parse_result(message);  // refuses every other kind
  if (!result) return violation(result.error());
  if (!is_mine(result->camera)) return;
  if (results_.allow(mono_now())) return callbacks_.on_result(std::move(*result));
  if (counters_.rate_limited++ == 0) VG_LOG(kError, "worker", child_.name() + " sends results too fast: dropping");
}

bool WorkerLink::is_mine(const CameraId& camera) {
  if (cameras_.count(camera)) return true;
  violation({ErrorCode::kUntrusted, "it speaks for a camera that is not its own"});
  return false;
}

void WorkerLink::violation(const Error& error) {
  ++counters_.violations;
  VG_LOG(kError, "worker", child_.name() + " broke the protocol and is ended: " + error.message());
  if (connection_) connection_->close();
  child_.signal(SIGKILL);
}

void WorkerLink::on_exit() {
  if (connection_) connection_->drain();  // its last results are still in the socket
  connection_.reset();
  if (callbacks_.on_ended) callbacks_.on_ended();
}

std::optional<Millis> WorkerLink::silence() const {
  if (!child_.running()) return std::nullopt;
  return std::chrono::duration_cast<Millis>(mono_now() - last_report_);
}

void WorkerLink::look_for_silence() {
  const auto quiet = silence();
  if (!quiet || *quiet < kSilence || child_.state() != process::ChildState::kRunning) return;
  ++counters_.silent;
  VG_LOG(kError, "worker", child_.name() + " reports nothing and is ended");
  last_report_ = mono_now();
  child_.signal(SIGKILL);
}

Result<void> WorkerLink::confirm_view(const CameraId& camera) {
  if (!connection_) return Error(ErrorCode::kUnavailable, "the camera's worker is not running");
  return connection_->send(confirm_view_message(camera));
}

}  // namespace veilgate::surveillance
