#pragma once
// Videos made on the spot by GStreamer, in a folder that goes away. Thread word: thread-bound.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include "media/gstreamer.h"
#include "support/test_frame.h"

namespace veilgate::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "veilgate-media-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Runs a pipeline to its end; an error fails the test.
inline void run_to_end(GstElement* pipeline) {
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const media::Owned<GstBus> bus(gst_element_get_bus(pipeline));
  const media::Owned<GstMessage> message(gst_bus_timed_pop_filtered(
      bus.get(), 60 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  ASSERT_TRUE(message) << "making a video took too long";
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) {
    GError* error = nullptr;
    gst_message_parse_error(message.get(), &error, nullptr);
    ADD_FAILURE() << error->message;
    g_error_free(error);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
}

inline void launch_to_end(const std::string& text) {
  ASSERT_TRUE(media::start_gstreamer());
  GError* error = nullptr;
  GstElement* made = gst_parse_launch(text.c_str(), &error);
  ASSERT_TRUE(made && !error) << text << ": " << (error ? error->message : "");
  const media::Owned<GstElement> pipeline(GST_ELEMENT(gst_object_ref_sink(made)));
  run_to_end(pipeline.get());
}

/// Encodes pictures that the test paints itself. `tail` is everything after the raw pictures.
inline void encode_pictures(int count, int fps, const std::function<TestPicture(int)>& picture, const std::string& tail) {
  ASSERT_TRUE(media::start_gstreamer());
  GError* error = nullptr;
  GstElement* made = gst_parse_launch(("appsrc name=in format=time ! " + tail).c_str(), &error);
  ASSERT_TRUE(made && !error) << tail << ": " << (error ? error->message : "");
  const media::Owned<GstElement> pipeline(GST_ELEMENT(gst_object_ref_sink(made)));
  const media::Owned<GstElement> in(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
  for (int i = 0; i < count; ++i) {
    TestPicture p = picture(i);
    if (i == 0) {
      const media::Owned<GstCaps> caps(gst_caps_new_simple(
          "video/x-raw", "format", G_TYPE_STRING, to_string(p.info.format), "width", G_TYPE_INT, p.info.width, "height",
          G_TYPE_INT, p.info.height, "framerate", GST_TYPE_FRACTION, fps, 1, nullptr));
      gst_app_src_set_caps(GST_APP_SRC(in.get()), caps.get());
    }
    // GStreamer's default layout: rows padded to four bytes, chroma rows to even counts.
    GstVideoInfo info;
    gst_video_info_set_format(&info, gst_video_format_from_string(to_string(p.info.format)),
                              static_cast<guint>(p.info.width), static_cast<guint>(p.info.height));
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr);
    gst_buffer_memset(buffer, 0, 0, GST_VIDEO_INFO_SIZE(&info));
    const auto planes = p.writable();
    for (int plane = 0; plane < p.plane_count(); ++plane)
      for (int row = 0; row < planes[plane].rows; ++row)
        gst_buffer_fill(buffer,
                        GST_VIDEO_INFO_PLANE_OFFSET(&info, plane) +
                            static_cast<gsize>(row) * GST_VIDEO_INFO_PLANE_STRIDE(&info, plane),
                        planes[plane].data + row * planes[plane].stride, static_cast<gsize>(planes[plane].row_bytes));
    GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(i, GST_SECOND, fps);
    GST_BUFFER_DURATION(buffer) = gst_util_uint64_scale(1, GST_SECOND, fps);
    gst_app_src_push_buffer(GST_APP_SRC(in.get()), buffer);
  }
  gst_app_src_end_of_stream(GST_APP_SRC(in.get()));
  run_to_end(pipeline.get());
}

}  // namespace veilgate::test
