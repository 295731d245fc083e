// veilgate detect: faces in still pictures, boxes and scores only. Each picture goes the way of every frame:
// through the privacy mask (without zones here) to the detector.

#include <cmath>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "core/exit_code.h"
#include "core/language.h"
#include "detect/detectors.h"
#include "detect/still_image.h"
#include "frame/privacy_mask.h"
#include "surveillance/modes.h"

namespace veilgate::surveillance {
namespace {

using json = nlohmann::ordered_json;

struct Options {
  DetectorConfig detector;
  std::string models;
  std::vector<std::string> images;
};

double tenth(double value) { return std::round(value * 10) / 10; }

json describe_faces(const std::vector<FaceDetection>& faces) {
  json list = json::array();
  for (const auto& face : faces)
    list.push_back({{"x", tenth(face.box.x)},
                    {"y", tenth(face.box.y)},
                    {"w", tenth(face.box.w)},
                    {"h", tenth(face.box.h)},
                    {"score", std::round(face.score * 1000) / 1000}});
  return list;
}

Result<json> examine(const std::string& image, FaceDetector& detector, PrivacyMask& mask, int min_face_px) {
  VG_TRY(RawFrame raw, read_still_image(image));
  VG_TRY(const MaskedFrame frame, mask.apply(std::move(raw)));
  const Box whole{0, 0, static_cast<double>(frame.width()), static_cast<double>(frame.height())};
  return json{{"image", image},
              {"detector", detector.name()},
              {"version", detector.version()},
              {"faces", describe_faces(detector.detect(frame, whole, min_face_px))}};
}

int examine_all(const Options& options) {
  const auto detector = make_detector(options.detector, model_search_path(options.models));
  if (!detector) {
    std::fprintf(stderr, "%s\n", detector.error().message().c_str());
    return detector.error().code() == ErrorCode::kMissingPart ? kExitMissingPart : kExitNotGood;
  }
  const auto mask = PrivacyMask::create({});
  VG_ASSERT(mask.has_value());  // no zones: nothing that could be wrong
  int exit_code = kExitOk;
  for (const auto& image : options.images) {
    const auto line = examine(image, **detector, **mask, options.detector.min_face_px);
    if (line) {
      std::printf("%s\n", line->dump(-1, ' ', false, json::error_handler_t::replace).c_str());
      continue;
    }
    std::fprintf(stderr, "%s\n", line.error().message().c_str());
    exit_code = kExitNoInput;  // the others are still looked at
  }
  return exit_code;
}

}  // namespace

int run_detect(int argc, char** argv) {
  CLI::App app{say("在图片中检测人脸：每张图片输出一行 JSON（位置和分数）",
                   "find faces in still images: one JSON line per image (boxes and scores)"),
               "veilgate detect"};
  Options options;
  const std::map<std::string, DetectorKind> kinds{{"auto", DetectorKind::kAuto},
                                                  {"own", DetectorKind::kOwn},
                                                  {"hog", DetectorKind::kHog},
                                                  {"yunet", DetectorKind::kYunet}};
  std::string kind = "auto";
  app.add_option("--detector", kind, "auto | own | hog | yunet")->check(CLI::IsMember(kinds));
  app.add_option("--models", options.models, say("模型目录", "model directory"));
  app.add_option("--min-face-px", options.detector.min_face_px,
                 say("最小人脸（像素）", "smallest face, pixels"))
      ->check(CLI::Range(8, 1000))
      ->capture_default_str();
  app.add_option("images", options.images, say("图片文件", "picture files"))->required();
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  options.detector.kind = kinds.at(kind);
  return examine_all(options);
}

}  // namespace veilgate::surveillance
