#include "detect/still_image.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/language.h"
#include "models/load.h"

namespace veilgate::surveillance {
namespace {

struct Planes {
  std::vector<std::uint8_t> y, u, v;
};

/// ITU-R BT.601, limited range, 8 bits of fraction: the inverse of what frame/scale.h does.
Planes to_yuv(const cv::Mat& image) {
  Planes planes;
  const std::size_t count = image.total();
  planes.y.reserve(count), planes.u.reserve(count), planes.v.reserve(count);
  for (int row = 0; row < image.rows; ++row) {
    const std::uint8_t* p = image.ptr<std::uint8_t>(row);
    for (int x = 0; x < image.cols; ++x, p += 3) {
      const int b = p[0], g = p[1], r = p[2];
      planes.y.push_back(static_cast<std::uint8_t>(((66 * r + 129 * g + 25 * b + 128) >> 8) + 16));
      planes.u.push_back(static_cast<std::uint8_t>(((-38 * r - 74 * g + 112 * b + 128) >> 8) + 128));
      planes.v.push_back(static_cast<std::uint8_t>(((112 * r - 94 * g - 18 * b + 128) >> 8) + 128));
    }
  }
  return planes;
}

Result<cv::Mat> decode(const Bytes& bytes, const std::string& path) {
  cv::Mat image;
  try {
    image = cv::imdecode(bytes, cv::IMREAD_COLOR);
  } catch (
      const cv::Exception&) {  // an unreadable picture is answered below, like one that decodes to nothing
    image = cv::Mat();
  }
  if (image.empty())
    return Error(ErrorCode::kInvalidInput, path + say("：不是可读的图片", ": not a readable picture"));
  return image;
}

}  // namespace

Result<RawFrame> read_still_image(const std::string& path) {
  VG_TRY(const Bytes bytes, read_whole_file(path));
  VG_TRY(const cv::Mat image, decode(bytes, path));
  const auto planes = std::make_shared<const Planes>(to_yuv(image));
  FrameInfo info;
  info.width = image.cols;
  info.height = image.rows;
  info.format = PixelFormat::kY444;
  FrameMemory memory;
  memory.plane_count = 3;
  memory.planes[0] = {planes->y.data(), image.cols, image.rows, image.cols};
  memory.planes[1] = {planes->u.data(), image.cols, image.rows, image.cols};
  memory.planes[2] = {planes->v.data(), image.cols, image.rows, image.cols};
  memory.keeper = planes;
  return RawFrame::create(info, std::move(memory));
}

}  // namespace veilgate::surveillance
