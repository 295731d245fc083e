#include "camera_client.h"

#include <atomic>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include <gio/gio.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace veilgate::test {

using namespace std::chrono_literals;

namespace {

/// Waits for `done`, looking again every few milliseconds.
template <typename Done>
bool eventually(Done&& done, std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

std::string contents(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

SimcamProcess::SimcamProcess(std::vector<std::string> options) {
  const char* program = std::getenv("VEILGATE_SIMCAM");
  if (program == nullptr) throw std::runtime_error("VEILGATE_SIMCAM is not set");
  std::vector<std::string> command = {program,
                                      "--size",
                                      "320x180",
                                      "--fps",
                                      "10",
                                      "--cache",
                                      "none",
                                      "--ready-file",
                                      directory_ / "ready",
                                      "--control",
                                      directory_ / "control",
                                      "--ground-truth",
                                      truth_file()};
  command.insert(command.end(), options.begin(), options.end());
  child_ = ChildProcess(command, directory_ / "log");
  const bool ready =
      eventually([&] { return !contents(directory_ / "ready").empty() || !child_.running(); }, 30s);
  std::istringstream lines(contents(directory_ / "ready"));
  for (std::string url; std::getline(lines, url);) urls_.push_back(url);
  if (!ready || urls_.empty()) throw std::runtime_error("the test camera is not ready: " + log());
}

std::string SimcamProcess::log() const { return contents(directory_ / "log"); }

std::string SimcamProcess::tell(const std::string& line) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = directory_ / "control";
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string text = line + "\n";
    char chunk[512];
    if (send(fd, text.data(), text.size(), MSG_NOSIGNAL) > 0)
      while (answer.find('\n') == std::string::npos) {
        const ssize_t count = read(fd, chunk, sizeof chunk);
        if (count <= 0) break;
        answer.append(chunk, static_cast<std::size_t>(count));
      }
  }
  close(fd);
  return answer.substr(0, answer.find('\n'));
}

double Picture::mean() const {
  double sum = 0;
  for (const auto value : luma) sum += value;
  return luma.empty() ? 0 : sum / static_cast<double>(luma.size());
}

double Picture::sharpness() const {
  double sum = 0;
  for (std::size_t i = 1; i < luma.size(); ++i) sum += std::abs(luma[i] - luma[i - 1]);
  return luma.empty() ? 0 : sum / static_cast<double>(luma.size());
}

double Picture::difference(const Picture& other) const {
  if (other.luma.size() != luma.size()) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < luma.size(); ++i) sum += std::abs(luma[i] - other.luma[i]);
  return luma.empty() ? 0 : sum / static_cast<double>(luma.size());
}

struct CameraClient::Pipeline {
  GstElement* bin = nullptr;
  GstElement* source = nullptr;
  GstAppSink* sink = nullptr;
  GstBus* bus = nullptr;
  std::atomic<int> tracks{0};
  std::atomic<guint64> ntp{0};
};

namespace {

void on_pad(GstElement*, GstPad*, gpointer tracks) noexcept { ++*static_cast<std::atomic<int>*>(tracks); }

/// The NTP time of a sender report, from the jitter buffer's "handle-sync" structure.
void on_sync(GstElement*, GstStructure* structure, gpointer ntp) noexcept {
  guint64 value = 0;
  GstBuffer* report = nullptr;
  if (gst_structure_get(structure, "sr-buffer", GST_TYPE_BUFFER, &report, nullptr) && report != nullptr) {
    guint8 bytes[16];
    if (gst_buffer_extract(report, 0, bytes, 16) == 16)
      for (int i = 8; i < 16; ++i) value = value << 8 | bytes[i];
    gst_buffer_unref(report);
  }
  *static_cast<std::atomic<guint64>*>(ntp) = value;
}
void on_jitter_buffer(GstElement*, GstElement* buffer, guint, guint, gpointer ntp) noexcept {
  g_signal_connect(buffer, "handle-sync", G_CALLBACK(on_sync), ntp);
}
void on_manager(GstElement*, GstElement* manager, gpointer ntp) noexcept {
  g_signal_connect(manager, "new-jitterbuffer", G_CALLBACK(on_jitter_buffer), ntp);
}

}  // namespace

