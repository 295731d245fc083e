#include "lane/camera_chain.h"

#include <algorithm>
#include <map>
#include <optional>

#include "dedup/visit_dedup.h"
#include "detect/motion.h"
#include "lane/face_search.h"
#include "lane/result_ids.h"
#include "lane/track_recorder.h"
#include "rules/rule_engine.h"
#include "track/scene_tracker.h"

namespace veilgate::surveillance {
namespace {

/// A wall clock that goes back, or on by more than this between two frames, was set: what was followed ends
/// there.
constexpr Millis kClockJump{60'000};

DedupSettings dedup_settings(const CameraConfig& camera, const ChainSeed& seed) {
  return {camera.dedup, camera.quality, camera.capture, camera.images,
          derive_seed(seed, SeedPurpose::kDescriptors, camera.id.get())};
}

SearchSettings search_settings(const CameraConfig& camera) {
  SearchSettings settings;
  settings.min_face_px = camera.detector.min_face_px;
  return settings;
}

TrackerSettings bounded(TrackerSettings settings) {
  settings.max_tracks = kMaxTracks;
  return settings;
}

}  // namespace

struct CameraChain::Steps {
  Steps(const CameraConfig& config, ChainParts given, RuleEngine rules)
      : camera_(config),
        mask_(given.mask),
        detector_(std::move(given.detector), search_settings(config)),
        tracker_(bounded(face_tracker_settings()), bounded(object_tracker_settings())),
        dedup_(dedup_settings(config, given.seed)),
        rules_(std::move(rules)),
        sink_(given.sink),
        encoder_(std::move(given.encoder)),
        ids_(derive_seed(given.seed, SeedPurpose::kIds, config.id.get())),
        view_(given.view) {
    if (!given.tracks) return;
    face_paths_.emplace([sink = given.tracks](const TrackedBox& box) { sink->face(box); });
    object_paths_.emplace([sink = given.tracks](const TrackedBox& box) { sink->object(box); });
  }

  // ---- the chain ----
  Result<void> process(RawFrame&& raw);
  void watch_view(const MaskedFrame& frame);
  void follow(const SceneInput& input, const MaskedFrame* frame);
  void finish();

  bool too_soon(UtcTime time) const;
  std::vector<SeenFace> seen_faces(const SceneInput& input) const;
  std::vector<TrackId> ended_faces() const;
  std::vector<Sighting> sightings() const;
  void record(std::uint64_t frame);
  void submit(DedupOutcome outcome);
  void submit(const std::vector<RuleEvent>& events);
  void submit_image(const FaceReport& report, const ResultId& of);
  void give(SurveillanceResult result);

  CameraConfig camera_;
  PrivacyMask& mask_;
  MotionObjects motion_;
  FaceSearch detector_;
  SceneTracker tracker_;
  VisitDedup dedup_;
  RuleEngine rules_;
  ResultSink& sink_;
  std::unique_ptr<ImageEncoder> encoder_;
  ResultIds ids_;
  std::optional<TrackRecorder> face_paths_, object_paths_;
  ViewGuard* view_;
  LumaImage view_picture_;

