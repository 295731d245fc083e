#include "lane/result_judge.h"

#include <algorithm>

namespace veilgate::surveillance {
namespace {

Error contradicts(const char* what) {
  return {ErrorCode::kUntrusted, std::string("it reports ") + what + ", which its configuration does not allow"};
}

Result<void> judge(const CameraConfig& camera, const EventResult& event) {
  const auto rule = std::find_if(camera.rules.begin(), camera.rules.end(),
                                 [&](const RuleConfig& one) { return one.id == event.rule; });
  if (rule == camera.rules.end()) return contradicts("an event of a rule it does not have");
  if (rule->type != event.type || rule->zone != event.zone || rule->line != event.line)
    return contradicts("an event of another type or place than its rule's");
  return {};
}

Result<void> judge(const CameraConfig& camera, const FaceResult& face) {
  if (face.dedup.max_images_per_visit != camera.dedup.max_images_per_visit || face.dedup.window != camera.dedup.window)
    return contradicts("deduplication values other than the applied ones");
  return {};
}

Result<void> judge(const CameraConfig& camera, const DedupResult&) {
  if (camera.dedup.window == Seconds{0}) return contradicts("a suppressed visit with 间断去重 off");
  return {};
}

Result<void> judge(const CameraConfig& camera, const FaceImage& image) {
  if (camera.images != ImagePolicy::kFaceCrop) return contradicts("a face image");
  const auto& jpeg = image.jpeg;
  if (jpeg.size() < 4 || jpeg[0] != 0xFF || jpeg[1] != 0xD8 || jpeg[2] != 0xFF) return contradicts("an image that is no JPEG");
  return {};
}

}  // namespace

Result<void> judge_result(const CameraConfig& camera, const SurveillanceResult& result) {
  return std::visit([&](const auto& one) { return judge(camera, one); }, result);
}

}  // namespace veilgate::surveillance
