// veilgate analyze: a camera's chain on a file, as fast as it can, with media time as the clock and without a
// network.
#include <cstdio>
#include <optional>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "config/load.h"
#include "core/exit_code.h"
#include "core/language.h"
#include "media/open_source.h"
#include "surveillance/analysis_files.h"
#include "surveillance/chain_parts.h"
#include "surveillance/modes.h"

namespace veilgate::surveillance {
namespace {

struct Options {
  std::string config, camera, input, results, tracks, objects, detector, models, start;
  bool realtime = false;
};

/// A failure with the exit code that says whose it is.
struct Failure {
  int exit_code;
  std::string message;
};

int exit_code_of(const Error& error, int otherwise) {
  switch (error.code()) {
    case ErrorCode::kMissingPart:
      return kExitMissingPart;
    case ErrorCode::kPermission:
      return kExitPermission;
    case ErrorCode::kInternal:
      return kExitInternal;
    default:
      return otherwise;
  }
}

std::optional<Failure> parse(int argc, char** argv, Options& o) {
  CLI::App app{say("离线分析一个视频文件", "analyse a video file exactly as a camera's chain would")};
  app.name("veilgate analyze");
  app.add_option("--config", o.config, say("配置文件", "configuration file"))->required();
  app.add_option("--camera", o.camera, say("摄像机编号", "id of the camera"))->required();
  app.add_option("--input", o.input, say("视频文件", "video file"))->required();
  app.add_option("--results", o.results, say("结果（JSON 行）", "results, one JSON object per line"))
      ->required();
  app.add_option("--tracks", o.tracks, say("人脸轨迹（MOT）", "face tracks, MOT format"));
  app.add_option("--objects", o.objects, say("目标轨迹（MOT）", "object tracks, MOT format"));
  app.add_option("--detector", o.detector, "own | hog | yunet")
      ->check(CLI::IsMember({"own", "hog", "yunet"}));
  app.add_option("--models", o.models, say("模型目录", "directory of installed models"));
  app.add_option("--start", o.start,
                 say("第一帧的时间（UTC）", "time of the first frame, UTC, 2026-03-01T08:00:00Z"));
  app.add_flag("--realtime", o.realtime, say("按视频速度运行", "at the speed of the video"));
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::ParseError& error) {
    return Failure{app.exit(error) == 0 ? kExitOk : kExitUsage, ""};
  }
  return std::nullopt;
}

std::string problems_text(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems)
    if (problem.severity == Severity::kError)
      text += "\n  " + std::to_string(problem.line) + ": " + problem.path + ": " +
              say(problem.message_zh, problem.message);
  return text;
}

/// The configured camera with the file in place of its source.
std::optional<Failure> load_camera(const Options& o, CameraConfig& camera, std::string& timezone) {
  LoadedConfig loaded = load_config(o.config);
  if (!loaded.config) return Failure{kExitConfig, o.config + problems_text(loaded.problems)};
  for (const CameraConfig& candidate : loaded.config->cameras)
    if (candidate.id.get() == o.camera) camera = candidate;
  if (camera.id.get().empty())
    return Failure{kExitUsage,
                   say("配置中没有该摄像机：", "no such camera in the configuration: ") + o.camera};
  if (access(o.input.c_str(), R_OK) != 0)
    return Failure{kExitNoInput, say("无法读取视频：", "the video cannot be read: ") + o.input};
  SourceConfig source;
  source.file = o.input;
  source.test = camera.source.test;
  camera.source = source;
  if (o.detector == "own") camera.detector.kind = DetectorKind::kOwn;
  if (o.detector == "hog") camera.detector.kind = DetectorKind::kHog;
  if (o.detector == "yunet") camera.detector.kind = DetectorKind::kYunet;
  timezone = loaded.config->site.timezone;
  return std::nullopt;
}

