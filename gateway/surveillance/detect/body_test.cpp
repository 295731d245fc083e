#include "detect/body_test.h"

namespace veilgate::surveillance {
namespace {

// Chosen on the clips with people from behind and with a car; docs/performance.md says which.
constexpr double kMinUpright = 1.3;  // height over width
constexpr double kMaxUpright = 6;
constexpr double kMaxHeadWidth = 0.55;  // of the widest row
constexpr double kMinFill = 0.3;        // of the box
constexpr double kMaxFill = 0.9;
constexpr int kMinJudged = 5;  // sightings
constexpr double kMajority = 0.6;
constexpr double kEdge = 0.01;  // of the frame: nearer than this, the box is cut by the edge

}  // namespace

BodyVote judge_body(const MotionObject& object, int frame_width, int frame_height) {
  const Box& box = object.box;
  const bool cut = box.x < kEdge * frame_width || box.right() > (1 - kEdge) * frame_width ||
                   box.bottom() > (1 - kEdge) * frame_height;
  if (cut || box.area() <= 0) return BodyVote::kNothing;
  const double upright = box.h / box.w;
  const Silhouette& s = object.silhouette;
  const bool person = upright >= kMinUpright && upright <= kMaxUpright && s.head_width <= kMaxHeadWidth &&
                      s.fill >= kMinFill && s.fill <= kMaxFill;
  return person ? BodyVote::kPerson : BodyVote::kOther;
}

void BodyTest::add(const MotionObject& object, int frame_width, int frame_height) {
  const BodyVote vote = judge_body(object, frame_width, frame_height);
  if (vote == BodyVote::kNothing) return;
  ++judged_;
  if (vote == BodyVote::kPerson) ++person_;
}

bool BodyTest::passed() const { return judged_ >= kMinJudged && person_ >= kMajority * judged_; }

}  // namespace veilgate::surveillance
