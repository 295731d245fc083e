#include "media/rtsp_properties.h"

#include <string_view>

#include <gio/gio.h>

namespace veilgate::media {
namespace {

constexpr std::int64_t kNtpToUnixSeconds = 2'208'988'800;  // RFC 5905: seconds from 1900 to 1970

gboolean select_video(GstElement*, guint, GstCaps* caps, gpointer) noexcept {
  const char* media = gst_structure_get_string(gst_caps_get_structure(caps, 0), "media");
  return std::string_view(media ? media : "") == "video";
}

GstPadProbeReturn read_sender_clock(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  static GstCaps* const ntp = gst_caps_new_empty_simple("timestamp/x-ntp");
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto* meta = buffer ? gst_buffer_get_reference_timestamp_meta(buffer, ntp) : nullptr;
  if (meta) {
    const auto theirs_ms = static_cast<std::int64_t>(meta->timestamp / GST_MSECOND) - kNtpToUnixSeconds * 1000;
    const auto ours_ms = static_cast<std::int64_t>(g_get_real_time() / 1000);
    (*static_cast<std::shared_ptr<ClockOffset>*>(data))->store(theirs_ms - ours_ms);
  }
  return GST_PAD_PROBE_OK;
}

void drop_reference(gpointer data) noexcept { delete static_cast<std::shared_ptr<ClockOffset>*>(data); }
void drop_closure_reference(gpointer data, GClosure*) noexcept { drop_reference(data); }

void watch_new_pad(GstElement*, GstPad* pad, gpointer data) noexcept {
  auto* own = new std::shared_ptr<ClockOffset>(*static_cast<std::shared_ptr<ClockOffset>*>(data));
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, read_sender_clock, own, drop_reference);
}

}  // namespace

std::function<Result<void>(GstElement*)> rtsp_properties(const SourceConfig& source, CameraCredentials credentials,
                                                         CameraTrust* trust, std::shared_ptr<ClockOffset> offset) {
  const bool udp = source.transport == SourceConfig::Transport::kUdp;
  return [url = source.rtsp, udp, credentials = std::move(credentials), trust,
          offset = std::move(offset)](GstElement* element) -> Result<void> {
    if (!g_object_class_find_property(G_OBJECT_GET_CLASS(element), "tls-database"))
      return Error(ErrorCode::kInvalidInput, "the element named 'source' of an RTSP description must be rtspsrc");
    g_object_set(element, "location", url.c_str(), "tcp-timeout", guint64{5'000'000}, "timeout", guint64{5'000'000},
                 "do-retransmission", FALSE, "add-reference-timestamp-meta", TRUE, nullptr);
    gst_util_set_object_arg(G_OBJECT(element), "protocols", trust ? (udp ? "udp+tls" : "tcp+tls") : (udp ? "udp" : "tcp"));
    if (!credentials.empty())
      g_object_set(element, "user-id", credentials.user().c_str(), "user-pw", credentials.password().c_str(), nullptr);
    // Also what a description may have set: no detour, and every check on.
    g_object_set(element, "tls-validation-flags", G_TLS_CERTIFICATE_VALIDATE_ALL, "proxy", nullptr, "proxy-id", nullptr,
                 "proxy-pw", nullptr, "tls-interaction", nullptr, nullptr);
    if (trust) g_object_set(element, "tls-database", trust->database(), nullptr);
    g_signal_connect(element, "select-stream", G_CALLBACK(select_video), nullptr);
    g_signal_connect_data(element, "pad-added", G_CALLBACK(watch_new_pad), new std::shared_ptr<ClockOffset>(offset),
                          drop_closure_reference, GConnectFlags(0));
    return {};
  };
}

}  // namespace veilgate::media