/// A bar on a terminal, nothing elsewhere.
class Progress {
 public:
  explicit Progress(UtcTime start) : start_(start), terminal_(isatty(STDERR_FILENO) != 0) {}
  ~Progress() {
    if (shown_) std::fprintf(stderr, "\r\033[K");
  }
  void show(UtcTime now, const SourceStatus& status) {
    if (!terminal_) return;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const double whole = status.duration ? std::chrono::duration<double>(*status.duration).count() : 0;
    shown_ = true;
    if (whole <= 0) {
      std::fprintf(stderr, "\r\033[K%.1f s", seconds);
      return;
    }
    const int filled = static_cast<int>(40 * std::min(1.0, seconds / whole));
    std::fprintf(stderr, "\r[%s%s] %3.0f %%  %.1f / %.1f s", std::string(filled, '#').c_str(),
                 std::string(40 - filled, '.').c_str(), 100 * std::min(1.0, seconds / whole), seconds, whole);
  }

 private:
  UtcTime start_;
  bool terminal_;
  bool shown_ = false;
};

Result<void> run_frames(FrameSource& source, CameraChain& chain, UtcTime start) {
  Progress progress(start);
  for (std::uint64_t count = 0;; ++count) {
    VG_TRY(auto frame, source.next(Millis{10'000}));
    if (!frame) {
      const SourceStatus status = source.status();
      if (status.state == SourceState::kEnded) break;
      return Error(ErrorCode::kUnavailable,
                   status.message.empty() ? "the video gives no more frames" : status.message);
    }
    const UtcTime time = frame->info().time;
    (void)chain.process(std::move(*frame));  // a refused frame is counted by the chain and said at the end
    if (count % 20 == 0) progress.show(time, source.status());
  }
  chain.finish();
  return {};
}

std::optional<Failure> analyze(const Options& o) {
  CameraConfig camera;
  std::string timezone;
  if (auto failure = load_camera(o, camera, timezone)) return failure;
  UtcTime start{};
  if (!o.start.empty()) {
    auto parsed = parse_utc(o.start);
    if (!parsed) return Failure{kExitUsage, "--start: " + parsed.error().message()};
    start = *parsed;
  }
  auto mask = make_privacy_mask(camera);
  if (!mask) return Failure{kExitConfig, mask.error().message()};
  auto lines = ResultLines::create(o.results);
  if (!lines) return Failure{kExitPermission, lines.error().message()};
  MotFiles tracks;
  const bool wants_tracks = !o.tracks.empty() || !o.objects.empty();
  auto chain = make_camera_chain(
      camera, **mask, **lines,
      {model_search_path(o.models), timezone, kOfflineSeed, wants_tracks ? &tracks : nullptr});
  if (!chain) return Failure{exit_code_of(chain.error(), kExitConfig), chain.error().message()};
  media::OpenOptions open;
  open.pace = o.realtime ? media::Pace::kRealtime : media::Pace::kAsFastAsPossible;
  open.time_base = media::TimeBase::kMedia;
  open.media_start = start;
  auto source = media::open_source(camera, **mask, open);
  if (!source) return Failure{exit_code_of(source.error(), kExitNoInput), source.error().message()};
  if (auto done = run_frames(**source, **chain, start); !done)
    return Failure{exit_code_of(done.error(), kExitNoInput), done.error().message()};
  if (auto closed = (*lines)->close(); !closed) return Failure{kExitPermission, closed.error().message()};
  if (auto written = tracks.write(o.tracks, o.objects); !written)
    return Failure{kExitPermission, written.error().message()};
  const ChainCounters counters = (*chain)->counters();
  std::fprintf(stderr, "%s: %llu, %s: %d, %s: %d, %s: %llu\n", say("已分析帧（与实时相同，每秒至多 11 帧）", "frames analysed (at most eleven a second, as live)").c_str(),
               static_cast<unsigned long long>(counters.frames), say("人脸结果", "face results").c_str(),
               (*lines)->faces, say("事件", "events").c_str(), (*lines)->events,
               say("因遮挡未证实而拒绝的帧", "frames refused").c_str(),
               static_cast<unsigned long long>(counters.frames_refused));
  if (counters.frames == 0)
    return Failure{kExitNoInput, say("没有可分析的帧：", "no frame could be analysed: ") + o.input};
  return std::nullopt;
}

}  // namespace

int run_analyze(int argc, char** argv) {
  Options options;
  auto failure = parse(argc, argv, options);
  if (!failure) failure = analyze(options);
  if (!failure) return kExitOk;
  if (!failure->message.empty()) std::fprintf(stderr, "veilgate analyze: %s\n", failure->message.c_str());
  return failure->exit_code;
}

}  // namespace veilgate::surveillance
