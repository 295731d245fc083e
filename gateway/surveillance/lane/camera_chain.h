#pragma once
// One camera's chain, from a decoded frame to closed results. It reads like the sentence:
//   mask_.apply(raw) → detector_.detect(frame) → tracker_.update(…) → dedup_.admit(…) → rules_.evaluate(…) →
//   submit(…)
//
// Deterministic: the same configuration, frames and seed give the same results to the byte. Bounded: at most
// kMaxTracks faces and as many objects are followed at once; what is beyond is not started and is counted.
// Nothing derived from a face leaves it except the closed results; descriptors live in RAM and die with their
// window.
//
// Thread word: thread-bound (the worker's loop).

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "config/config.h"
#include "detect/face_detector.h"
#include "frame/frame.h"
#include "frame/privacy_mask.h"
#include "result/image_encoder.h"
#include "result/surveillance_result.h"
#include "view/view_guard.h"

namespace veilgate::surveillance {

inline constexpr int kMaxTracks = 100;

/// Randomness of one camera's chain: descriptor key and result ids. Live: fresh at every start, from the
/// kernel. Offline: fixed, so that the same input gives the same output.
using ChainSeed = std::array<std::uint8_t, 32>;
ChainSeed fresh_chain_seed();
inline constexpr ChainSeed kOfflineSeed{};

/// A track's box on one frame, for offline evaluation (MOT files); called in frame order per track, with a
/// delay of up to the time a track may be unseen.
struct TrackedBox {
  std::uint64_t frame = 0;  ///< 0-based
  std::uint64_t id = 0;
  Box box;
  double score = 0;  ///< the detector's, of the last sighting
};
class TrackSink {
 public:
  virtual ~TrackSink() = default;
  virtual void face(const TrackedBox& box) = 0;
  virtual void object(const TrackedBox& box) = 0;
};

struct ChainParts {
  PrivacyMask& mask;  ///< shared with the media element; outlives the chain
  std::unique_ptr<FaceDetector> detector;
  ResultSink& sink;                       ///< outlives the chain
  std::unique_ptr<ImageEncoder> encoder;  ///< needed for images: face_crop, else may be absent
  TrackSink* tracks = nullptr;            ///< offline evaluation only
  std::string timezone;                   ///< site.timezone
  ChainSeed seed{};
  ViewGuard* view = nullptr;  ///< live cameras: shown a small picture now and then; outlives the chain
};

struct ChainCounters {
  std::uint64_t frames = 0;          ///< analysed
  std::uint64_t frames_refused = 0;  ///< not proven masked, or not readable
  std::uint64_t full_detections = 0;
  std::uint64_t region_detections = 0;
  std::uint64_t faces_reported = 0;
  std::uint64_t visits_suppressed = 0;     ///< by 间断去重
  std::uint64_t visits_below_quality = 0;  ///< no shot passed the quality gate
  std::uint64_t events = 0;                ///< phase new
  std::uint64_t tracks_refused = 0;        ///< beyond kMaxTracks
  std::uint64_t results_lost = 0;          ///< the sink did not take them
};

class CameraChain {
 public:
  /// Errors: a time zone that does not exist, face_crop without an encoder, a rule naming an absent zone or
  /// line.
  static Result<std::unique_ptr<CameraChain>> create(const CameraConfig& camera, ChainParts parts);
  ~CameraChain();

  /// Takes the next frame. An error means: this frame was refused (fail closed) and nothing of it was used.
  Result<void> process(RawFrame&& raw);
  /// No frame came until `now`: what was in view ends in due time, windows close.
  void idle(UtcTime now);
  /// The stream ends: running visits and events end at their last sighting, windows close.
  void finish();
  ChainCounters counters() const;

 private:
  struct Steps;
  explicit CameraChain(std::unique_ptr<Steps> steps);

  std::unique_ptr<Steps> steps_;
};

}  // namespace veilgate::surveillance
