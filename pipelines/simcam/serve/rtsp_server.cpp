#include "simcam/serve/rtsp_server.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>

#include "simcam/serve/skewed_media.h"

namespace veilgate::simcam {
namespace {

constexpr char kRole[] = "viewer";
constexpr std::uint64_t kQueueBytes = 8 << 20;  // of one slow client, then the oldest pictures go

const char* media_type(Codec codec) {
  switch (codec) {
    case Codec::kH264:
      return "video/x-h264,stream-format=byte-stream,alignment=au";
    case Codec::kH265:
      return "video/x-h265,stream-format=byte-stream,alignment=au";
    case Codec::kMjpeg:
      return "image/jpeg";
  }
  return "";
}

std::string launch_line(Codec codec, Sound sound) {
  const char* payloader = codec == Codec::kH264 ? "rtph264pay config-interval=-1 aggregate-mode=zero-latency"
                          : codec == Codec::kH265
                              ? "rtph265pay config-interval=-1 aggregate-mode=zero-latency"
                              : "jpegparse ! rtpjpegpay";
  std::string line =
      "( appsrc name=video is-live=true format=time do-timestamp=true leaky-type=downstream max-bytes=" +
      std::to_string(kQueueBytes) + " caps=" + media_type(codec) + " ! " + payloader +
      " name=pay0 pt=" + (codec == Codec::kMjpeg ? "26" : "96");
  if (sound == Sound::kTicks)
    line +=
        " audiotestsrc is-live=true wave=ticks volume=0.2 ! audioconvert ! alawenc ! rtppcmapay name=pay1 "
        "pt=8";
  return line + " )";
}

GstRTSPToken* viewer_token() {
  return gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, kRole, nullptr);
}

void admit(GstRTSPAuth* auth, const RtspServer::Settings& s, const std::string& password) {
  GstRTSPToken* token = viewer_token();
  if (s.authentication == Authentication::kDigest) {
    gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
    gst_rtsp_auth_add_digest(auth, s.user.c_str(), password.c_str(), token);
  } else {
    gchar* basic = gst_rtsp_auth_make_basic(s.user.c_str(), password.c_str());
    gst_rtsp_auth_add_basic(auth, basic, token);
    g_free(basic);
  }
  gst_rtsp_token_unref(token);
}

}  // namespace

struct RtspServer::State {
  struct Subscriber {
    GstAppSrc* source;
    bool begun;  // has had a keyframe
  };

  Settings settings;
  GMainContext* context = nullptr;
  GMainLoop* loop = nullptr;
  std::thread thread;
  GstRTSPServer* server = nullptr;
  GstRTSPAuth* open_auth = nullptr;    // as configured; null = nothing to ask for
  GstRTSPAuth* closed_auth = nullptr;  // lets nobody in
  GTlsCertificate* certificate = nullptr;
  std::atomic<double> skew_s{0};
  std::atomic<int> refuse_in{0};
  std::mutex mutex;
  std::vector<Subscriber> subscribers;

  ~State();
  Result<void> start();
  Result<void> load_certificate();
  GstRTSPAuth* make_auth(bool closed) const;
  void mount(Codec codec);
  void set_refusing(bool refusing) { gst_rtsp_server_set_auth(server, refusing ? closed_auth : open_auth); }

  static void on_media(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer self) noexcept;
  static void on_unprepared(GstRTSPMedia* media, gpointer self) noexcept;
  static void on_client(GstRTSPServer*, GstRTSPClient*, gpointer self) noexcept;
};

RtspServer::State::~State() {
  if (loop != nullptr) g_main_loop_quit(loop);
  if (thread.joinable()) thread.join();
  for (const Subscriber& s : subscribers) gst_object_unref(s.source);
  g_clear_object(&server);
  g_clear_object(&open_auth);
  g_clear_object(&closed_auth);
  g_clear_object(&certificate);
  g_clear_pointer(&loop, g_main_loop_unref);
  g_clear_pointer(&context, g_main_context_unref);
}

Result<void> RtspServer::State::load_certificate() {
  if (settings.tls_certificate.empty()) return {};
  GError* error = nullptr;
  certificate =
      g_tls_certificate_new_from_files(settings.tls_certificate.c_str(), settings.tls_key.c_str(), &error);
  if (certificate != nullptr) return {};
  const std::string message = error->message;
  g_error_free(error);
  return Error(ErrorCode::kInvalidInput, "--tls-cert, --tls-key: " + message);
}

GstRTSPAuth* RtspServer::State::make_auth(bool closed) const {
  const bool asks = settings.authentication != Authentication::kNone;
  if (!closed && !asks && certificate == nullptr) return nullptr;
  GstRTSPAuth* auth = gst_rtsp_auth_new();
  if (certificate != nullptr) gst_rtsp_auth_set_tls_certificate(auth, certificate);
  // A password nobody has: one that is drawn anew and never told.
  if (closed) {
    gchar* nobody = g_uuid_string_random();
    admit(auth, settings, nobody);
    g_free(nobody);
  } else if (asks) {
    admit(auth, settings, settings.password);
  } else {
    GstRTSPToken* token = viewer_token();
    gst_rtsp_auth_set_default_token(auth, token);
    gst_rtsp_token_unref(token);
  }
  return auth;
}

