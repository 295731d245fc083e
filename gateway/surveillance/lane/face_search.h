#pragma once
// Where to look for faces in this frame, and looking there. Detection is what costs, so it is spent where it
// tells something: a coarse look at the whole picture now and then while something moves, a fine look at
// moving objects, and a cheap look again near every face that is being followed. When nothing moves, only a
// rare fine look at everything is left, and not every frame is looked at. Time is the frames' own, so that
// the same input gives the same looks. Thread word: thread-bound.

#include <map>
#include <memory>
#include <vector>

#include "core/clock.h"
#include "detect/face_detector.h"
#include "detect/motion.h"
#include "track/box_tracker.h"

namespace veilgate::surveillance {

/// All figures that decide what analysis costs, in one place.
struct SearchSettings {
  int min_face_px = 24;              ///< fine looks, frame pixels
  double coarse_share = 1.0 / 16;    ///< coarse looks: smallest face as a share of the frame's shorter side
  Millis coarse_every{1500};         ///< whole picture, while something moves
  Millis fine_every{20'000};         ///< whole picture, while something moves
  Millis idle_coarse_every{10'000};  ///< whole picture, when nothing moves
  Millis idle_fine_every{60'000};    ///< whole picture, when nothing moves
  Millis analysis_step{90};          ///< between frames that are looked at: 7.5 of 15 a second, 10 of 10
  Millis resting_step{110};  ///< between frames that are looked at, when nothing moves and nobody is followed
  Millis moved_lasts{1000};  ///< "something moves" holds on this long
  Millis object_every{280};  ///< a moving object without a face
  Millis new_face_every{90};     ///< near a face that is not confirmed yet
  Millis face_every{240};        ///< near a confirmed face, while something moves
  Millis still_face_every{450};  ///< near a confirmed face, when nothing moves
  int most_looks_per_frame = 8;  ///< regions and faces; the longest waiting first
};

struct SearchOutcome {
  std::vector<FaceDetection> faces;  ///< merged over all looks, by descending score
  std::vector<Box> looked;           ///< where
};

class FaceSearch {
 public:
  FaceSearch(std::unique_ptr<FaceDetector> detector, SearchSettings settings);

  SearchOutcome detect(const MaskedFrame& frame, const MotionReport& motion, const std::vector<Track>& faces,
                       const std::vector<Track>& objects);
  /// Time may begin anew.
  void reset();
  /// Nothing has moved for a while.
  bool at_rest(UtcTime time) const { return started_ && !active(time); }
  const SearchSettings& settings() const { return settings_; }

  std::uint64_t whole_looks() const { return whole_looks_; }
  std::uint64_t region_looks() const { return region_looks_; }

 private:
  enum class Whole { kNone, kCoarse, kFine };
  struct Look {
    UtcTime due{};
    std::uint64_t serial = 0;
    bool is_face = false;
    Box box;
  };
  Whole whole_look(UtcTime time, const MotionReport& motion);
  std::vector<Look> due_looks(UtcTime time, const std::vector<Track>& faces,
                              const std::vector<Track>& objects);
  void forget_ended(const std::vector<Track>& faces, const std::vector<Track>& objects);
  bool active(UtcTime time) const { return moved_once_ && time - last_moved_ <= settings_.moved_lasts; }

  std::unique_ptr<FaceDetector> detector_;
  SearchSettings settings_;
  bool started_ = false;
  bool moved_once_ = false;
  UtcTime last_moved_{}, last_coarse_{}, last_fine_{};
  std::map<std::pair<bool, std::uint64_t>, UtcTime> last_look_;  // (is a face, serial) → when
  std::uint64_t whole_looks_ = 0, region_looks_ = 0;
};

}  // namespace veilgate::surveillance
