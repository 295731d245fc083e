#include "detect/detectors.h"

#include "detect/hog_detector.h"
#include "detect/network_detector.h"
#include "detect/own_weights.h"
#include "models/catalogue.h"
#include "models/load.h"

namespace veilgate::surveillance {
namespace {

constexpr const char* kYunet = "yunet";
constexpr double kOwnVisible = 18;  // height at which each network begins to suspect a face, input pixels
constexpr double kYunetVisible = 21;
constexpr std::size_t kVersionDigits = 12;

Result<std::unique_ptr<FaceDetector>> network_detector(NetworkDetector::Settings settings, ByteView onnx,
                                                       std::string_view sha256,
                                                       const DetectorConfig& config) {
  settings.version = sha256.substr(0, kVersionDigits);
  if (config.score_threshold > 0) settings.score_threshold = config.score_threshold;
  VG_TRY(FaceNetwork first_look, FaceNetwork::create(onnx));
  VG_TRY(FaceNetwork second_look, FaceNetwork::create(onnx));
  VG_TRY(FaceNetwork following, FaceNetwork::create(onnx));
  NetworkDetector::Networks networks{std::move(first_look), std::move(second_look), std::move(following)};
  return std::unique_ptr<FaceDetector>(
      std::make_unique<NetworkDetector>(std::move(settings), std::move(networks)));
}

Result<std::unique_ptr<FaceDetector>> own_detector(const DetectorConfig& config) {
  NetworkDetector::Settings settings;
  settings.name = "own";
  settings.visible_px = kOwnVisible;
  return network_detector(std::move(settings), own_weights(), own_weights_sha256(), config);
}

Result<std::unique_ptr<FaceDetector>> yunet_detector(const DetectorConfig& config,
                                                     const ModelSearchPath& models) {
  const CatalogueModel& model = *find_catalogue_model(kYunet);
  VG_TRY(const Bytes onnx, load_model(model, models));
  NetworkDetector::Settings settings;
  settings.name = kYunet;
  settings.visible_px = kYunetVisible;
  return network_detector(std::move(settings), onnx, model.sha256, config);
}

}  // namespace

Result<std::unique_ptr<FaceDetector>> make_detector(const DetectorConfig& config,
                                                    const ModelSearchPath& models) {
  switch (config.kind) {
    case DetectorKind::kOwn:
      return own_detector(config);
    case DetectorKind::kHog:
      return make_hog_detector(config.score_threshold);
    case DetectorKind::kYunet:
      return yunet_detector(config, models);
    case DetectorKind::kAuto:
      break;
  }
  const bool installed = models.find(std::string(find_catalogue_model(kYunet)->file_name)).has_value();
  return installed ? yunet_detector(config, models) : own_detector(config);
}

}  // namespace veilgate::surveillance