CameraClient::CameraClient(const std::string& url, Login login, const std::string& ca_file)
    : pipeline_(std::make_unique<Pipeline>()) {
  gst_init(nullptr, nullptr);
  Pipeline& p = *pipeline_;
  p.bin = gst_parse_launch(
      "rtspsrc name=src protocols=tcp latency=50 ! application/x-rtp,media=video ! decodebin ! videoconvert "
      "! "
      "video/x-raw,format=I420 ! appsink name=sink sync=false max-buffers=50 drop=true wait-on-eos=false",
      nullptr);
  p.source = gst_bin_get_by_name(GST_BIN(p.bin), "src");
  p.sink = GST_APP_SINK(gst_bin_get_by_name(GST_BIN(p.bin), "sink"));
  p.bus = gst_element_get_bus(p.bin);
  g_object_set(p.source, "location", url.c_str(), nullptr);
  if (!login.user.empty())
    g_object_set(p.source, "user-id", login.user.c_str(), "user-pw", login.password.c_str(), nullptr);
  if (!ca_file.empty()) {
    GTlsDatabase* database = g_tls_file_database_new(ca_file.c_str(), nullptr);
    g_object_set(p.source, "tls-database", database, nullptr);
    g_object_unref(database);
  }
  g_signal_connect(p.source, "pad-added", G_CALLBACK(on_pad), &p.tracks);
  g_signal_connect(p.source, "new-manager", G_CALLBACK(on_manager), &p.ntp);
  gst_element_set_state(p.bin, GST_STATE_PLAYING);
}

CameraClient::~CameraClient() {
  gst_element_set_state(pipeline_->bin, GST_STATE_NULL);
  for (gpointer object : {gpointer(pipeline_->source), gpointer(pipeline_->sink), gpointer(pipeline_->bus),
                          gpointer(pipeline_->bin)})
    gst_object_unref(object);
}

std::optional<Picture> CameraClient::next(std::chrono::milliseconds within) {
  GstSample* sample =
      gst_app_sink_try_pull_sample(pipeline_->sink, static_cast<GstClockTime>(within.count()) * GST_MSECOND);
  if (sample == nullptr) return std::nullopt;
  Picture picture;
  const GstStructure* caps = gst_caps_get_structure(gst_sample_get_caps(sample), 0);
  gst_structure_get_int(caps, "width", &picture.width);
  gst_structure_get_int(caps, "height", &picture.height);
  picture.luma.resize(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  gst_buffer_extract(gst_sample_get_buffer(sample), 0, picture.luma.data(), picture.luma.size());
  gst_sample_unref(sample);
  return picture;
}

std::optional<Picture> CameraClient::newest() {
  while (next(0ms)) {
  }
  return next();
}

bool CameraClient::ended(std::chrono::milliseconds within) {
  const auto awaited = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  GstMessage* message = gst_bus_timed_pop_filtered(
      pipeline_->bus, static_cast<GstClockTime>(within.count()) * GST_MSECOND, awaited);
  if (message == nullptr) return false;
  gst_message_unref(message);
  return true;
}

std::string CameraClient::error() {
  GstMessage* message = gst_bus_timed_pop_filtered(pipeline_->bus, 8 * GST_SECOND, GST_MESSAGE_ERROR);
  if (message == nullptr) return {};
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  const std::string text = error->message;
  g_error_free(error);
  gst_message_unref(message);
  return text;
}

bool CameraClient::has_tracks(int awaited) const {
  return eventually([&] { return pipeline_->tracks >= awaited; }, 8s);
}

std::optional<double> CameraClient::clock_offset() {
  if (!eventually([this] { return pipeline_->ntp != 0; }, 8s)) return std::nullopt;
  const double camera = static_cast<double>(pipeline_->ntp.exchange(0)) / 4294967296.0 - 2208988800.0;
  return camera - std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace veilgate::test
