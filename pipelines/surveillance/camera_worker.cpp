// The worker mode of veilgate-surveillance: decodes, masks, detects, tracks, deduplicates and judges the cameras that
// its parent names, and hands closed results back over descriptor 3. It holds no keys and may be taken over by a
// hostile stream at any time; see lane/worker_protocol.h.

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include <sys/stat.h>

#include "config/load.h"
#include "core/exit_code.h"
#include "core/log.h"
#include "ipc/channel.h"
#include "media/gstreamer.h"
#include "process/child.h"
#include "process/hardening.h"
#include "surveillance/camera_loop.h"
#include "surveillance/modes.h"

namespace veilgate::surveillance {
namespace {

constexpr Millis kFirstMessage{30'000};
constexpr Millis kSendLimit{10'000};
constexpr Millis kLook{100};

volatile std::sig_atomic_t asked_to_end = 0;
void on_term(int) { asked_to_end = 1; }

/// The channel to the parent, shared by the cameras' threads.
class Parent {
 public:
  Parent() : channel_(ipc::UniqueFd(process::kChildChannel)) {}

  Result<void> send(const ipc::Message& message) {
    const std::lock_guard lock(sending_);
    return channel_.send(message, kSendLimit);
  }
  Result<std::optional<ipc::Message>> receive(Millis timeout) { return channel_.receive(timeout); }

 private:
  std::mutex sending_;
  ipc::Channel channel_;
};

Result<Config> config_of(const WorkerTask& task) {
  auto loaded = parse_config(task.config_text, task.config_name);
  if (!loaded.config) return Error(ErrorCode::kInvalidInput, "the parent sent a configuration with errors");
  return std::move(*loaded.config);
}

/// The configuration's own pins win over approved ones, field by field.
void add_approval(CameraConfig& camera, const DeviceConfig& approved) {
  auto& device = camera.device;
  if (device.certificate_sha256.empty()) device.certificate_sha256 = approved.certificate_sha256;
  if (device.onvif_serial.empty()) device.onvif_serial = approved.onvif_serial;
  if (device.mac.empty()) device.mac = approved.mac;
}

Result<std::vector<std::unique_ptr<CameraLoop>>> make_loops(const WorkerTask& task, Parent& parent) {
  VG_TRY(const Config config, config_of(task));
  std::vector<std::unique_ptr<CameraLoop>> loops;
  for (const auto& id : task.cameras) {
    const auto* found = config.camera(id);
    if (!found) return Error(ErrorCode::kInvalidInput, "the parent named a camera that is not configured");
    CameraLoop::Settings settings{*found, config.site.timezone, task.credentials_dir};
    const auto& views = task.unconfirmed_views;
    settings.view_unconfirmed = std::find(views.begin(), views.end(), id) != views.end();
    if (const auto approved = task.approved.find(id); approved != task.approved.end())
      add_approval(settings.camera, approved->second);
    CameraLoop::Outlets outlets;
    outlets.result = [&parent](WorkerResult&& result) { return parent.send(to_message(result)); };
    outlets.report = [&parent](const CameraReport& report) {
      (void)parent.send(to_message(report));  // a parent that is gone is noticed by the main thread
    };
    loops.push_back(std::make_unique<CameraLoop>(std::move(settings), std::move(outlets)));
  }
  return loops;
}

/// Until SIGTERM, or until the parent is gone.
void obey(Parent& parent, const WorkerTask& task, const std::vector<std::unique_ptr<CameraLoop>>& loops) {
  while (!asked_to_end) {
    auto message = parent.receive(kLook);
    if (!message) return;
    if (!*message) continue;
    const auto camera = parse_confirm_view(**message);
    if (!camera) continue;
    for (std::size_t i = 0; i < loops.size(); ++i)
      if (task.cameras[i] == *camera) loops[i]->confirm_view();
  }
}

Result<void> work() {
  Parent parent;
  VG_TRY(const auto first, parent.receive(kFirstMessage));
  if (!first) return Error(ErrorCode::kUnavailable, "no task from the parent");
  VG_TRY(const auto task, parse_task(*first));
  VG_CHECK(media::start_gstreamer());
  VG_TRY(const auto loops, make_loops(task, parent));
  std::vector<std::thread> threads;
  for (const auto& loop : loops) threads.emplace_back([&loop] { loop->run(); });
  obey(parent, task, loops);
  for (const auto& loop : loops) loop->stop();
  for (auto& thread : threads) thread.join();
  return {};
}

}  // namespace

int run_worker(int, char**) {
  struct stat channel{};
  if (fstat(process::kChildChannel, &channel) != 0 || !S_ISSOCK(channel.st_mode)) {
    std::fprintf(stderr, "veilgate-surveillance worker: started by veilgate-surveillance only\n");
    return kExitUsage;
  }
  process::forbid_memory_inspection();
  process::forbid_new_privileges();
  process::ignore_broken_pipes();
  struct sigaction action{};
  action.sa_handler = on_term;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  if (const auto done = work(); !done) {
    VG_LOG(kError, "worker", done.error().message());
    return kExitInternal;
  }
  return kExitOk;
}

}  // namespace veilgate::surveillance
