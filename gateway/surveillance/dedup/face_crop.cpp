#include "dedup/face_crop.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace veilgate::surveillance {
namespace {

/// The ellipse's half axes as shares of the box: hair and chin fit in, shoulders and neighbours do not.
constexpr double kHalfWidth = 0.62, kHalfHeight = 0.66;
/// Other faces are painted with this much margin, share of their box.
constexpr double kOthersMargin = 0.12;

Box grown(const Box& box, double share) {
  return {box.x - share * box.w, box.y - share * box.h, box.w * (1 + 2 * share), box.h * (1 + 2 * share)};
}

bool inside(const Box& box, double x, double y) {
  return x >= box.x && x < box.right() && y >= box.y && y < box.bottom();
}

}  // namespace

FaceCrop FaceCrop::cut(const MaskedFrame& frame, const Box& face, const std::vector<Box>& others) {
  const Point center = face.center();
  const double rx = kHalfWidth * face.w, ry = kHalfHeight * face.h;
  const Box region =
      intersect({center.x - rx, center.y - ry, 2 * rx, 2 * ry},
                {0, 0, static_cast<double>(frame.width()), static_cast<double>(frame.height())});
  FaceCrop crop;
  if (region.w < 1 || region.h < 1) return crop;
  const double shrink = std::min(1.0, kLargestSide / std::max(region.w, region.h));
  const int width = std::max(1, static_cast<int>(region.w * shrink));
  const int height = std::max(1, static_cast<int>(region.h * shrink));
  scale_bgr(frame, region, width, height, crop.image_);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double fx = region.x + (x + 0.5) * region.w / width,
                   fy = region.y + (y + 0.5) * region.h / height;
      const double ex = (fx - center.x) / rx, ey = (fy - center.y) / ry;
      const bool paint =
          ex * ex + ey * ey > 1 || std::any_of(others.begin(), others.end(), [&](const Box& other) {
            return inside(grown(other, kOthersMargin), fx, fy);
          });
      if (paint) std::fill_n(&crop.image_.pixels[(static_cast<std::size_t>(y) * width + x) * 3], 3, kPaint);
    }
  return crop;
}

FaceCrop& FaceCrop::operator=(FaceCrop&& other) noexcept {
  if (this != &other) {
    wipe();
    image_ = std::move(other.image_);
  }
  return *this;
}

FaceCrop::~FaceCrop() { wipe(); }

void FaceCrop::wipe() {
  if (!image_.pixels.empty()) explicit_bzero(image_.pixels.data(), image_.pixels.size());
  image_.pixels.clear();
}

}  // namespace veilgate::surveillance
