#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <termios.h>
#include <unistd.h>

#include "core/exit_code.h"
#include "core/language.h"
#include "core/log.h"
#include "media/gstreamer.h"
#include "media/rtsp_preflight.h"
#include "media/stream_probe.h"
#include "surveillance/modes.h"

namespace veilgate::surveillance {
namespace {

using nlohmann::json;

struct Options {
  std::string url;
  std::string user;
  std::string credentials;
  std::string ca;
  std::string pin;
  bool as_json = false;
};

/// Asks on the terminal without echo.
std::string ask_password(const std::string& user) {
  std::fprintf(stderr, "%s %s: ", say("密码，用户", "password of").c_str(), user.c_str());
  termios before{};
  const bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  if (terminal) tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  std::string password;
  std::getline(std::cin, password);
  if (terminal) tcsetattr(STDIN_FILENO, TCSANOW, &before);
  std::fprintf(stderr, "\n");
  return password;
}

Result<media::CameraCredentials> credentials_of(const Options& options) {
  if (!options.credentials.empty()) {
    const std::filesystem::path path(options.credentials);
    const auto folder = path.has_parent_path() ? path.parent_path().string() : std::string(".");
    return media::read_camera_credentials(folder, path.filename().string());
  }
  if (options.user.empty()) return media::CameraCredentials{};
  return media::CameraCredentials(options.user, ask_password(options.user));
}

void row(const char* zh, const char* en, const std::string& value) {
  if (!value.empty()) std::printf("  %-22s %s\n", say(zh, en).c_str(), value.c_str());
}

std::string number(double value, const char* unit) {
  char text[48];
  std::snprintf(text, sizeof text, "%.1f %s", value, unit);
  return text;
}

void print_text(const Options& options, const media::PreflightReport& report,
                const std::optional<media::StreamFacts>& facts) {
  std::printf("%s\n", redact_url(options.url).c_str());
  if (!report.message.empty())
    std::printf("  ✗ %s [%s]\n", say(report.message_zh, report.message).c_str(), report.reason.c_str());
  if (facts) {
    std::printf("  ✓ %s\n", say("视频流可用", "the stream works").c_str());
    row("编码", "codec", facts->codec + (facts->profile.empty() ? "" : " (" + facts->profile + ")"));
    row("分辨率", "size", std::to_string(facts->width) + " × " + std::to_string(facts->height));
    row("帧率", "frame rate", number(facts->fps, "fps"));
    row("关键帧间隔", "keyframe gap", facts->keyframe_gap_s > 0 ? number(facts->keyframe_gap_s, "s") : "");
  }
  row("认证方式", "authentication", report.authentication);
  if (report.audio_tracks > 0) row("音频", "audio", say("有，网关忽略", "present, the gateway ignores it"));
  if (report.clock_offset) row("摄像机时钟偏差", "camera clock offset", number(static_cast<double>(report.clock_offset->count()), "s"));
  row("证书主体", "certificate", report.certificate.subject);
  row("证书指纹 SHA-256", "fingerprint SHA-256", report.certificate.sha256);
}

void print_json(const Options& options, const media::PreflightReport& report,
                const std::optional<media::StreamFacts>& facts, bool ok) {
  json out{{"ok", ok}, {"url", redact_url(options.url)}, {"stage", media::to_string(report.stage)},
           {"authentication", report.authentication}, {"problems", json::array()}};
  if (!report.reason.empty())
    out["problems"].push_back({{"code", report.reason}, {"path", redact_url(options.url)}, {"line", 0},
                               {"message", say(report.message_zh, report.message)}});
  if (report.clock_offset) out["clock_offset_s"] = report.clock_offset->count();
  if (report.certificate.seen)
    out["certificate"] = {{"sha256", report.certificate.sha256}, {"subject", report.certificate.subject}};
  if (facts)
    out["stream"] = {{"codec", facts->codec}, {"profile", facts->profile}, {"width", facts->width},
                     {"height", facts->height}, {"fps", facts->fps}, {"keyframe_gap_s", facts->keyframe_gap_s},
                     {"audio_tracks", report.audio_tracks}};
  std::printf("%s\n", out.dump(2).c_str());
}

int examine(const Options& options) {
  if (redact_url(options.url).find("://") == std::string::npos || options.url.find('@') != std::string::npos) {
    std::fprintf(stderr, "%s\n", say("地址应为 rtsp://主机/路径，不含用户名和密码（用 --user 或 --credentials）",
                                     "give rtsp://host/path without user and password (use --user or --credentials)").c_str());
    return kExitUsage;
  }
  auto credentials = credentials_of(options);
  if (!credentials) {
    std::fprintf(stderr, "%s\n", credentials.error().message().c_str());
    return kExitNoInput;
  }
  auto trust = media::CameraTrust::create(options.ca, options.pin);
  if (!trust) {
    std::fprintf(stderr, "%s\n", trust.error().message().c_str());
    return trust.error().code() == ErrorCode::kMissingPart ? kExitMissingPart : kExitNoInput;
  }
  const bool tls = options.url.rfind("rtsps://", 0) == 0;
  auto report = media::rtsp_preflight({options.url, *credentials, tls ? trust->get() : nullptr, Millis{4000}}, SystemClock{});
  std::optional<media::StreamFacts> facts;
  if (report.stage == media::PreflightStage::kPassed) {
    auto measured = media::probe_stream({options.url, *credentials, tls ? trust->get() : nullptr, Millis{5000}, Millis{5000}});
    if (measured) {
      facts = *measured;
    } else {
      report.stage = media::PreflightStage::kStream;
      report.reason = "no_frames";
      report.message = measured.error().message();
      report.message_zh = "已连接，但没有收到视频帧";
    }
  }
  if (options.as_json) print_json(options, report, facts, facts.has_value());
  else print_text(options, report, facts);
  return facts ? kExitOk : kExitNotGood;
}

}  // namespace

int run_probe(int argc, char** argv) {
  if (const auto started = media::start_gstreamer(); !started) {
    std::fprintf(stderr, "%s\n", started.error().message().c_str());
    return kExitMissingPart;
  }
  CLI::App app{say("检查摄像机地址：编码、分辨率、帧率、关键帧间隔，或失败的原因",
                   "examine a camera URL: codec, size, frame rate, keyframe gap, or which part fails"),
               "veilgate probe"};
  Options options;
  app.add_option("url", options.url, "rtsp://… | rtsps://…")->required();
  app.add_option("--user", options.user, say("用户名；密码在终端输入", "user; the password is asked for"));
  app.add_option("--credentials", options.credentials, say("凭据文件（两行：用户名、密码）", "credential file (two lines: user, password)"));
  app.add_option("--ca", options.ca, say("CA 证书文件（绝对路径）", "CA certificate file (absolute path)"));
  app.add_option("--pin", options.pin, say("设备证书指纹 SHA-256", "the device's certificate, SHA-256"));
  app.add_flag("--json", options.as_json, say("输出 JSON", "print JSON"));
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return examine(options);
}

}  // namespace veilgate::surveillance
