#include "simcam/serve/skewed_media.h"

#include <cmath>
#include <cstdlib>
#include <cstring>

#include <gst/rtp/gstrtcpbuffer.h>

namespace veilgate::simcam {
namespace {

constexpr char kSkewKey[] = "veilgate-skew";

/// NTP times are seconds in 32.32 fixed point (RFC 3550 section 4).
guint64 skewed(guint64 ntp, double seconds) {
  return ntp + static_cast<guint64>(static_cast<gint64>(std::llround(seconds * 4294967296.0)));
}

GstPadProbeReturn on_rtcp(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  const double skew = static_cast<const std::atomic<double>*>(data)->load();
  if (skew == 0) return GST_PAD_PROBE_OK;
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  GstRTCPBuffer rtcp = GST_RTCP_BUFFER_INIT;
  if (!gst_rtcp_buffer_map(buffer, GST_MAP_READWRITE, &rtcp)) return GST_PAD_PROBE_OK;
  GstRTCPPacket packet;
  for (gboolean more = gst_rtcp_buffer_get_first_packet(&rtcp, &packet); more;
       more = gst_rtcp_packet_move_to_next(&packet)) {
    if (gst_rtcp_packet_get_type(&packet) != GST_RTCP_TYPE_SR) continue;
    guint32 ssrc = 0, rtp_time = 0, packets = 0, octets = 0;
    guint64 ntp = 0;
    gst_rtcp_packet_sr_get_sender_info(&packet, &ssrc, &ntp, &rtp_time, &packets, &octets);
    gst_rtcp_packet_sr_set_sender_info(&packet, ssrc, skewed(ntp, skew), rtp_time, packets, octets);
  }
  gst_rtcp_buffer_unmap(&rtcp);
  return GST_PAD_PROBE_OK;
}

/// Reports every second or so, not every five: a camera's clock can then be judged soon.
void report_often(GstElement* rtpbin, const char* pad_name) {
  GObject* session = nullptr;
  g_signal_emit_by_name(rtpbin, "get-internal-session",
                        static_cast<guint>(std::atoi(std::strrchr(pad_name, '_') + 1)), &session);
  if (session == nullptr) return;
  g_object_set(session, "rtcp-min-interval", guint64{GST_SECOND}, nullptr);
  g_object_unref(session);
}

void on_pad_added(GstElement* rtpbin, GstPad* pad, gpointer skew) noexcept {
  gchar* name = gst_pad_get_name(pad);
  if (g_str_has_prefix(name, "send_rtcp_src_")) {
    report_often(rtpbin, name);
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_rtcp, skew, nullptr);
  }
  g_free(name);
}

struct SkewedMedia {
  GstRTSPMedia parent;
};
struct SkewedMediaClass {
  GstRTSPMediaClass parent_class;
};
G_DEFINE_TYPE(SkewedMedia, veilgate_skewed_media, GST_TYPE_RTSP_MEDIA)

gboolean setup_rtpbin(GstRTSPMedia* media, GstElement* rtpbin) noexcept {
  gpointer skew = g_object_get_data(G_OBJECT(media), kSkewKey);
  if (skew != nullptr) g_signal_connect(rtpbin, "pad-added", G_CALLBACK(on_pad_added), skew);
  auto* parent = GST_RTSP_MEDIA_CLASS(veilgate_skewed_media_parent_class);
  return parent->setup_rtpbin == nullptr || parent->setup_rtpbin(media, rtpbin);
}

void veilgate_skewed_media_class_init(SkewedMediaClass* type) {
  GST_RTSP_MEDIA_CLASS(type)->setup_rtpbin = setup_rtpbin;
}
void veilgate_skewed_media_init(SkewedMedia*) {}

}  // namespace

GType skewed_media_type() { return veilgate_skewed_media_get_type(); }

void set_skew(GstRTSPMedia* media, const std::atomic<double>* skew_s) {
  g_object_set_data(G_OBJECT(media), kSkewKey, const_cast<std::atomic<double>*>(skew_s));
}

}  // namespace veilgate::simcam
