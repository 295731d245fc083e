#include "support/rtsp_camera.h"

#include <thread>

#include <gst/rtsp-server/rtsp-server.h>

namespace veilgate::test {

struct RtspCamera::State {
  RtspCameraOptions options;
  GMainContext* context = nullptr;
  GMainLoop* loop = nullptr;
  GstRTSPServer* server = nullptr;
  GstRTSPAuth* auth = nullptr;
  std::thread thread;
  int port = 0;
  std::atomic<int> refused_logins{0};
  std::atomic<int> plays{0};
  std::atomic<bool> silent{false};
};

namespace {

std::string launch_line(const RtspCameraOptions& o) {
  const std::string caps = "video/x-raw,width=" + std::to_string(o.width) + ",height=" + std::to_string(o.height) +
                           ",framerate=" + std::to_string(o.fps) + "/1";
  std::string encode = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay";
  if (o.codec == "h265") encode = "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph265pay";
  if (o.codec == "mjpeg") encode = "jpegenc ! rtpjpegpay";
  std::string line = "( videotestsrc is-live=true pattern=" + o.pattern + " ! " + caps + ",format=I420 ! " + encode +
                     " name=pay0 pt=96 ";
  if (o.codec == "mjpeg") line.replace(line.find("pt=96"), 5, "pt=26");
  if (o.audio) line += "audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay1 pt=8 ";
  return line + ")";
}

GstPadProbeReturn drop_when_silent(GstPad*, GstPadProbeInfo*, gpointer silent) noexcept {
  return *static_cast<std::atomic<bool>*>(silent) ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

void watch_media(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer silent) noexcept {
  GstElement* bin = gst_rtsp_media_get_element(media);
  for (const char* name : {"pay0", "pay1"})
    if (GstElement* pay = gst_bin_get_by_name(GST_BIN(bin), name)) {
      GstPad* pad = gst_element_get_static_pad(pay, "src");
      const auto mask = GstPadProbeType(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
      gst_pad_add_probe(pad, mask, drop_when_silent, silent, nullptr);
      gst_object_unref(pad);
      gst_object_unref(pay);
    }
  gst_object_unref(bin);
}

void count(GstRTSPClient*, GstRTSPContext*, gpointer counter) noexcept { ++*static_cast<std::atomic<int>*>(counter); }

void count_refused(GstRTSPClient*, GstRTSPContext* context, gpointer, gpointer counter) noexcept {
  gchar* offered = nullptr;
  GstRTSPStatusCode code = GST_RTSP_STS_INVALID;
  if (!context->request || !context->response) return;
  gst_rtsp_message_get_header(context->request, GST_RTSP_HDR_AUTHORIZATION, &offered, 0);
  gst_rtsp_message_parse_response(context->response, &code, nullptr, nullptr);
  if (offered && code == GST_RTSP_STS_UNAUTHORIZED) ++*static_cast<std::atomic<int>*>(counter);
}

GstRTSPFilterResult remove_client(GstRTSPServer*, GstRTSPClient*, gpointer) noexcept { return GST_RTSP_FILTER_REMOVE; }

}  // namespace

RtspCamera::RtspCamera(RtspCameraOptions options) : state_(std::make_unique<State>()) {
  gst_init(nullptr, nullptr);
  State& s = *state_;
  s.options = std::move(options);
  const RtspCameraOptions& o = s.options;
  s.context = g_main_context_new();
  s.loop = g_main_loop_new(s.context, FALSE);
  s.server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(s.server, "127.0.0.1");
  gst_rtsp_server_set_service(s.server, std::to_string(o.port).c_str());

  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, launch_line(o).c_str());
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  g_signal_connect(factory, "media-configure", G_CALLBACK(watch_media), &s.silent);

  if (o.authentication != RtspCameraOptions::Authentication::kNone || !o.certificate_pem.empty()) {
    s.auth = gst_rtsp_auth_new();
    if (!o.certificate_pem.empty()) {
      GTlsCertificate* certificate =
          g_tls_certificate_new_from_files(o.certificate_pem.c_str(), o.key_pem.c_str(), nullptr);
      gst_rtsp_auth_set_tls_certificate(s.auth, certificate);
      g_object_unref(certificate);
    }
    GstRTSPToken* token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", nullptr);
    if (o.authentication == RtspCameraOptions::Authentication::kBasic) {
      gchar* basic = gst_rtsp_auth_make_basic(o.user.c_str(), o.password.c_str());
      gst_rtsp_auth_add_basic(s.auth, basic, token);
      g_free(basic);
    } else if (o.authentication == RtspCameraOptions::Authentication::kDigest) {
      gst_rtsp_auth_set_supported_methods(s.auth, GST_RTSP_AUTH_DIGEST);
      gst_rtsp_auth_add_digest(s.auth, o.user.c_str(), o.password.c_str(), token);
    } else {
      gst_rtsp_auth_set_default_token(s.auth, token);
    }
    gst_rtsp_token_unref(token);
    gst_rtsp_media_factory_add_role(factory, "viewer", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                    GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
    gst_rtsp_server_set_auth(s.server, s.auth);
  }

  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(s.server);
  gst_rtsp_mount_points_add_factory(mounts, o.path.c_str(), factory);
  g_object_unref(mounts);
  g_signal_connect(s.server, "client-connected",
                   G_CALLBACK(+[](GstRTSPServer*, GstRTSPClient* client, gpointer state) {
                     auto* self = static_cast<RtspCamera::State*>(state);
                     g_signal_connect(client, "send-message", G_CALLBACK(count_refused), &self->refused_logins);
                     g_signal_connect(client, "play-request", G_CALLBACK(count), &self->plays);
                   }),
                   &s);
  gst_rtsp_server_attach(s.server, s.context);
  s.port = gst_rtsp_server_get_bound_port(s.server);
  s.thread = std::thread([&s] {
    g_main_context_push_thread_default(s.context);
    g_main_loop_run(s.loop);
    g_main_context_pop_thread_default(s.context);
  });
}

RtspCamera::~RtspCamera() {
  State& s = *state_;
  drop_clients();
  // From inside the loop: quitting before the thread has begun to run it would be forgotten.
  GSource* quit = g_idle_source_new();
  g_source_set_callback(quit, +[](gpointer loop) noexcept -> gboolean {
    g_main_loop_quit(static_cast<GMainLoop*>(loop));
    return G_SOURCE_REMOVE;
  }, s.loop, nullptr);
  g_source_attach(quit, s.context);
  g_source_unref(quit);
  s.thread.join();
  g_clear_object(&s.auth);
  g_object_unref(s.server);
  g_main_loop_unref(s.loop);
  g_main_context_unref(s.context);
}

int RtspCamera::port() const { return state_->port; }

std::string RtspCamera::url() const {
  const bool tls = !state_->options.certificate_pem.empty();
  return std::string(tls ? "rtsps" : "rtsp") + "://127.0.0.1:" + std::to_string(port()) + state_->options.path;
}

int RtspCamera::refused_logins() const { return state_->refused_logins; }
int RtspCamera::plays() const { return state_->plays; }
void RtspCamera::set_silent(bool silent) { state_->silent = silent; }

void RtspCamera::refuse_credentials() {
  if (state_->auth) gst_rtsp_auth_remove_digest(state_->auth, state_->options.user.c_str());
}

void RtspCamera::drop_clients() {
  g_list_free_full(gst_rtsp_server_client_filter(state_->server, remove_client, nullptr), g_object_unref);
}

}  // namespace veilgate::test
