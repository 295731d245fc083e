#include "simcam/serve/encoder.h"

#include <algorithm>
#include <string>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gst/video/video-event.h>

namespace veilgate::simcam {

struct Encoder::Pipeline {
  GstElement* bin = nullptr;
  GstAppSrc* in = nullptr;
  GstAppSink* out = nullptr;

  ~Pipeline() {
    if (bin == nullptr) return;
    gst_element_set_state(bin, GST_STATE_NULL);
    gst_object_unref(in);
    gst_object_unref(out);
    gst_object_unref(bin);
  }
};

namespace {

/// Half a bit per ten pixels and picture: what cameras of this kind send.
int fitting_bitrate(const Encoder::Settings& s) {
  return std::max(300, static_cast<int>(.085 * s.size.width * s.size.height * s.fps / 1000.0));
}

std::string encoder_description(const Encoder::Settings& s) {
  const std::string kbit = std::to_string(s.bitrate_kbit > 0 ? s.bitrate_kbit : fitting_bitrate(s));
  switch (s.codec) {
    case Codec::kH264:
      return "x264enc tune=zerolatency speed-preset=superfast threads=1 key-int-max=10000 bframes=0 "
             "option-string=scenecut=0 "
             "bitrate=" +
             kbit +
             " ! video/x-h264,profile=main,stream-format=byte-stream,alignment=au ! "
             "h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au";
    case Codec::kH265:
      return "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=10000 "
             "option-string=pools=none:frame-threads=1:bframes=0:scenecut=0:log-level=0 bitrate=" +
             kbit + " ! h265parse config-interval=-1 ! video/x-h265,stream-format=byte-stream,alignment=au";
    case Codec::kMjpeg:
      return "jpegenc quality=82";
  }
  return "identity";
}

}  // namespace

Encoder::Encoder(Settings settings, std::unique_ptr<Pipeline> pipeline)
    : settings_(settings), pipeline_(std::move(pipeline)) {}
Encoder::~Encoder() = default;

Result<std::unique_ptr<Encoder>> Encoder::create(const Settings& settings) {
  const std::string description =
      "appsrc name=in format=time block=true max-buffers=2 caps=video/x-raw,format=I420,width=" +
      std::to_string(settings.size.width) + ",height=" + std::to_string(settings.size.height) +
      ",framerate=" + std::to_string(settings.fps) + "/1,colorimetry=bt601,pixel-aspect-ratio=1/1 ! " +
      encoder_description(settings) + " ! appsink name=out sync=false";
  GError* error = nullptr;
  GstElement* bin = gst_parse_launch(description.c_str(), &error);
  if (error != nullptr) {
    const std::string message = error->message;
    g_error_free(error);
    if (bin != nullptr) gst_object_unref(bin);
    return Error(ErrorCode::kMissingPart,
                 std::string("encoder for ") + to_string(settings.codec) + ": " + message +
                     "; apt-get install gstreamer1.0-plugins-ugly gstreamer1.0-plugins-bad");
  }
  auto pipeline = std::make_unique<Pipeline>();
  pipeline->bin = bin;
  pipeline->in = GST_APP_SRC(gst_bin_get_by_name(GST_BIN(bin), "in"));
  pipeline->out = GST_APP_SINK(gst_bin_get_by_name(GST_BIN(bin), "out"));
  if (gst_element_set_state(bin, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    return Error(ErrorCode::kInternal, "the encoder does not start");
  return std::unique_ptr<Encoder>(new Encoder(settings, std::move(pipeline)));
}

Result<AccessUnit> Encoder::encode(const std::vector<std::uint8_t>& i420, Kind kind) {
  const std::size_t needed = static_cast<std::size_t>(settings_.size.width) *
                             static_cast<std::size_t>(settings_.size.height) * 3 / 2;
  VG_ASSERT(i420.size() == needed);
  GstBuffer* buffer = gst_buffer_new_memdup(i420.data(), i420.size());
  GST_BUFFER_PTS(buffer) = count_ * GST_SECOND / static_cast<std::uint64_t>(settings_.fps);
  GST_BUFFER_DURATION(buffer) = GST_SECOND / static_cast<std::uint64_t>(settings_.fps);
  if (kind == Kind::kKeyframe && settings_.codec != Codec::kMjpeg)
    gst_element_send_event(GST_ELEMENT(pipeline_->in),
                           gst_video_event_new_downstream_force_key_unit(
                               GST_BUFFER_PTS(buffer), GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, TRUE, 0));
  ++count_;
  if (gst_app_src_push_buffer(pipeline_->in, buffer) != GST_FLOW_OK)
    return Error(ErrorCode::kInternal, "the encoder takes no more pictures");
  GstSample* sample = gst_app_sink_try_pull_sample(pipeline_->out, 10 * GST_SECOND);
  if (sample == nullptr) return Error(ErrorCode::kInternal, "the encoder gives nothing");
  GstBuffer* coded = gst_sample_get_buffer(sample);
  auto bytes = std::make_shared<std::vector<std::uint8_t>>(gst_buffer_get_size(coded));
  gst_buffer_extract(coded, 0, bytes->data(), bytes->size());
  const bool keyframe = !GST_BUFFER_FLAG_IS_SET(coded, GST_BUFFER_FLAG_DELTA_UNIT);
  gst_sample_unref(sample);
  return AccessUnit{std::move(bytes), keyframe};
}

}  // namespace veilgate::simcam
