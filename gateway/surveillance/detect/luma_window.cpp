#include "detect/luma_window.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace veilgate::surveillance {

void scale_luma_window(const MaskedFrame& frame, const Box& window, int width, int height, LumaImage& out) {
  VG_ASSERT(width > 0 && height > 0);
  const Plane& luma = frame.plane(0);
  const int x = std::clamp(static_cast<int>(std::lround(window.x)), 0, frame.width() - 1);
  const int y = std::clamp(static_cast<int>(std::lround(window.y)), 0, frame.height() - 1);
  const int w = std::clamp(static_cast<int>(std::lround(window.w)), 1, frame.width() - x);
  const int h = std::clamp(static_cast<int>(std::lround(window.h)), 1, frame.height() - y);
  out.width = width;
  out.height = height;
  out.pixels.resize(static_cast<std::size_t>(width) * height);
  // The view is only read; OpenCV has no constant matrix.
  const cv::Mat source(h, w, CV_8U,
                       const_cast<std::uint8_t*>(luma.data) + std::ptrdiff_t{y} * luma.stride + x,
                       static_cast<std::size_t>(luma.stride));
  cv::Mat target(height, width, CV_8U, out.pixels.data());
  cv::resize(source, target, target.size(), 0, 0,
             width < w || height < h ? cv::INTER_AREA : cv::INTER_LINEAR);
}

}  // namespace veilgate::surveillance
