#include "detect/background_model.h"

#include <algorithm>

#include <opencv2/imgproc.hpp>

namespace veilgate::surveillance {
namespace {

constexpr double kWeak = 9;  // grey levels beyond the usual deviation
constexpr double kStrong = 22;
constexpr double kDeviations = 3;      // of the usual deviation that are still background
constexpr double kStartDeviation = 2;  // grey levels
constexpr double kMeanSeconds = 8;     // time constants
constexpr double kDeviationSeconds = 20;
constexpr double kEdgeShare = 0.3;       // of the contrast around a background pixel
constexpr double kToleranceSeconds = 2;  // between renewals
constexpr double kLightRange = 60;       // differences beyond this say nothing about the light

/// The level around which most differences lie: light that changed everywhere moves it, an object does not.
double common_difference(const cv::Mat& difference) {
  const cv::Mat near = cv::abs(difference) < kLightRange;
  if (cv::countNonZero(near) * 2 < static_cast<int>(difference.total())) return 0;
  return cv::mean(difference, near)[0];
}

/// Weak pixels that hang together with a strong one.
void join_hysteresis(const cv::Mat& weak, const cv::Mat& strong, cv::Mat& out) {
  cv::Mat labels, stats, centroids;
  const int count = cv::connectedComponentsWithStats(weak, labels, stats, centroids, 8, CV_32S);
  std::vector<std::uint8_t> held(static_cast<std::size_t>(count), 0);
  for (int y = 0; y < labels.rows; ++y) {
    const int* label = labels.ptr<int>(y);
    const std::uint8_t* seed = strong.ptr<std::uint8_t>(y);
    for (int x = 0; x < labels.cols; ++x)
      if (seed[x] != 0) held[static_cast<std::size_t>(label[x])] = 255;
  }
  held[0] = 0;  // what is not even weak
  out.create(weak.size(), CV_8U);
  for (int y = 0; y < labels.rows; ++y) {
    const int* label = labels.ptr<int>(y);
    std::uint8_t* to = out.ptr<std::uint8_t>(y);
    for (int x = 0; x < labels.cols; ++x) to[x] = held[static_cast<std::size_t>(label[x])];
  }
}

double share(double seconds, double constant) { return std::clamp(seconds / constant, 0.0, 0.5); }

}  // namespace

void BackgroundModel::start(const cv::Mat& luma) {
  luma.convertTo(mean_, CV_32F);
  deviation_ = cv::Mat(luma.size(), CV_32F, cv::Scalar(kStartDeviation));
  light_ = 0;
  renew_tolerance();
}

void BackgroundModel::renew_tolerance() {
  cv::Mat contrast;
  cv::morphologyEx(picture(), contrast, cv::MORPH_GRADIENT,
                   cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
  contrast.convertTo(tolerance_, CV_32F, kEdgeShare);
  tolerance_age_ = 0;
}

void BackgroundModel::classify(const cv::Mat& luma, cv::Mat& foreground) {
  luma.convertTo(current_, CV_32F);
  cv::subtract(current_, mean_, difference_);
  light_ = common_difference(difference_);
  const cv::Mat beyond = cv::abs(difference_ - light_) - kDeviations * deviation_ - tolerance_;
  const cv::Mat strong = beyond > kStrong;
  if (cv::countNonZero(strong) == 0) {
    foreground = strong;
    return;
  }
  const cv::Mat weak = beyond > kWeak;
  join_hysteresis(weak, strong, foreground);
}

void BackgroundModel::learn(const cv::Mat& luma, const cv::Mat& keep, double seconds) {
  luma.convertTo(current_, CV_32F);
  const cv::Mat free = keep == 0;
  cv::Mat distance = cv::abs(current_ - mean_ - light_);
  cv::accumulateWeighted(distance, deviation_, share(seconds, kDeviationSeconds), free);
  cv::accumulateWeighted(current_, mean_, share(seconds, kMeanSeconds), free);
  tolerance_age_ += seconds;
  if (tolerance_age_ > kToleranceSeconds) renew_tolerance();
}

void BackgroundModel::absorb(const cv::Mat& luma, const cv::Mat& where) {
  luma.convertTo(current_, CV_32F);
  current_.copyTo(mean_, where);
  deviation_.setTo(kStartDeviation, where);
  renew_tolerance();
}

cv::Mat BackgroundModel::picture() const {
  cv::Mat picture;
  mean_.convertTo(picture, CV_8U);
  return picture;
}

}  // namespace veilgate::surveillance
