#include "media/sample_frame.h"

#include "media/video_planes.h"

namespace veilgate::media {
namespace {

struct MappedFrame {
  GstVideoFrame frame{};
  bool mapped = false;
  MappedFrame() = default;
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;
  ~MappedFrame() {
    if (mapped) gst_video_frame_unmap(&frame);  // drops the buffer's reference too
  }
};

std::optional<std::chrono::nanoseconds> media_time(GstSample* sample, GstBuffer* buffer) {
  const GstSegment* segment = gst_sample_get_segment(sample);
  if (!segment || segment->format != GST_FORMAT_TIME || !GST_BUFFER_PTS_IS_VALID(buffer)) return std::nullopt;
  const guint64 time = gst_segment_to_stream_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  if (!GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
  return std::chrono::nanoseconds{static_cast<std::int64_t>(time)};
}

}  // namespace

Result<RawFrame> frame_from_sample(GstSample* sample, const FrameTimer& timer) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  const auto stamp = buffer ? mask_stamp(buffer) : std::nullopt;
  if (!stamp) return Error(ErrorCode::kUntrusted, "a frame arrived that did not pass the privacy mask");
  GstVideoInfo info;
  const GstCaps* caps = gst_sample_get_caps(sample);
  if (!caps || !gst_video_info_from_caps(&info, caps))
    return Error(ErrorCode::kInvalidInput, "a frame arrived without picture format");
  auto mapped = std::make_shared<MappedFrame>();
  mapped->mapped = map_checked(mapped->frame, info, buffer, GST_MAP_READ);
  if (!mapped->mapped) return Error(ErrorCode::kInvalidInput, "a frame does not fit its format");

  FrameInfo frame_info;
  frame_info.width = GST_VIDEO_INFO_WIDTH(&info);
  frame_info.height = GST_VIDEO_INFO_HEIGHT(&info);
  frame_info.format = *pixel_format(GST_VIDEO_INFO_FORMAT(&info));
  frame_info.number = stamp->number;
  frame_info.arrived = stamp->arrived;
  frame_info.time = timer(*stamp, media_time(sample, buffer));
  FrameMemory memory;
  std::array<WritablePlane, 3> planes;
  memory.plane_count = planes_of(mapped->frame, frame_info.format, planes);
  for (int i = 0; i < memory.plane_count; ++i)
    memory.planes[i] = {planes[i].data, planes[i].stride, planes[i].rows, planes[i].row_bytes};
  memory.keeper = std::move(mapped);
  return RawFrame::create(frame_info, std::move(memory));
}

}  // namespace veilgate::media
