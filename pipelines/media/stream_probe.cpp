#include "media/stream_probe.h"

#include <algorithm>
#include <mutex>
#include <string_view>

#include <gst/gst.h>

#include "core/log.h"
#include "media/gstreamer.h"

namespace veilgate::media {
namespace {

/// Filled by the streaming thread, read after the pipeline has stopped.
struct Measurement {
  GstElement* pipeline = nullptr;
  StreamFacts facts;
  GstClockTime first = GST_CLOCK_TIME_NONE, last = GST_CLOCK_TIME_NONE, last_key = GST_CLOCK_TIME_NONE;
  std::mutex mutex;
};

void read_caps(StreamFacts& facts, GstCaps* caps) {
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const std::string_view name = gst_structure_get_name(s);
  facts.codec = name == "video/x-h264" ? "h264" : name == "video/x-h265" ? "h265" : "mjpeg";
  gst_structure_get_int(s, "width", &facts.width);
  gst_structure_get_int(s, "height", &facts.height);
  if (const char* profile = gst_structure_get_string(s, "profile")) facts.profile = profile;
}

void count_frame(GstElement*, GstBuffer* buffer, GstPad* pad, gpointer data) noexcept {
  auto& m = *static_cast<Measurement*>(data);
  const std::lock_guard lock(m.mutex);
  if (GstCaps* caps = gst_pad_get_current_caps(pad)) {
    read_caps(m.facts, caps);
    gst_caps_unref(caps);
  }
  const GstClockTime time = GST_BUFFER_DTS_OR_PTS(buffer);
  if (!GST_CLOCK_TIME_IS_VALID(m.first)) m.first = time;
  m.last = time;
  ++m.facts.frames;
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT)) return;
  ++m.facts.keyframes;
  if (GST_CLOCK_TIME_IS_VALID(m.last_key) && time > m.last_key)
    m.facts.keyframe_gap_s = std::max(m.facts.keyframe_gap_s, static_cast<double>(time - m.last_key) / GST_SECOND);
  m.last_key = time;
}

const char* chain_for(const char* encoding) {
  const std::string_view name = encoding ? encoding : "";
  if (name == "H264") return "rtph264depay ! h264parse ! video/x-h264,alignment=au ! fakesink name=end sync=false signal-handoffs=true";
  if (name == "H265") return "rtph265depay ! h265parse ! video/x-h265,alignment=au ! fakesink name=end sync=false signal-handoffs=true";
  if (name == "JPEG") return "rtpjpegdepay ! jpegparse ! fakesink name=end sync=false signal-handoffs=true";
  return nullptr;
}

void link_video(GstElement*, GstPad* pad, gpointer data) noexcept {
  auto& m = *static_cast<Measurement*>(data);
  GstCaps* caps = gst_pad_get_current_caps(pad);
  if (!caps) return;
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const bool video = std::string_view(gst_structure_get_string(s, "media") ?: "") == "video";
  const char* description = video ? chain_for(gst_structure_get_string(s, "encoding-name")) : nullptr;
  gst_caps_unref(caps);
  if (!description) return;
  GstElement* bin = gst_parse_bin_from_description(description, TRUE, nullptr);
  if (!bin) return;
  GstElement* end = gst_bin_get_by_name(GST_BIN(bin), "end");
  g_signal_connect(end, "handoff", G_CALLBACK(count_frame), data);
  gst_object_unref(end);
  gst_bin_add(GST_BIN(m.pipeline), bin);
  gst_element_sync_state_with_parent(bin);
  GstPad* sink = gst_element_get_static_pad(bin, "sink");
  gst_pad_link(pad, sink);
  gst_object_unref(sink);
}

gboolean only_video(GstElement*, guint, GstCaps* caps, gpointer) noexcept {
  const char* media = gst_structure_get_string(gst_caps_get_structure(caps, 0), "media");
  return std::string_view(media ? media : "") == "video";
}

}  // namespace

Result<StreamFacts> probe_stream(const StreamProbeRequest& request) {
  VG_CHECK(start_gstreamer());
  GstElement* source = gst_element_factory_make("rtspsrc", nullptr);
  if (!source) return Error(ErrorCode::kMissingPart, "GStreamer's rtspsrc is missing; install gstreamer1.0-plugins-good");
  Measurement m;
  m.pipeline = gst_pipeline_new(nullptr);
  g_object_set(source, "location", request.url.c_str(), "latency", 100, "protocols", 0x4 /* TCP */, nullptr);
  if (!request.credentials.empty())
    g_object_set(source, "user-id", request.credentials.user().c_str(), "user-pw",
                 request.credentials.password().c_str(), nullptr);
  if (request.trust) {
    g_object_set(source, "tls-database", request.trust->database(), nullptr);
    gst_util_set_object_arg(G_OBJECT(source), "protocols", "tcp+tls");
  }
  g_signal_connect(source, "select-stream", G_CALLBACK(only_video), nullptr);
  g_signal_connect(source, "pad-added", G_CALLBACK(link_video), &m);
  gst_bin_add(GST_BIN(m.pipeline), source);
  gst_element_set_state(m.pipeline, GST_STATE_PLAYING);

  GstBus* bus = gst_element_get_bus(m.pipeline);
  const auto wait = [&](Millis span) {
    GstMessage* message = gst_bus_timed_pop_filtered(bus, static_cast<GstClockTime>(span.count()) * GST_MSECOND,
                                                     GstMessageType(GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
    if (message) gst_message_unref(message);
    return message != nullptr;
  };
  const auto frames = [&] {
    const std::lock_guard lock(m.mutex);
    return m.facts.frames;
  };
  bool ended = false;
  for (Millis waited{0}; frames() == 0 && waited < request.connect_timeout && !ended; waited += Millis{50})
    ended = wait(Millis{50});
  if (frames() > 0 && !ended) wait(request.span);
  gst_element_set_state(m.pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(m.pipeline);
  if (m.facts.frames == 0)
    return Error(ErrorCode::kUnavailable, redact_url(request.url) + " accepted the connection but sent no video within " +
                                              std::to_string(request.connect_timeout.count() / 1000) + " s");
  if (m.facts.frames > 1 && m.last > m.first)
    m.facts.fps = (m.facts.frames - 1) / (static_cast<double>(m.last - m.first) / GST_SECOND);
  return m.facts;
}

}  // namespace veilgate::media
