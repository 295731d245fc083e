#include "detect/hog_detector.h"

#include <algorithm>
#include <cmath>

#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_transforms.h>
#include <dlib/revision.h>

#include "detect/candidates.h"
#include "detect/luma_window.h"
#include "detect/window.h"

namespace veilgate::surveillance {
namespace {

constexpr double kVisible = 73;       // height of the smallest face it sees, pixels of its input
constexpr double kCloseHeight = 100;  // of the face when looked at again
constexpr double kCloseWindow = 3;    // window over face: gradients at the window's edge say nothing
constexpr double kDefaultScore = 0.5;
constexpr double kSteepness = 2;  // of the score's way onto 0…1
constexpr double kMaxOverlap = 0.3;
constexpr double kBoxTolerance = 0.85;

// dlib's box is a square around brows and mouth. Ours goes from the hairline to the chin and from ear to ear.
// Means over 51 smiling portraits of the Face Research Lab London Set, found alone in their pictures.
constexpr double kCenterRight = -0.021, kCenterDown = -0.062, kWidth = 0.971, kHeight = 1.346;

// A face smaller than the smallest window is still found now and then, in a box that is far too large. Such
// boxes are measured again at twice the size.
constexpr double kSmallestSide = 76;  // of dlib's box, pixels of its input

double to_score(double margin) { return 1 / (1 + std::exp(-kSteepness * margin)); }
double to_margin(double score) { return -std::log(1 / std::clamp(score, 1e-6, 1 - 1e-6) - 1) / kSteepness; }

FaceDetection face_of(const dlib::rect_detection& found) {
  const auto& r = found.rect;
  const double side = static_cast<double>(r.width());
  const Point center{(r.left() + r.right() + 1) / 2.0 + kCenterRight * side,
                     (r.top() + r.bottom() + 1) / 2.0 + kCenterDown * side};
  FaceDetection face;
  face.box = {center.x - kWidth * side / 2, center.y - kHeight * side / 2, kWidth * side, kHeight * side};
  face.score = to_score(found.detection_confidence);
  return face;
}

class DlibHogFaceDetector final : public FaceDetector {
 public:
  explicit DlibHogFaceDetector(double score_threshold)
      : detector_(dlib::get_frontal_face_detector()), threshold_(score_threshold) {}

  std::vector<FaceDetection> detect(const MaskedFrame& frame, const Box& region, int min_face_px) override {
    const double scale = std::min(1.0, kVisible / std::max(1, min_face_px));
    const Box area = grown_region(region, kVisible / 2 / scale, frame.width(), frame.height());
    if (area.area() <= 0) return {};
    auto faces = look(frame, area, scale);
    for (auto& face : faces)
      if (face.box.w * scale < kSmallestSide * kWidth) measure_again(frame, 2 * scale, face);
    std::erase_if(faces, [&](const FaceDetection& face) {
      const Point c = face.box.center();
      const bool outside = c.x < region.x || c.x > region.right() || c.y < region.y || c.y > region.bottom();
      return outside || std::max(face.box.w, face.box.h) < kBoxTolerance * min_face_px;
    });
    return faces;
  }

  std::vector<FaceDetection> detect_near(const MaskedFrame& frame, const Box& last) override {
    if (intersect(last, {0, 0, double(frame.width()), double(frame.height())}).area() <= 0) return {};
    const double size = std::max(last.w, last.h);
    return look(frame, window_around(last.center(), kCloseWindow * size, frame.width(), frame.height()),
                kCloseHeight / size);
  }

  std::string name() const override { return "hog"; }
  std::string version() const override {
    return "dlib-" + std::to_string(DLIB_MAJOR_VERSION) + "." + std::to_string(DLIB_MINOR_VERSION);
  }
  double score_threshold() const override { return threshold_; }

 private:
  void measure_again(const MaskedFrame& frame, double scale, FaceDetection& face) {
    const Box window = window_around(face.box.center(), 2 * face.box.h, frame.width(), frame.height());
    for (const auto& better : look(frame, window, scale)) {
      const Point c = better.box.center();
      if (intersect({c.x, c.y, 1, 1}, face.box).area() <= 0) continue;
      face.box = better.box;
      return;
    }
  }

  std::vector<FaceDetection> look(const MaskedFrame& frame, const Box& area, double scale) {
    const int width = scaled_pixels(area.w, scale), height = scaled_pixels(area.h, scale);
    scale_luma_window(frame, area, width, height, luma_);
    pixels_.set_size(height, width);
    for (int y = 0; y < height; ++y)
      std::copy_n(luma_.pixels.data() + static_cast<std::size_t>(y) * width, width, &pixels_[y][0]);
    std::vector<dlib::rect_detection> found;
    detector_(pixels_, found, to_margin(threshold_));
    std::vector<FaceDetection> faces;
    for (const auto& one : found) faces.push_back(face_of(one));
    to_frame_pixels(faces, {area.x, area.y}, width / area.w, height / area.h);
    return merge_overlapping(std::move(faces), kMaxOverlap);
  }

  dlib::frontal_face_detector detector_;
  double threshold_;
  LumaImage luma_;                       // reused
  dlib::array2d<unsigned char> pixels_;  // reused
};

}  // namespace

std::unique_ptr<FaceDetector> make_hog_detector(double score_threshold) {
  return std::make_unique<DlibHogFaceDetector>(score_threshold > 0 ? score_threshold : kDefaultScore);
}

}  // namespace veilgate::surveillance
