#include "media/encode.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include "media/gstreamer.h"

namespace veilgate::media {
namespace {

/// Copies rows into GStreamer's layout, whose rows are padded to four bytes.
Owned<GstBuffer> to_buffer(const BgrImage& image, const GstVideoInfo& info) {
  Owned<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
  const std::size_t row_bytes = static_cast<std::size_t>(image.width) * 3;
  for (int y = 0; buffer && y < image.height; ++y)
    gst_buffer_fill(buffer.get(), static_cast<gsize>(y) * GST_VIDEO_INFO_PLANE_STRIDE(&info, 0),
                    image.pixels.data() + static_cast<std::size_t>(y) * row_bytes, row_bytes);
  return buffer;
}

Bytes bytes_of(GstSample* sample) {
  Bytes bytes;
  GstMapInfo map;
  if (GstBuffer* buffer = gst_sample_get_buffer(sample); buffer && gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    bytes.assign(map.data, map.data + map.size);
    gst_buffer_unmap(buffer, &map);
  }
  return bytes;
}

Result<Bytes> encode(const BgrImage& image, const std::string& encoder) {
  if (image.width < 1 || image.height < 1 ||
      image.pixels.size() != static_cast<std::size_t>(image.width) * image.height * 3)
    return Error(ErrorCode::kInvalidInput, "the picture to encode has no size or not as many pixels as it says");
  VG_CHECK(start_gstreamer());
  GError* raw = nullptr;
  const std::string text = "appsrc name=in format=time ! videoconvert ! " + encoder + " ! appsink name=out sync=false";
  GstElement* made = gst_parse_launch(text.c_str(), &raw);
  const Owned<GError> error(raw);
  const Owned<GstElement> pipeline(made ? GST_ELEMENT(gst_object_ref_sink(made)) : nullptr);
  if (!pipeline || error)
    return Error(ErrorCode::kMissingPart, "no encoder (" + encoder + "): apt install gstreamer1.0-plugins-good");
  const Owned<GstElement> in(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
  const Owned<GstElement> out(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));

  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_BGR, static_cast<guint>(image.width),
                            static_cast<guint>(image.height));
  GST_VIDEO_INFO_FPS_N(&info) = 1;
  const Owned<GstCaps> caps(gst_video_info_to_caps(&info));
  gst_app_src_set_caps(GST_APP_SRC(in.get()), caps.get());
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  Owned<GstBuffer> buffer = to_buffer(image, info);
  GST_BUFFER_PTS(buffer.get()) = 0;
  gst_app_src_push_buffer(GST_APP_SRC(in.get()), buffer.release());
  gst_app_src_end_of_stream(GST_APP_SRC(in.get()));
  const Owned<GstSample> sample(gst_app_sink_try_pull_sample(GST_APP_SINK(out.get()), 10 * GST_SECOND));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  Bytes bytes = sample ? bytes_of(sample.get()) : Bytes();
  if (bytes.empty()) return Error(ErrorCode::kInternal, "the picture could not be encoded");
  return bytes;
}

}  // namespace

Result<Bytes> encode_jpeg(const BgrImage& image, int quality) {
  if (quality < 1 || quality > 100) return Error(ErrorCode::kInvalidInput, "JPEG quality must be 1..100");
  return encode(image, "jpegenc quality=" + std::to_string(quality));
}

Result<Bytes> encode_png(const BgrImage& image) { return encode(image, "pngenc"); }

}  // namespace veilgate::media
