#include "detect/network_detector.h"

#include <algorithm>

#include "detect/candidates.h"
#include "detect/scan_plan.h"
#include "detect/window.h"

namespace veilgate::surveillance {
namespace {

// Chosen on the composed scenes (shifted by a few pixels, so that the grid did not decide) and on the clips
// with people; see docs/performance.md.
constexpr double kSuspicion = 0.3;    // score of the first look that earns a second one
constexpr int kSecondInput = 192;     // side of the second look's input, pixels
constexpr double kSecondHeight = 88;  // height of the face in it
constexpr int kFollowInput = 128;     // the same for a face that is followed
constexpr double kFollowHeight = 64;
constexpr double kFollowTrust = 0.1;  // by which its threshold is lower
constexpr double kSameFace = 0.3;     // overlap of the two looks' boxes
constexpr double kContext = 16;  // the network sees a face's surroundings: pixels of the first look's input
constexpr double kMaxOverlap = 0.3;
constexpr std::size_t kMaxSuspicions = 48;  // bounds the cost of a picture full of doubtful patterns
constexpr double kMinCloseHeight = 0.5;  // of the expected height: what is smaller deserves a look of its own
constexpr double kMaxCloseHeight = 2;
constexpr double kSuspicionTolerance = 0.7;  // boxes of the first look are rougher
constexpr double kBoxTolerance = 0.85;       // boxes are estimates: a face of 24 px may be boxed with 21

double longer_side(const Box& box) { return std::max(box.w, box.h); }

}  // namespace

NetworkDetector::NetworkDetector(Settings settings, Networks networks)
    : settings_(std::move(settings)), networks_(std::move(networks)) {}

std::vector<FaceDetection> NetworkDetector::suspicions(const MaskedFrame& frame, const Box& region,
                                                       int min_face_px) {
  const double scale = std::min(1.0, settings_.visible_px / std::max(1, min_face_px));
  const Box area = grown_region(region, kContext / scale, frame.width(), frame.height());
  if (area.area() <= 0) return {};
  ScanLimits limits;
  limits.visible_px = settings_.visible_px;
  std::vector<FaceDetection> all;
  for (const ScanTile& tile : plan_scan(area, scale, limits)) {
    const Box& window = tile.window;
    const int width = scaled_pixels(window.w, tile.scale), height = scaled_pixels(window.h, tile.scale);
    scale_bgr(frame, window, width, height, image_);
    auto seen = networks_.first_look.run(image_, network_size(width), network_size(height), kSuspicion);
    to_frame_pixels(seen, {window.x, window.y}, width / window.w, height / window.h);
    all.insert(all.end(), seen.begin(), seen.end());
  }
  auto found = merge_overlapping(std::move(all), kMaxOverlap);
  std::erase_if(found, [&](const FaceDetection& face) {
    return longer_side(face.box) <
           kSuspicionTolerance * min_face_px;  // would be dropped after the second look
  });
  if (found.size() > kMaxSuspicions) found.resize(kMaxSuspicions);  // the best come first
  return found;
}

std::vector<FaceDetection> NetworkDetector::look_closely(const MaskedFrame& frame, const Box& at,
                                                         const CloseLook& look, FaceNetwork& network) {
  const double scale = look.height / std::max(1.0, longer_side(at));
  const Box window = window_around(at.center(), look.input / scale, frame.width(), frame.height());
  const int width = std::min(look.input, scaled_pixels(window.w, scale));
  const int height = std::min(look.input, scaled_pixels(window.h, scale));
  scale_bgr(frame, window, width, height, image_);
  auto found = network.run(image_, look.input, look.input, look.threshold);
  std::erase_if(found, [&](const FaceDetection& face) {
    const double side = longer_side(face.box);
    return side < kMinCloseHeight * look.height || side > kMaxCloseHeight * look.height;
  });
  to_frame_pixels(found, {window.x, window.y}, width / window.w, height / window.h);
  return found;
}

std::vector<FaceDetection> NetworkDetector::detect(const MaskedFrame& frame, const Box& region,
                                                   int min_face_px) {
  const CloseLook second{kSecondInput, kSecondHeight, settings_.score_threshold};
  std::vector<FaceDetection> faces;
  for (const auto& suspicion : suspicions(frame, region, min_face_px)) {
    for (const auto& face : look_closely(frame, suspicion.box, second, networks_.second_look)) {
      if (iou(face.box, suspicion.box) < kSameFace) continue;
      faces.push_back(face);
      break;  // descending score: the best one that is this suspicion
    }
  }
  std::erase_if(faces, [&](const FaceDetection& face) {
    const Point c = face.box.center();
    const bool outside = c.x < region.x || c.x > region.right() || c.y < region.y || c.y > region.bottom();
    return outside || longer_side(face.box) < kBoxTolerance * min_face_px;
  });
  return merge_overlapping(std::move(faces), kMaxOverlap);
}

std::vector<FaceDetection> NetworkDetector::detect_near(const MaskedFrame& frame, const Box& last) {
  if (intersect(last, {0, 0, double(frame.width()), double(frame.height())}).area() <= 0) return {};
  const CloseLook follow{kFollowInput, kFollowHeight,
                         std::max(0.0, settings_.score_threshold - kFollowTrust)};
  return look_closely(frame, last, follow, networks_.following);
}

}  // namespace veilgate::surveillance
