#include "lane/lane_parent.h"

#include <algorithm>
#include <utility>

#include "core/log.h"
#include "envelope/topics.h"
#include "lane/result_judge.h"
#include "result/payload.h"

namespace veilgate::surveillance {
namespace {

constexpr Millis kLookAround{500};
constexpr Millis kDrainLimit{5'000};

MessageClass message_class_of(const SurveillanceResult& result) {
  switch (class_of(result)) {
    case ResultClass::kAlarm: return MessageClass::kAlarm;
    case ResultClass::kEvent: return MessageClass::kEvent;
    case ResultClass::kFace: return MessageClass::kFace;
    case ResultClass::kImage: return MessageClass::kImage;
  }
  return MessageClass::kEvent;
}

std::string id_of(const SurveillanceResult& result) {
  if (const auto* face = std::get_if<FaceResult>(&result)) return face->id.get();
  if (const auto* event = std::get_if<EventResult>(&result)) return event->id.get();
  if (const auto* dedup = std::get_if<DedupResult>(&result)) return dedup->of.get();
  return std::get<FaceImage>(result).of.get();
}

}  // namespace

Result<std::unique_ptr<LaneParent>> LaneParent::create(ipc::EventLoop& loop, Settings settings,
                                                       AcceptedConfig accepted, std::unique_ptr<Sealing> sealing,
                                                       const Clock& clock, Witness witness) {
  std::unique_ptr<LaneParent> parent(new LaneParent(loop, std::move(settings), std::move(accepted),
                                                    std::move(sealing), clock, std::move(witness)));
  VG_CHECK(parent->serve());
  parent->make_workers();
  return parent;
}

LaneParent::LaneParent(ipc::EventLoop& loop, Settings settings, AcceptedConfig accepted,
                       std::unique_ptr<Sealing> sealing, const Clock& clock, Witness witness)
    : loop_(loop), settings_(std::move(settings)), accepted_(std::move(accepted)), clock_(clock),
      witness_(std::move(witness)), started_(clock.monotonic()), approvals_(settings_.state_dir),
      unconfirmed_views_(settings_.state_dir),
      queue_(loop, settings_.runtime_dir + "/uplink.sock", std::move(sealing), settings_.bounds) {
  look_timer_ = loop_.every(kLookAround, [this] { look_around(); });
}

LaneParent::~LaneParent() { loop_.cancel(look_timer_); }

Result<void> LaneParent::serve() {
  ipc::Server::Settings settings;
  settings.path = settings_.runtime_dir + "/surveillance.sock";
  VG_TRY(server_, ipc::Server::create(loop_, std::move(settings),
                                      [this](const ipc::Peer&, ipc::Message&& request, ipc::Responder responder) {
                                        on_request(std::move(request), responder);
                                      }));
  return {};
}

void LaneParent::make_workers() {
  const auto& config = accepted_.config;
  board_.set_cameras(config.cameras);
  if (config.workers == Workers::kShared) {
    if (!config.cameras.empty()) add_worker("shared", config.cameras);
    return;
  }
  for (const auto& camera : config.cameras)
    if (!workers_.count(camera.id.get())) add_worker(camera.id.get(), {camera});
}

void LaneParent::add_worker(const std::string& name, const std::vector<CameraConfig>& cameras) {
  std::set<CameraId> ids;
  std::vector<std::string> credentials;
  for (const auto& camera : cameras) {
    ids.insert(camera.id);
    if (!camera.source.credentials.empty()) credentials.push_back(camera.source.credentials);
  }
  auto& worker = workers_[name];
  worker.credentials = std::make_unique<CredentialView>(
      settings_.credentials_dir, settings_.runtime_dir + "/workers/" + name, std::move(credentials));
  WorkerLink::Callbacks callbacks;
  callbacks.task = [this, name] { return task_for(name); };
  callbacks.on_result = [this](WorkerResult&& result) { on_result(std::move(result)); };
  callbacks.on_report = [this](CameraReport&& report) { on_report(std::move(report)); };
  callbacks.on_ended = [this, ids] {
    for (const auto& id : ids) board_.on_worker_ended(id);
    note_states();
  };
  worker.link = std::make_unique<WorkerLink>(loop_, "worker " + name, ids, settings_.worker, std::move(callbacks));
  worker.link->start();
}

WorkerTask LaneParent::task_for(const std::string& name) const {
  const auto& worker = workers_.at(name);
  if (auto fresh = worker.credentials->refresh(); !fresh)
    VG_LOG(kError, "lane", "credentials of worker " + name + ": " + fresh.error().message());
  WorkerTask task;
  task.config_name = accepted_.config.file;
  task.config_text = accepted_.text;
  task.credentials_dir = worker.credentials->path();
  for (const auto& id : worker.link->cameras()) {
    task.cameras.push_back(id);
    if (unconfirmed_views_.contains(id)) task.unconfirmed_views.push_back(id);
    const auto approved = approvals_.find(id);
    if (approved) task.approved[id] = *approved;
    else VG_LOG(kError, "lane", approved.error().message());
  }
  return task;
}

void LaneParent::on_result(WorkerResult&& result) {
  const auto* camera = accepted_.config.camera(result.camera);
  if (!camera) return;  // taken out of the configuration a moment ago
  if (const auto allowed = judge_result(*camera, result.result); !allowed) {
    if (auto* link = link_of(camera->id)) link->refuse(allowed.error());
    return;
  }
  board_.on_result(result);
  const auto& config = accepted_.config;
  const PayloadContext context{config.gateway, camera->id, camera->purpose, camera->gat1400_device_id,
                               clock_.state(), camera->source.test};
  const auto topics = TopicScheme::create(config.uplink.topic_prefix, config.site.id, config.gateway.get());
  if (!topics) return;  // the sealer was opened with the same three, so this cannot be
  Message message;
  message.message_class = message_class_of(result.result);
  message.source = camera->id.get();
  message.topic = topics->surveillance_events(camera->id.get());
  message.id = id_of(result.result);
  message.content_type = "application/json";
  const std::string payload = to_payload(result.result, context);
  const auto bytes = as_bytes(payload);
  message.payload.assign(bytes.begin(), bytes.end());
  queue_.add(std::move(message));
}

void LaneParent::on_report(CameraReport&& report) {
  const CameraId id = report.camera;
  if (report.view == "shifted") {
    const auto news = unconfirmed_views_.note_shifted(id, clock_.now(), now());
    if (!news) VG_LOG(kError, "lane", news.error().message());
    if (news && *news) witness_({Happening::Kind::kViewShifted, id.get(), ""});
  }
  board_.on_report(std::move(report), now());
  note_states();
}

void LaneParent::look_around() {
  for (auto& [name, worker] : workers_) (void)worker.credentials->refresh();  // a failure is logged at the next start
  note_states();
  const auto dropped = queue_.counters().dropped_total();
  if (dropped > reported_drops_)
    witness_({Happening::Kind::kRecordsDropped, "backlog", std::to_string(dropped - reported_drops_)});
  reported_drops_ = dropped;
}

/// Changes of state become happenings.
void LaneParent::note_states() {
  if (stopping_) return;
  for (const auto& camera : accepted_.config.cameras) {
    const auto state = board_.status_of(camera.id, link_of(camera.id), now());
    const auto last = last_states_.find(camera.id);
    const bool changed = last == last_states_.end() || last->second != state.state;
    if (changed && last != last_states_.end()) {
      if (state.state == SourceState::kOnline) witness_({Happening::Kind::kCameraBack, camera.id.get(), ""});
      else if (last->second == SourceState::kOnline)
        witness_({Happening::Kind::kCameraLost, camera.id.get(), state.reason});
    }
    if (changed && state.state == SourceState::kHeld)  // refused credentials, or a device that is not the approved one
      witness_({Happening::Kind::kCameraDenied, camera.id.get(), state.reason});
    last_states_[camera.id] = state.state;
  }
}

WorkerLink* LaneParent::link_of(const CameraId& camera) const {
  for (const auto& [name, worker] : workers_)
    if (worker.link->cameras().count(camera)) return worker.link.get();
  return nullptr;
}

bool LaneParent::progressing() const {
  return std::all_of(workers_.begin(), workers_.end(), [](const auto& entry) {
    const auto silence = entry.second.link->silence();
    return !silence || *silence < WorkerLink::kSilence;
  });
}

std::string LaneParent::summary() const {
  std::size_t fresh = 0;
  const auto& cameras = accepted_.config.cameras;
  for (const auto& camera : cameras)
    fresh += board_.status_of(camera.id, link_of(camera.id), now()).state == SourceState::kOnline;
  return std::to_string(fresh) + "/" + std::to_string(cameras.size()) + " cameras fresh";
}

void LaneParent::stop(std::function<void()> on_stopped) {
  if (std::exchange(stopping_, true)) return;  // asked before
  const auto left = std::make_shared<std::size_t>(workers_.size() + 1);
  const auto one_done = [this, left, on_stopped = std::move(on_stopped)] {
    if (--*left == 0) queue_.drain(kDrainLimit, on_stopped);
  };
  for (auto& [name, worker] : workers_) worker.link->stop(one_done);
  one_done();
}

}  // namespace veilgate::surveillance
