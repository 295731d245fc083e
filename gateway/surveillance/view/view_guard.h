#pragma once
// Watches whether the camera still shows what it was set up to show: covered, out of focus, frozen, or pointing
// elsewhere. Judged on a small luma picture of the masked frame, so that no zone pixel is needed and it costs little.
//
// A shifted view is the dangerous one: the privacy zones no longer lie over what they must cover. It stays until a
// person confirms the view (accept_view), and until then the caller covers the whole picture
// (PrivacyMask::cover_everything). The others end by themselves. While the whole picture is covered there is nothing
// to judge: do not call update().
//
// The view is learned from the first seconds after the start or after accept_view(), and follows slow change
// (daylight) with a time constant of half an hour, but only where it still matches. Nothing of it is stored: over a
// restart the caller keeps the verdict "shifted", not a picture.
//
// Pure: the same pictures and times give the same verdicts. Thread word: thread-bound.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/clock.h"
#include "frame/scale.h"
#include "view/edge_map.h"

namespace veilgate::surveillance {

enum class ViewCondition {
  kLearning,   ///< the first seconds: nothing to compare with yet
  kGood,
  kCovered,    ///< dark or flat: lens covered, or no light at all
  kDefocused,  ///< fine detail has gone, coarse structure is still in place
  kFrozen,     ///< the stream runs but the picture is the same to the last bit
  kShifted,    ///< the structure is not where it was; latched until accept_view()
};
const char* to_string(ViewCondition condition);  ///< "learning", "good", "covered" …; stable, used as reasons

struct ViewGuardSettings {
  Millis learn_for{3000};
  Millis covered_after{1000};
  Millis defocused_after{5000};
  Millis frozen_after{20000};     ///< longer than a keyframe gap: a still scene may repeat exactly between keyframes
  Millis shifted_after{4000};
  Millis good_after{1000};        ///< a condition ends when it was absent this long
  int dark_luma = 24;             ///< mean at or below: dark
  double flat_deviation = 4;      ///< standard deviation at or below: flat
  double blurred_ratio = 0.4;     ///< of the learned fine detail
  double shifted_match = 0.25;    ///< share of textured blocks that still match, below: shifted …
  int shifted_px = 3;             ///< … or the view fits better when displaced by at least this (at 320 wide)
};

struct ViewVerdict {
  ViewCondition condition = ViewCondition::kLearning;
  UtcTime since{};
  double match = 1;      ///< share of textured blocks in place, 0…1
  double sharpness = 1;  ///< of the learned fine detail
  bool can_judge_shift = false;  ///< false: too little texture in this view to notice a shift
};

/// Size for the pictures given to update(); any fixed size works, smaller than 160 × 90 sees little.
inline constexpr int kViewWidth = 320;
inline constexpr int kViewHeight = 180;

class ViewGuard {
 public:
  explicit ViewGuard(const ViewGuardSettings& settings = {});

  /// Whether update() would look now: two pictures a second while all is good, four while something is in doubt
  /// (about 0.5 ms each). Spares the caller the scaling.
  bool is_due(UtcTime time) const;
  /// Looks if it is due. A change of size begins learning again, unless the view is shifted.
  ViewVerdict update(const LumaImage& picture, UtcTime time);
  /// A person has confirmed the present view: forget the verdict and learn.
  void accept_view();
  /// After a restart with a verdict that had not been confirmed yet.
  void begin_shifted(UtcTime since);
  const ViewVerdict& verdict() const { return verdict_; }

 private:
  struct Look {  // what one picture shows
    double mean = 0;
    double deviation = 0;
    double detail = 0;
    EdgeMap fine;
    EdgeMap coarse;
  };
  static Look look_at(const LumaImage& picture);
  bool fits_better_elsewhere(const Look& look, const EdgeMatch& in_place) const;
  void learn(const Look& look, UtcTime time);
  void follow(const Look& look, Millis step);
  ViewCondition judge(const Look& look);
  void decide(ViewCondition seen, UtcTime time);
  Millis needed_for(ViewCondition condition) const;
  bool is_repeat(const LumaImage& picture, UtcTime time);

  ViewGuardSettings settings_;
  ViewVerdict verdict_;
  ViewCondition candidate_ = ViewCondition::kGood;  // seen since candidate_since_, not decided yet
  UtcTime candidate_since_{};
  int doubtful_looks_ = 0;                          // in a row, with too little in place
  bool displaced_ = false;                          // what the last search for a displacement said
  std::optional<UtcTime> last_time_;
  std::optional<UtcTime> learning_since_;
  int learned_ = 0;                                 // pictures in the reference
  Look reference_;
  LumaImage last_picture_;
  UtcTime same_since_{};
};

}  // namespace veilgate::surveillance
