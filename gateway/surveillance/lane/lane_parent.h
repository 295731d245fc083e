#pragma once
// The parent process of the surveillance lane: one worker process per camera (or one for all, `workers: shared`),
// closed results in, sealed records out to the uplink. It decodes nothing and alone holds keys.
//
//   worker ─ result ▸ checked ▸ payload ▸ sealed ▸ submit queue ─▶ uplink socket
//
// Serves <runtime>/surveillance.sock: "status", "approve" {camera, pins}, "confirm_view" {camera}.
// Thread word: thread-bound to its loop.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/reload.h"
#include "core/clock.h"
#include "core/problem.h"
#include "ipc/server.h"
#include "lane/accepted_config.h"
#include "lane/camera_board.h"
#include "lane/credential_view.h"
#include "lane/device_approvals.h"
#include "lane/submit_queue.h"
#include "lane/unconfirmed_views.h"
#include "lane/worker_link.h"

namespace veilgate::surveillance {

class LaneParent {
 public:
  struct Settings {
    std::string runtime_dir;
    std::string state_dir;
    std::string credentials_dir;
    WorkerProgram worker;
    SubmitQueue::Bounds bounds{};
  };
  /// What must be provable later; the composition root hands it to the audit log.
  struct Happening {
    enum class Kind { kConfigLoaded, kConfigRefused, kConfigChanged, kCameraLost, kCameraBack, kCameraAdmitted,
                      kCameraDenied, kViewShifted, kViewConfirmed, kRecordsDropped };
    Kind kind;
    std::string object;
    std::string content;
  };
  using Witness = std::function<void(const Happening&)>;

  static Result<std::unique_ptr<LaneParent>> create(ipc::EventLoop& loop, Settings settings, AcceptedConfig accepted,
                                                    std::unique_ptr<Sealing> sealing, const Clock& clock,
                                                    Witness witness);
  ~LaneParent();

  /// SIGHUP: takes over what can change; a file with errors changes nothing.
  void reload();
  /// Ends the workers, seals the last checkpoints, waits for the uplink's answers (at most a few seconds).
  void stop(std::function<void()> on_stopped);

  std::string status_json() const;
  /// True while every worker that should run shows that its loop turns: feeds the service watchdog.
  bool progressing() const;
  std::string summary() const;  ///< "7/8 cameras fresh"

 private:
  struct Worker {
    std::unique_ptr<CredentialView> credentials;
    std::unique_ptr<WorkerLink> link;
  };
  LaneParent(ipc::EventLoop& loop, Settings settings, AcceptedConfig accepted, std::unique_ptr<Sealing> sealing,
             const Clock& clock, Witness witness);
  Result<void> serve();
  void make_workers();
  void add_worker(const std::string& name, const std::vector<CameraConfig>& cameras);
  WorkerTask task_for(const std::string& worker) const;
  void on_request(ipc::Message&& request, const ipc::Responder& responder);
  Result<void> approve(const ipc::Message& request);
  Result<void> confirm_view(const ipc::Message& request);
  void on_result(WorkerResult&& result);
  void on_report(CameraReport&& report);
  void look_around();
  void note_states();
  void replace_worker(const std::string& name);  ///< a clean end, then a fresh one, if it is still configured
  void apply(AcceptedConfig&& candidate, const std::vector<Change>& changes);
  WorkerLink* link_of(const CameraId& camera) const;
  MonoTime now() const { return clock_.monotonic(); }

  ipc::EventLoop& loop_;
  Settings settings_;
  AcceptedConfig accepted_;
  const Clock& clock_;
  Witness witness_;
  MonoTime started_;
  DeviceApprovals approvals_;
  UnconfirmedViews unconfirmed_views_;
  CameraBoard board_;
  SubmitQueue queue_;
  std::map<std::string, Worker> workers_;
  std::map<CameraId, SourceState> last_states_;
  std::unique_ptr<ipc::Server> server_;
  std::vector<Problem> reload_problems_;      ///< of the last refused file; empty after a good one
  std::vector<std::string> restart_needed_;   ///< key paths that a reload could not take over
  std::uint64_t reloads_ = 0;
  std::uint64_t reported_drops_ = 0;
  bool stopping_ = false;
  ipc::EventLoop::TimerId look_timer_ = 0;
};

}  // namespace veilgate::surveillance
