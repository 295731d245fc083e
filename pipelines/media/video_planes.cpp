#include "media/video_planes.h"

namespace veilgate::media {

std::optional<PixelFormat> pixel_format(GstVideoFormat format) {
  switch (format) {
    case GST_VIDEO_FORMAT_I420: return PixelFormat::kI420;
    case GST_VIDEO_FORMAT_YV12: return PixelFormat::kYv12;
    case GST_VIDEO_FORMAT_NV12: return PixelFormat::kNv12;
    case GST_VIDEO_FORMAT_NV21: return PixelFormat::kNv21;
    case GST_VIDEO_FORMAT_Y42B: return PixelFormat::kY42b;
    case GST_VIDEO_FORMAT_Y444: return PixelFormat::kY444;
    case GST_VIDEO_FORMAT_GRAY8: return PixelFormat::kGray8;
    default: return std::nullopt;
  }
}

namespace {

bool planes_lie_inside(const GstVideoFrame& frame, PixelFormat format, GstBuffer* buffer) {
  const gsize size = gst_buffer_get_size(buffer);
  const GstVideoMeta* meta = gst_buffer_get_video_meta(buffer);
  const FormatShape shape = shape_of(format);
  const int width = GST_VIDEO_FRAME_WIDTH(&frame), height = GST_VIDEO_FRAME_HEIGHT(&frame);
  if (static_cast<int>(GST_VIDEO_FRAME_N_PLANES(&frame)) != shape.plane_count) return false;
  for (int i = 0; i < shape.plane_count; ++i) {
    const int stride = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, i);
    const int rows = shape.planes[i].rows(height), row_bytes = shape.planes[i].row_bytes(width);
    if (stride < row_bytes) return false;
    const gsize offset = meta ? meta->offset[i] : GST_VIDEO_FRAME_PLANE_OFFSET(&frame, i);
    const gsize needed = static_cast<gsize>(stride) * (rows - 1) + row_bytes;
    if (offset > size || needed > size - offset) return false;
  }
  return true;
}

}  // namespace

bool map_checked(GstVideoFrame& frame, const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags) {
  const auto format = pixel_format(GST_VIDEO_INFO_FORMAT(&info));
  const GstVideoMeta* meta = gst_buffer_get_video_meta(buffer);
  if (meta && meta->format != GST_VIDEO_INFO_FORMAT(&info)) return false;
  if (!format || !gst_video_frame_map(&frame, &info, buffer, flags)) return false;
  const bool same = GST_VIDEO_FRAME_FORMAT(&frame) == GST_VIDEO_INFO_FORMAT(&info) &&
                    GST_VIDEO_FRAME_WIDTH(&frame) == GST_VIDEO_INFO_WIDTH(&info) &&
                    GST_VIDEO_FRAME_HEIGHT(&frame) == GST_VIDEO_INFO_HEIGHT(&info);
  if (same && planes_lie_inside(frame, *format, buffer)) return true;
  gst_video_frame_unmap(&frame);
  return false;
}

int planes_of(const GstVideoFrame& frame, PixelFormat format, std::array<WritablePlane, 3>& planes) {
  const FormatShape shape = shape_of(format);
  for (int i = 0; i < shape.plane_count; ++i)
    planes[i] = {static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, i)),
                 GST_VIDEO_FRAME_PLANE_STRIDE(&frame, i), shape.planes[i].rows(GST_VIDEO_FRAME_HEIGHT(&frame)),
                 shape.planes[i].row_bytes(GST_VIDEO_FRAME_WIDTH(&frame))};
  return shape.plane_count;
}

}  // namespace veilgate::media
