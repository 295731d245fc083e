#pragma once
// 连续去重: one track is one visit (人次) and gives at most max_images_per_visit results, made from its best
// shots. 间断去重: a visit of somebody who was reported within the window gives none; a counter grows
// instead. The window runs from the end of the last *reported* visit; suppressed visits do not extend it.
// When it closes with a count, that is said, so that nothing is silently lost (requirements.md 2.2; the
// terms' official text was not obtainable).
//
// Order of evidence: one track is one person; nobody is in two places at once; place and time gap; then the
// descriptor (dedup/face_descriptor.h). Descriptors live here alone and are wiped with their window. With a
// window of zero none is ever made. Thread word: thread-bound.

#include <list>
#include <map>
#include <optional>
#include <vector>

#include "config/config.h"
#include "core/clock.h"
#include "core/strong.h"
#include "dedup/face_crop.h"
#include "dedup/face_descriptor.h"
#include "dedup/face_shot.h"

namespace veilgate::surveillance {

struct DedupSettings {
  DedupConfig dedup;
  QualityGate quality;
  CaptureConfig capture;
  ImagePolicy images = ImagePolicy::kNone;
  DescriptorKey key{};
};

/// A confirmed face track that was observed in this frame.
struct SeenFace {
  TrackId track;
  FaceDetection face;
  UtcTime first_seen{};
};

struct FaceReport {
  std::uint64_t serial = 0;  ///< from 1; WindowClosed refers to it
  TrackId track;
  UtcTime time{};  ///< of the best shot
  UtcTime decided{};
  UtcTime appeared{};
  UtcTime disappeared{};  ///< last sighting so far
  Box box;
  double confidence = 0;
  FaceCrop crop;  ///< empty unless images: face_crop
};

/// Every window closes once; the ones with a count are to be told.
struct WindowClosed {
  std::uint64_t of = 0;  ///< serial of the report
  UtcTime time{};
  int suppressed_count = 0;  ///< ≥ 0
};

struct DedupOutcome {
  std::vector<FaceReport> reports;
  std::vector<WindowClosed> closed;
};

class VisitDedup {
 public:
  explicit VisitDedup(DedupSettings settings);

  /// Takes in what was seen in this frame, then does what is due at its time.
  DedupOutcome admit(const MaskedFrame& frame, const std::vector<SeenFace>& faces);
  /// These tracks ended; then what is due.
  DedupOutcome end_visits(const std::vector<TrackId>& ended, UtcTime time);
  /// Only what is due: captures, windows.
  DedupOutcome advance(UtcTime time);
  /// Ends every visit and closes every window.
  DedupOutcome finish(UtcTime time);

  std::uint64_t suppressed() const { return suppressed_; }
  std::uint64_t below_quality() const { return below_quality_; }
  std::size_t open_windows() const { return windows_.size(); }

  /// At most this many people are remembered at once; beyond it the oldest window closes early.
  static constexpr std::size_t kMaxWindows = 1000;
  static constexpr std::size_t kDescriptorsPerVisit = 5;

 private:
  struct Evidence {
    double score;
    FaceDescriptor descriptor;
  };
  struct Shot {
    double score = 0;
    UtcTime time{};
    Box box;
    double confidence = 0;
    FaceCrop crop;
  };
  struct Window {
    std::uint64_t of = 0;
    TrackId visit;  // the reported one
    bool visit_runs = true;
    UtcTime reported_until{};  // last sighting of the reported visit: the window counts from here
    UtcTime seen_until{};      // of any visit of this person
    Box last_box;
    int suppressed = 0;
    std::vector<Evidence> evidence;
  };
  struct Visit {
    UtcTime appeared{};
    UtcTime last_seen{};
    Box last_box;
    std::optional<Shot> best;  // none: no shot passed the gate yet
    double reported_score = 0;
    UtcTime reported_at{};
    int reports = 0;
    Window* window = nullptr;         // of this visit's own report
    std::uint64_t suppressed_by = 0;  // serial of the report that stands for this visit
    std::vector<Evidence> evidence;   // until decided
  };

  void look(const MaskedFrame& frame, const SeenFace& seen, const std::vector<Box>& others);
  void decide(TrackId track, Visit& visit, UtcTime time, DedupOutcome& outcome);
  void report(TrackId track, Visit& visit, UtcTime time, DedupOutcome& outcome);
  void end_visit(TrackId track, UtcTime time, DedupOutcome& outcome);
  void close_windows(UtcTime time, DedupOutcome& outcome);
  Window* matching_window(const Visit& visit);
  static bool same_person(const Window& window, const Visit& visit);
  Window* window_of(std::uint64_t serial);
  bool wants_evidence(const Visit& visit, double score) const;

  DedupSettings settings_;
  FaceDescriber describer_;
  std::map<TrackId, Visit> visits_;
  std::list<Window> windows_;  // by age; addresses stay
  std::uint64_t next_serial_ = 1;
  std::uint64_t suppressed_ = 0;
  std::uint64_t below_quality_ = 0;
};

}  // namespace veilgate::surveillance