void RtspServer::State::mount(Codec codec) {
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
  for (const std::string& path : settings.paths) {
    GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
    gst_rtsp_media_factory_set_launch(factory, launch_line(codec, settings.sound).c_str());
    gst_rtsp_media_factory_set_shared(factory, TRUE);
    gst_rtsp_media_factory_set_media_gtype(factory, skewed_media_type());
    gst_rtsp_media_factory_add_role(factory, kRole, GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                    GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
    g_signal_connect(factory, "media-configure", G_CALLBACK(on_media), this);
    gst_rtsp_mount_points_remove_factory(mounts, path.c_str());
    gst_rtsp_mount_points_add_factory(mounts, path.c_str(), factory);
  }
  g_object_unref(mounts);
}

Result<void> RtspServer::State::start() {
  VG_CHECK(load_certificate());
  open_auth = make_auth(false);
  closed_auth = make_auth(true);
  context = g_main_context_new();
  loop = g_main_loop_new(context, FALSE);
  server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, settings.address.c_str());
  gst_rtsp_server_set_service(server, std::to_string(settings.port).c_str());
  set_refusing(false);
  mount(settings.codec);
  g_signal_connect(server, "client-connected", G_CALLBACK(on_client), this);
  if (gst_rtsp_server_attach(server, context) == 0)
    return Error(ErrorCode::kUnavailable,
                 "cannot listen on " + settings.address + ":" + std::to_string(settings.port));
  thread = std::thread([this] {
    g_main_context_push_thread_default(context);
    g_main_loop_run(loop);
    g_main_context_pop_thread_default(context);
  });
  return {};
}

void RtspServer::State::on_media(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer data) noexcept {
  auto* self = static_cast<State*>(data);
  set_skew(media, &self->skew_s);
  GstElement* element = gst_rtsp_media_get_element(media);
  GstElement* source = gst_bin_get_by_name(GST_BIN(element), "video");
  gst_object_unref(element);
  if (source == nullptr) return;
  g_object_set_data(G_OBJECT(media), "veilgate-source", source);
  g_signal_connect(media, "unprepared", G_CALLBACK(on_unprepared), self);
  const std::lock_guard lock(self->mutex);
  self->subscribers.push_back({GST_APP_SRC(source), false});
}

void RtspServer::State::on_unprepared(GstRTSPMedia* media, gpointer data) noexcept {
  auto* self = static_cast<State*>(data);
  auto* source = static_cast<GstAppSrc*>(g_object_get_data(G_OBJECT(media), "veilgate-source"));
  const std::lock_guard lock(self->mutex);
  const auto gone = std::find_if(self->subscribers.begin(), self->subscribers.end(),
                                 [&](const Subscriber& s) { return s.source == source; });
  if (gone == self->subscribers.end()) return;
  gst_object_unref(gone->source);
  self->subscribers.erase(gone);
}

void RtspServer::State::on_client(GstRTSPServer*, GstRTSPClient*, gpointer data) noexcept {
  auto* self = static_cast<State*>(data);
  int left = self->refuse_in.load();
  if (left > 0 && self->refuse_in.compare_exchange_strong(left, left - 1) && left == 1)
    self->set_refusing(true);
}

RtspServer::RtspServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

RtspServer::~RtspServer() { drop_clients(); }

Result<std::unique_ptr<RtspServer>> RtspServer::create(Settings settings) {
  auto state = std::make_unique<State>();
  state->settings = std::move(settings);
  VG_CHECK(state->start());
  return std::unique_ptr<RtspServer>(new RtspServer(std::move(state)));
}

int RtspServer::port() const { return gst_rtsp_server_get_bound_port(state_->server); }

std::vector<std::string> RtspServer::urls() const {
  const std::string scheme = state_->certificate != nullptr ? "rtsps://" : "rtsp://";
  std::vector<std::string> all;
  for (const std::string& path : state_->settings.paths)
    all.push_back(scheme + state_->settings.address + ":" + std::to_string(port()) + path);
  return all;
}

int RtspServer::clients() const {
  GList* all = gst_rtsp_server_client_filter(state_->server, nullptr, nullptr);
  const auto count = static_cast<int>(g_list_length(all));
  g_list_free_full(all, g_object_unref);
  return count;
}

void RtspServer::deliver(const AccessUnit& unit) {
  const std::lock_guard lock(state_->mutex);
  if (state_->subscribers.empty()) return;
  // All clients share the bytes: the buffer wraps them and lets go of them when the last one is done.
  auto* keeper = new std::shared_ptr<const std::vector<std::uint8_t>>(unit.bytes);
  auto* data = const_cast<std::uint8_t*>(unit.bytes->data());
  GstBuffer* buffer = gst_buffer_new_wrapped_full(
      GST_MEMORY_FLAG_READONLY, data, unit.bytes->size(), 0, unit.bytes->size(), keeper,
      [](gpointer p) { delete static_cast<std::shared_ptr<const std::vector<std::uint8_t>>*>(p); });
  if (!unit.keyframe) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  for (State::Subscriber& s : state_->subscribers) {
    s.begun = s.begun || unit.keyframe;
    if (s.begun) gst_app_src_push_buffer(s.source, gst_buffer_copy(buffer));
  }
  gst_buffer_unref(buffer);
}

void RtspServer::end_streams() {
  const std::lock_guard lock(state_->mutex);
  for (const State::Subscriber& s : state_->subscribers) gst_app_src_end_of_stream(s.source);
}

void RtspServer::drop_clients() {
  GList* none = gst_rtsp_server_client_filter(
      state_->server, [](GstRTSPServer*, GstRTSPClient*, gpointer) { return GST_RTSP_FILTER_REMOVE; },
      nullptr);
  g_list_free_full(none, g_object_unref);
}

void RtspServer::set_codec(Codec codec) {
  state_->mount(codec);
  drop_clients();
}

void RtspServer::set_refusing(bool refusing) { state_->set_refusing(refusing); }
void RtspServer::refuse_after(int connections) { state_->refuse_in = connections; }
void RtspServer::set_clock_skew(double seconds) { state_->skew_s = seconds; }

}  // namespace veilgate::simcam
