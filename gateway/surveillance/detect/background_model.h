#pragma once
// The learned background of a small luma picture: per pixel a mean and its usual deviation. What differs is
// foreground and is not learned, so that a person who stands still stays foreground; the holder of the
// picture's objects decides what to absorb (a ghost, something that has been there for long).
//
// A change of light that is the same everywhere is taken out before comparing, and edges of the background
// may differ more than its areas: a codec needs a second or two to draw them sharp again after somebody
// passed. Internal to the detect step; OpenCV matrices are 8-bit single channel unless said. Thread word:
// thread-bound.
//
// After Wren et al., "Pfinder", PAMI 1997 (one Gaussian per pixel, selective update).

#include <opencv2/core.hpp>

namespace veilgate::surveillance {

class BackgroundModel {
 public:
  /// Takes the picture as the background as it is.
  void start(const cv::Mat& luma);
  bool started() const { return !mean_.empty(); }

  /// 255 where `luma` differs from the background, 0 elsewhere: strong differences, and weak ones that touch
  /// them.
  void classify(const cv::Mat& luma, cv::Mat& foreground);

  /// Follows slow changes where `keep` is 0; `seconds` since the last call.
  void learn(const cv::Mat& luma, const cv::Mat& keep, double seconds);

  /// Takes `luma` as the background where `where` is not 0.
  void absorb(const cv::Mat& luma, const cv::Mat& where);

  /// The background as a picture.
  cv::Mat picture() const;

 private:
  void renew_tolerance();

  cv::Mat mean_;       // float, grey levels
  cv::Mat deviation_;  // float, mean absolute difference, grey levels
  cv::Mat current_;    // float, reused
  cv::Mat difference_;
  cv::Mat
      tolerance_;  // float, grey levels that a shift of the background's own edges by half a pixel may make
  double tolerance_age_ = 0;  // seconds
  double light_ = 0;          // how much brighter the whole picture is than the background, grey levels
};

}  // namespace veilgate::surveillance
