#include "simcam/serve/test_camera.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include <gst/gst.h>

#include "core/log.h"

namespace veilgate::simcam {
namespace {

/// So many bytes at the beginning of a coded picture are spared: start codes, parameter sets, headers. Flips
/// there make a stream that no decoder begins, which is another fault (silent).
std::size_t spared_bytes(const AccessUnit& unit) { return unit.keyframe ? 160 : 12; }

std::string names_of(const Faults& f) {
  const std::pair<bool, const char*> all[] = {{f.freeze, "freeze"},
                                              {f.silent, "silent"},
                                              {f.cover, "cover"},
                                              {f.defocus_px > 0, "defocus"},
                                              {f.shift_x != 0 || f.shift_y != 0 || f.shift_deg != 0, "shift"},
                                              {f.corrupt_rate > 0, "corrupt"},
                                              {f.clock_skew_s != 0, "clock-skew"},
                                              {f.refuse, "refuse-credentials"}};
  std::string names;
  for (const auto& [on, name] : all)
    if (on) names += (names.empty() ? "" : ",") + std::string(name);
  return names;
}

}  // namespace

Result<std::unique_ptr<TestCamera>> TestCamera::create(Settings settings) {
  gst_init(nullptr, nullptr);
  std::unique_ptr<TestCamera> camera(new TestCamera(std::move(settings)));
  VG_CHECK(camera->open());
  return camera;
}

Result<void> TestCamera::open() {
  Settings& s = settings_;
  s.encoder.fps = s.lobby.fps;
  s.encoder.size = s.lobby.size;
  const CodedStream::OpenSource source = [this](PictureSize size) -> Result<std::unique_ptr<PictureSource>> {
    if (!settings_.video.empty()) return open_video(settings_.video, size, settings_.lobby.fps);
    LobbyScene::Settings lobby = settings_.lobby;
    lobby.size = size;
    return open_lobby(lobby);
  };
  VG_TRY(stream_, CodedStream::create(source, s.encoder));
  if (s.pre_encode_s > 0)
    VG_CHECK(stream_->warm_up(static_cast<std::uint64_t>(s.pre_encode_s * s.lobby.fps)));
  s.server.codec = s.encoder.codec;
  VG_TRY(server_, RtspServer::create(s.server));
  if (!s.ground_truth.empty()) {
    VG_TRY(truth_, TruthLines::create(s.ground_truth, stream_->size()));
  }
  if (!s.control.empty()) {
    VG_TRY(control_, Control::create(s.control, [this](const std::string& line) { return command(line); }));
  }
  return {};
}

Result<void> TestCamera::announce() const {
  std::string text;
  for (const std::string& url : server_->urls()) text += url + "\n";
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
  if (settings_.ready_file.empty()) return {};
  const std::string aside = settings_.ready_file + ".new";
  std::ofstream out(aside);
  out << text;
  out.close();
  if (!out || std::rename(aside.c_str(), settings_.ready_file.c_str()) != 0)
    return Error(ErrorCode::kPermission, "cannot write " + settings_.ready_file);
  return {};
}

std::string TestCamera::command(const std::string& line) {
  const std::lock_guard lock(mutex_);
  auto parsed = apply_command(line, faults_);
  if (!parsed) return "error: " + parsed.error().message();
  if (parsed->action == Action::kStatus) return status();
  if (parsed->action != Action::kNone) orders_.push_back(*parsed);
  return "ok";
}

std::string TestCamera::status() const {
  return "{\"frames\":" + std::to_string(delivered_) + ",\"clients\":" + std::to_string(server_->clients()) +
         ",\"faults\":\"" + names_of(faults_) + "\"}";
}

Result<void> TestCamera::obey() {
  std::vector<Command> orders;
  {
    const std::lock_guard lock(mutex_);
    orders.swap(orders_);
  }
  for (const Command& order : orders) switch (order.action) {
      case Action::kEnd:
        server_->end_streams();
        break;
      case Action::kDrop:
        server_->drop_clients();
        break;
      case Action::kQuit:
        stopping_ = true;
        break;
      case Action::kResize:
        VG_CHECK(stream_->resize(order.size));
        break;
      case Action::kRecode:
        VG_CHECK(stream_->recode(order.codec));
        server_->set_codec(order.codec);
        break;
      case Action::kNone:
      case Action::kStatus:
        break;
    }
  return {};
}

void TestCamera::serve_faults(const Faults& faults, double since_start_s) {
  if (faults.refuse != served_.refuse) server_->set_refusing(faults.refuse);
  if (faults.refuse_after != served_.refuse_after) server_->refuse_after(faults.refuse_after);
  if (faults.clock_skew_s != served_.clock_skew_s) server_->set_clock_skew(faults.clock_skew_s);
  if (faults.drop_every_s <= 0 || served_.drop_every_s <= 0) last_drop_s_ = since_start_s;
  if (faults.drop_every_s > 0 && since_start_s - last_drop_s_ >= faults.drop_every_s) {
    server_->drop_clients();
    last_drop_s_ = since_start_s;
  }
  served_ = faults;
}

Result<void> TestCamera::show(std::uint64_t number, const Faults& faults) {
  VG_TRY(CodedPicture coded, stream_->next(number, faults));
  if (truth_) truth_->write(coded.truth, clock_.now(), names_of(faults));
  ++delivered_;
  if (faults.silent) return {};
  if (faults.corrupt_rate > 0) {
    auto damaged = std::make_shared<std::vector<std::uint8_t>>(*coded.unit.bytes);
    corrupt(*damaged, spared_bytes(coded.unit), faults.corrupt_rate, number + 1);
    coded.unit.bytes = std::move(damaged);
  }
  server_->deliver(coded.unit);
  return {};
}

Result<void> TestCamera::run() {
  using SteadyClock = std::chrono::steady_clock;
  VG_CHECK(announce());
  const auto start = SteadyClock::now();
  const auto interval = std::chrono::nanoseconds(std::chrono::seconds(1)) / settings_.lobby.fps;
  std::size_t next_in_script = 0;
  for (std::uint64_t number = 0; !stopping_; ++number) {
    std::this_thread::sleep_until(start + interval * static_cast<std::int64_t>(number));
    const double since_start = std::chrono::duration<double>(SteadyClock::now() - start).count();
    if (settings_.duration_s > 0 && since_start >= settings_.duration_s) break;
    for (; next_in_script < settings_.script.size() && settings_.script[next_in_script].first <= since_start;
         ++next_in_script)
      if (const std::string answer = command(settings_.script[next_in_script].second); answer != "ok")
        VG_LOG(kWarning, "simcam", settings_.script[next_in_script].second + ": " + answer);
    VG_CHECK(obey());
    Faults faults;
    {
      const std::lock_guard lock(mutex_);
      faults = faults_;
    }
    serve_faults(faults, since_start);
    VG_CHECK(show(number, faults));
    // A camera that fell behind drops pictures; it does not slow down.
    const auto due = static_cast<std::uint64_t>((SteadyClock::now() - start) / interval);
    if (due > number + 1) number = due - 1;
  }
  return {};
}

}  // namespace veilgate::simcam
