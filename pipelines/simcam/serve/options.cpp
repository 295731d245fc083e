#include "simcam/serve/options.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include "core/exit_code.h"
#include "core/language.h"

namespace veilgate::simcam {
namespace {

struct Words {  // as typed, before they are judged
  std::string scene = "lobby", video, size = "1280x720", codec = "h264", path = "/lobby";
  std::string user, password_file, authentication = "digest", script = "people";
  std::string render, cache;
  std::vector<std::string> faults;
  int port = 0, cameras = 1, fps = 15, bitrate = 0;
  std::uint32_t seed = 2;
  std::uint64_t frames = 150, first_frame = 0;
  bool audio = false, lossless = false, prepare = false;
  float coverings = .12f, noise = 1.6f;
  double pre_encode_s = 0;
};

std::string default_cache() {
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && *xdg != '\0')
    return std::string(xdg) + "/veilgate/simcam";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return std::string(home) + "/.cache/veilgate/simcam";
  return {};
}

void declare(CLI::App& app, Words& w, TestCamera::Settings& camera) {
  app.add_option("--scene", w.scene, "lobby, or file with --file")->check(CLI::IsMember({"lobby", "file"}));
  app.add_option("--file", w.video, "a video, served again and again");
  app.add_option("--script", w.script, "people, or empty (nobody comes)")
      ->check(CLI::IsMember({"people", "empty"}));
  app.add_option("--port", w.port, "on 127.0.0.1; 0 = a free one")->check(CLI::Range(0, 65535));
  app.add_option("--path", w.path, "of the URL; with several cameras -1, -2 … is appended");
  app.add_option("--cameras", w.cameras, "paths that serve the same pictures, coded once")
      ->check(CLI::Range(1, 512));
  app.add_option("--size", w.size, "WIDTHxHEIGHT");
  app.add_option("--fps", w.fps)->check(CLI::Range(1, 60));
  app.add_option("--seed", w.seed, "who the people are");
  app.add_option("--codec", w.codec, "h264, h265 or mjpeg");
  app.add_option("--bitrate", w.bitrate, "kbit/s; 0 = fit for the size")->check(CLI::Range(0, 100000));
  app.add_option("--user", w.user, "clients must name this user …");
  app.add_option("--password-file", w.password_file, "… and the password in this file's first line");
  app.add_option("--auth", w.authentication, "how they are asked")->check(CLI::IsMember({"basic", "digest"}));
  app.add_option("--tls-cert", camera.server.tls_certificate, "PEM file: rtsps:// instead of rtsp://");
  app.add_option("--tls-key", camera.server.tls_key, "PEM file");
  app.add_flag("--audio", w.audio, "a second track with ticks (G.711)");
  app.add_option("--coverings", w.coverings, "probability of face masks and of hats")
      ->check(CLI::Range(0.f, 1.f));
  app.add_option("--noise", w.noise, "standard deviation of sensor noise")->check(CLI::Range(0.f, 10.f));
  app.add_option("--ground-truth", camera.ground_truth, "what is really to be seen, one JSON line per frame");
  app.add_option("--ready-file", camera.ready_file, "gets the URLs once clients are welcome");
  app.add_option("--duration", camera.duration_s, "seconds; 0 = until stopped");
  app.add_option("--pre-encode", w.pre_encode_s, "seconds coded before the camera is ready");
  app.add_option("--control", camera.control, "- or a Unix socket's path: commands, see below");
  app.add_option("--fault", w.faults, "\"SECONDS COMMAND\": a command at that time")->take_all();
  app.add_option("--cache", w.cache, "folder for rendered figures; none = do not keep them");
  app.add_option("--render", w.render,
                 "no server: writes OUT.mp4, OUT.mkv (lossless) or a folder of PNG files");
  app.add_option("--frames", w.frames, "how many --render writes");
  app.add_option("--first-frame", w.first_frame, "where --render begins");
  app.add_flag("--prepare", w.prepare,
               "no server: renders all figures into the cache, so that the next start is quick");
  app.add_flag("--lossless", w.lossless, "with --render OUT.mp4");
  app.footer(command_help());
}

Result<void> judge_login(const Words& w, RtspServer::Settings& server) {
  if (server.tls_certificate.empty() != server.tls_key.empty())
    return Error(ErrorCode::kInvalidInput, "--tls-cert and --tls-key belong together");
  if (w.user.empty() != w.password_file.empty())
    return Error(ErrorCode::kInvalidInput, "--user and --password-file belong together");
  if (w.user.empty()) return {};
  std::ifstream in(w.password_file);
  if (!std::getline(in, server.password) || server.password.empty())
    return Error(ErrorCode::kNotFound, "no password in " + w.password_file);
  server.user = w.user;
  server.authentication = w.authentication == "basic" ? Authentication::kBasic : Authentication::kDigest;
  return {};
}

Result<void> judge_faults(const Words& w, TestCamera::Settings& camera) {
  for (const std::string& fault : w.faults) {
    char* end = nullptr;
    const double at = std::strtod(fault.c_str(), &end);
    Faults probe;
    if (end == fault.c_str() || *end != ' ' || at < 0)
      return Error(ErrorCode::kInvalidInput, "--fault \"" + fault + "\": say \"SECONDS COMMAND\"");
    if (auto judged = apply_command(end, probe); !judged)
      return judged.error().with_context("--fault \"" + fault + "\"");
    camera.script.emplace_back(at, end + 1);
  }
  std::stable_sort(camera.script.begin(), camera.script.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return {};
}

Result<void> judge(const Words& w, TestCamera::Settings& camera) {
  VG_TRY(camera.lobby.size, parse_size(w.size));
  VG_TRY(camera.encoder.codec, parse_codec(w.codec));
  if ((w.scene == "file") != !w.video.empty())
    return Error(ErrorCode::kInvalidInput, "--scene file and --file VIDEO belong together");
  if (w.path.empty() || w.path[0] != '/') return Error(ErrorCode::kInvalidInput, "--path begins with /");
  camera.video = w.video;
  camera.lobby.fps = w.fps;
  camera.lobby.seed = w.seed;
  camera.lobby.cast = w.script == "empty" ? Cast::kNobody : Cast::kPeople;
  camera.lobby.coverings = w.coverings;
  camera.lobby.noise = w.noise;
  camera.lobby.cache_directory = w.cache == "none" ? "" : w.cache.empty() ? default_cache() : w.cache;
  camera.encoder.bitrate_kbit = w.bitrate;
  camera.pre_encode_s = w.pre_encode_s;
  camera.server.port = w.port;
  camera.server.sound = w.audio ? Sound::kTicks : Sound::kNone;
  for (int i = 1; i <= w.cameras; ++i)
    camera.server.paths.push_back(w.cameras == 1 ? w.path : w.path + "-" + std::to_string(i));
  VG_CHECK(judge_login(w, camera.server));
  return judge_faults(w, camera);
}

}  // namespace

Task parse_options(int argc, char** argv) {
  CLI::App app{say("veilgate-simcam：测试用 RTSP 摄像机，画面为程序生成的门厅，附精确真值，不含任何真人",
                   "veilgate-simcam: an RTSP test camera that shows a rendered lobby with exact ground truth "
                   "and no real person")};
  Words words;
  TestCamera::Settings camera;
  declare(app, words, camera);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  if (!words.video.empty()) words.scene = "file";
  if (auto judged = judge(words, camera); !judged) {
    std::cerr << judged.error().message() << "\n";
    return kExitUsage;
  }
  if (words.prepare) return PrepareOrder{camera.lobby};
  if (words.render.empty()) return camera;
  return RenderOrder{camera.lobby,
                     words.render,
                     words.first_frame,
                     words.frames,
                     words.lossless ? Fidelity::kLossless : Fidelity::kCamera,
                     camera.ground_truth};
}

}  // namespace veilgate::simcam