  std::optional<UtcTime> last_;  // of the last analysed frame or idle step
  int width_ = 0, height_ = 0;
  std::map<std::uint64_t, ResultId> face_ids_;   // reports whose window is open
  std::map<std::uint64_t, ResultId> event_ids_;  // running events
  std::uint32_t sequence_ = 0;
  ChainCounters counters_;
};

Result<void> CameraChain::Steps::process(RawFrame&& raw) {
  auto masked = mask_.apply(std::move(raw));
  if (!masked) {
    ++counters_.frames_refused;
    return std::move(masked).error();
  }
  const MaskedFrame& frame = *masked;
  const UtcTime time = frame.info().time;
  if (last_ && (time < *last_ || time - *last_ > kClockJump)) finish();
  if (too_soon(time)) return {};
  ++counters_.frames;
  last_ = time;
  width_ = frame.width();
  height_ = frame.height();

  watch_view(frame);
  const MotionReport motion = motion_.observe(frame);
  const SearchOutcome found =
      detector_.detect(frame, motion, tracker_.faces().tracks(), tracker_.objects().tracks());
  follow({time, width_, height_, found.faces, found.looked, motion.objects}, &frame);
  record(frame.info().number);
  return {};
}

/// With the whole picture covered there is nothing to judge.
void CameraChain::Steps::watch_view(const MaskedFrame& frame) {
  if (!view_ || mask_.covers_everything() || !view_->is_due(frame.info().time)) return;
  scale_luma(frame, std::min(kViewWidth, width_), std::min(kViewHeight, height_), view_picture_);
  view_->update(view_picture_, frame.info().time);
}

/// The rest of the chain; without a frame, only time goes on.
void CameraChain::Steps::follow(const SceneInput& input, const MaskedFrame* frame) {
  tracker_.update(input);
  submit(frame ? dedup_.admit(*frame, seen_faces(input)) : dedup_.advance(input.time));
  submit(dedup_.end_visits(ended_faces(), input.time));
  submit(rules_.evaluate(input.time, sightings()));
}

void CameraChain::Steps::finish() {
  tracker_.end_all();
  submit(dedup_.finish(last_.value_or(UtcTime{})));
  submit(rules_.finish());
  detector_.reset();
  motion_.reset();
  last_.reset();
}

/// Not every frame of a fast camera tells something new, and fewer do in an empty scene. max_analysis_fps may
/// ask for fewer still, with a quarter of a period's tolerance for jitter.
bool CameraChain::Steps::too_soon(UtcTime time) const {
  if (!last_) return false;
  const SearchSettings& settings = detector_.settings();
  const bool empty = tracker_.faces().tracks().empty() && tracker_.objects().tracks().empty();
  if (time - *last_ < (empty && detector_.at_rest(time) ? settings.resting_step : settings.analysis_step))
    return true;
  if (camera_.max_analysis_fps <= 0) return false;
  return (time - *last_) * 4 * camera_.max_analysis_fps < Millis{3000};
}

std::vector<SeenFace> CameraChain::Steps::seen_faces(const SceneInput& input) const {
  std::vector<SeenFace> seen;
  for (const Track& track : tracker_.faces().tracks())
    if (track.confirmed() && track.seen)
      seen.push_back({track.id, input.faces[track.observation], track.first_seen});
  return seen;
}

std::vector<TrackId> CameraChain::Steps::ended_faces() const {
  std::vector<TrackId> ended;
  for (const Track& track : tracker_.faces().ended())
    if (track.confirmed()) ended.push_back(track.id);
  return ended;
}

std::vector<Sighting> CameraChain::Steps::sightings() const {
  std::vector<Sighting> sightings;
  for (const SceneObject& object : tracker_.scene()) {
    const Point at = object.box.bottom_center();
    sightings.push_back(
        {object.id, {at.x / width_, at.y / height_}, object.seen, object.person, object.seen_share});
  }
  return sightings;
}

void CameraChain::Steps::record(std::uint64_t frame) {
  if (!face_paths_) return;
  for (const Track& track : tracker_.faces().tracks())
    face_paths_->add(track.serial, {frame, track.id.get(), track.box, track.score}, track.seen);
  face_paths_->end_frame();
  for (const Track& track : tracker_.objects().tracks()) {
    const auto& scene = tracker_.scene();
    const auto object = std::find_if(
        scene.begin(), scene.end(), [&](const SceneObject& one) { return one.object_track == track.serial; });
    object_paths_->add(track.serial, {frame, object == scene.end() ? 0 : object->id, track.box, track.score},
                       track.seen);
  }
  object_paths_->end_frame();
}

void CameraChain::Steps::submit(DedupOutcome outcome) {
  for (FaceReport& report : outcome.reports) {
    FaceResult face;
    face.id = ids_.next(report.decided);
    face.track = report.track;
    face.time = report.time;
    face.decided = report.decided;
    face.appeared = report.appeared;
    face.disappeared = report.disappeared;
    face.box = report.box;
    face.confidence = std::clamp(report.confidence, 0.0, 1.0);
    face.sequence = sequence_++ % 100000;
    face.dedup = {camera_.dedup.max_images_per_visit, camera_.dedup.window, 0};
    ++counters_.faces_reported;
    if (camera_.dedup.window > Seconds{0}) face_ids_[report.serial] = face.id;
    const ResultId id = face.id;
    give(std::move(face));
    submit_image(report, id);
  }
  for (const WindowClosed& window : outcome.closed) {
    const auto of = face_ids_.extract(window.of);
    if (of && window.suppressed_count > 0)
      give(DedupResult{ids_.next(window.time), of.mapped(), window.time, window.suppressed_count});
  }
}

void CameraChain::Steps::submit_image(const FaceReport& report, const ResultId& of) {
  if (!encoder_ || report.crop.empty()) return;
  const BgrImage& crop = report.crop.image();
  auto jpeg = encoder_->encode_jpeg(crop);
  if (!jpeg) {
    ++counters_.results_lost;
    return;
  }
  give(FaceImage{ids_.next(report.decided), of, report.time, crop.width, crop.height, std::move(*jpeg)});
}

void CameraChain::Steps::submit(const std::vector<RuleEvent>& events) {
  for (const RuleEvent& event : events) {
    if (event.phase == EventPhase::kNew) {
      event_ids_[event.serial] = ids_.next(event.time);
      ++counters_.events;
    }
    EventResult out;
    out.id = event_ids_[event.serial];
    out.rule = event.rule;
    out.type = event.type;
    out.phase = event.phase;
    out.zone = event.zone;
    out.line = event.line;
    out.object = ObjectId{event.object};
    out.object_class = event.person ? ObjectClass::kPerson : ObjectClass::kObject;
    out.begin = event.begin;
    out.end = event.end;
    out.time = event.time;
    out.confidence = event.confidence;
    if (event.phase == EventPhase::kEnd) event_ids_.erase(event.serial);
    give(std::move(out));
  }
}

void CameraChain::Steps::give(SurveillanceResult result) {
  if (!sink_.submit(std::move(result))) ++counters_.results_lost;
}

CameraChain::CameraChain(std::unique_ptr<Steps> steps) : steps_(std::move(steps)) {}
CameraChain::~CameraChain() = default;

Result<std::unique_ptr<CameraChain>> CameraChain::create(const CameraConfig& camera, ChainParts parts) {
  if (!parts.detector) return Error(ErrorCode::kInvalidInput, "a camera's chain needs a face detector");
  if (camera.images == ImagePolicy::kFaceCrop && !parts.encoder)
    return Error(ErrorCode::kInvalidInput, "images: face_crop needs an image encoder");
  VG_TRY(auto zone, TimeZone::load(parts.timezone));
  VG_TRY(auto rules, RuleEngine::create(camera, std::move(zone)));
  auto steps = std::make_unique<Steps>(camera, std::move(parts), std::move(rules));
  return std::unique_ptr<CameraChain>(new CameraChain(std::move(steps)));
}

Result<void> CameraChain::process(RawFrame&& raw) { return steps_->process(std::move(raw)); }

void CameraChain::idle(UtcTime now) {
  if (!steps_->last_ || now <= *steps_->last_) return;
  steps_->last_ = now;
  static const std::vector<FaceDetection> kNoFaces;
  static const std::vector<Box> kNowhere;
  static const std::vector<MotionObject> kNoObjects;
  steps_->follow({now, steps_->width_, steps_->height_, kNoFaces, kNowhere, kNoObjects}, nullptr);
}

void CameraChain::finish() { steps_->finish(); }

ChainCounters CameraChain::counters() const {
  ChainCounters counters = steps_->counters_;
  counters.full_detections = steps_->detector_.whole_looks();
  counters.region_detections = steps_->detector_.region_looks();
  counters.visits_suppressed = steps_->dedup_.suppressed();
  counters.visits_below_quality = steps_->dedup_.below_quality();
  counters.tracks_refused = steps_->tracker_.faces().refused() + steps_->tracker_.objects().refused();
  return counters;
}

}  // namespace veilgate::surveillance
