// mask-preview: what a camera's picture looks like behind the privacy mask, with the outlines of masks (red), zones
// (green) and lines (yellow), so that a person can judge whether the mask covers what it must.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>

#include <CLI/CLI.hpp>

#include "config/load.h"
#include "core/exit_code.h"
#include "core/language.h"
#include "media/encode.h"
#include "media/open_source.h"
#include "surveillance/chain_parts.h"
#include "surveillance/modes.h"
#include "surveillance/outline.h"

namespace veilgate::surveillance {
namespace {

constexpr OutlineColor kMaskColor{60, 60, 255}, kZoneColor{80, 220, 80}, kLineColor{40, 220, 255};
constexpr Millis kFrameTimeout{15000};

struct Options {
  std::string config;
  std::string camera;
  std::string input;
  std::uint64_t frame = 0;
  std::string credentials = "/etc/veilgate/credentials";
  std::string output;
};

int fail(int exit_code, const std::string& message) {
  std::fprintf(stderr, "mask-preview: %s\n", message.c_str());
  return exit_code;
}

int report(const LoadedConfig& loaded, const std::string& file) {
  for (const Problem& problem : loaded.problems)
    std::fprintf(stderr, "%s:%d: %s: %s\n", file.c_str(), problem.line, problem.path.c_str(),
                 say(problem.message_zh.empty() ? problem.message : problem.message_zh, problem.message).c_str());
  return loaded.unreadable ? kExitNoInput : kExitConfig;
}

/// The wanted frame, past the mask.
Result<MaskedFrame> masked_frame(const CameraConfig& camera, const Options& options) {
  VG_TRY(const auto mask, make_privacy_mask(camera));
  media::OpenOptions open;
  open.pace = camera.source.file.empty() ? media::Pace::kLive : media::Pace::kAsFastAsPossible;
  open.credentials_dir = options.credentials;
  VG_TRY(const auto source, media::open_source(camera, *mask, open));
  for (std::uint64_t i = 0;; ++i) {
    VG_TRY(auto raw, source->next(kFrameTimeout));
    if (!raw) {
      const SourceStatus status = source->status();
      if (status.state == SourceState::kEnded)
        return Error(ErrorCode::kNotFound, say("视频只有 ", "the video has only ") + std::to_string(i) + say(" 帧", " frames"));
      return Error(ErrorCode::kUnavailable, say("没有收到画面：", "no picture came: ") +
                                                (status.message.empty() ? status.reason : status.message));
    }
    if (i == options.frame) return mask->apply(std::move(*raw));
  }
}

BgrImage picture(const MaskedFrame& frame, const CameraConfig& camera) {
  BgrImage image;
  scale_bgr(frame, {0, 0, static_cast<double>(frame.width()), static_cast<double>(frame.height())}, frame.width(),
            frame.height(), image);
  for (const ZoneConfig& zone : camera.zones) draw_polygon(image, zone.polygon, kZoneColor);
  for (const LineConfig& line : camera.lines) draw_segment(image, line.segment.from, line.segment.to, kLineColor);
  for (const ZoneConfig& zone : camera.privacy_masks) draw_polygon(image, zone.polygon, kMaskColor);
  return image;
}

int preview(const Options& options) {
  const LoadedConfig loaded = load_config(options.config);
  if (!loaded.config) return report(loaded, options.config);
  const auto& cameras = loaded.config->cameras;
  const auto found = std::find_if(cameras.begin(), cameras.end(),
                                  [&](const CameraConfig& c) { return c.id.get() == options.camera; });
  if (found == cameras.end())
    return fail(kExitUsage, say("配置中没有摄像机 ", "no such camera in the configuration: ") + options.camera);
  CameraConfig camera = *found;
  if (!options.input.empty()) {
    camera.source = {};
    camera.source.file = options.input;
    camera.source.test = true;
  }
  const auto frame = masked_frame(camera, options);
  if (!frame) return fail(frame.error().code() == ErrorCode::kMissingPart ? kExitMissingPart : kExitNoInput,
                          frame.error().message());
  const auto png = media::encode_png(picture(*frame, camera));
  if (!png) return fail(kExitInternal, png.error().message());
  std::ofstream file(options.output, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(png->data()), static_cast<std::streamsize>(png->size()));
  if (!file.flush()) return fail(kExitNoInput, options.output + say(" 无法写入", " cannot be written"));
  std::printf("%s: %d x %d\n", options.output.c_str(), frame->width(), frame->height());
  return kExitOk;
}

}  // namespace

int run_mask_preview(int argc, char** argv) {
  CLI::App app{say("生成隐私遮挡预览图", "write a picture of a camera's view after the privacy mask"),
               "veilgate mask-preview"};
  Options options;
  app.add_option("--config", options.config, say("配置文件", "configuration file"))->required();
  app.add_option("--camera", options.camera, say("摄像机编号", "the camera's id"))->required();
  app.add_option("--input", options.input, say("用视频文件代替摄像机", "a video file instead of the camera"));
  app.add_option("--frame", options.frame, say("第几帧，从 0 开始", "which frame, 0 is the first"));
  app.add_option("--credentials", options.credentials, say("凭据目录", "folder of credentials"));
  app.add_option("output", options.output, "OUT.png")->required();
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return preview(options);
}

}  // namespace veilgate::surveillance
