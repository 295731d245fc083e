#include "detect/candidates.h"

#include <algorithm>
#include <tuple>

namespace veilgate::surveillance {

std::vector<FaceDetection> merge_overlapping(std::vector<FaceDetection> candidates, double max_iou) {
  const auto better = [](const FaceDetection& a, const FaceDetection& b) {
    return std::tuple(-a.score, a.box.x, a.box.y, a.box.w, a.box.h) <
           std::tuple(-b.score, b.box.x, b.box.y, b.box.w, b.box.h);
  };
  std::sort(candidates.begin(), candidates.end(), better);
  std::vector<FaceDetection> kept;
  for (const auto& candidate : candidates) {
    const bool covered = std::any_of(kept.begin(), kept.end(), [&](const FaceDetection& other) {
      return iou(candidate.box, other.box) > max_iou;
    });
    if (!covered) kept.push_back(candidate);
  }
  return kept;
}

void to_frame_pixels(std::vector<FaceDetection>& detections, Point origin, double scale_x, double scale_y) {
  for (auto& face : detections) {
    face.box = {origin.x + face.box.x / scale_x, origin.y + face.box.y / scale_y, face.box.w / scale_x,
                face.box.h / scale_y};
    for (auto& point : face.landmarks) point = {origin.x + point.x / scale_x, origin.y + point.y / scale_y};
  }
}

}  // namespace veilgate::surveillance
