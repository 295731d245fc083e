// the figure is an access-control terminal's (EC-05); for surveillance it is our advice.

#include <string>

#include "config/lawfulness.h"

namespace veilgate {
namespace {

constexpr int kLeastWidth = 1280;
constexpr int kLeastHeight = 720;

std::optional<Problem> finding(const SourceConfig& source, const std::string& path, int width, int height,
                               Severity severity) {
  if (source.test || (width >= kLeastWidth && height >= kLeastHeight)) return std::nullopt;
  const std::string size = std::to_string(width) + "×" + std::to_string(height);
  return Problem{
      "below_minimum_resolution",
      severity,
      path,
      0,
      "the picture is " + size + ", below 1280×720" +
          (severity == Severity::kWarning ? " (advised for face channels)" : " (needed for verification)"),
      "画面为 " + size + "，低于 1280×720" +
          (severity == Severity::kWarning ? "（人脸通道的建议值）" : "（核验终端的要求）"),
      "R-029"};
}

}  // namespace

std::optional<Problem> resolution_finding(const CameraConfig& camera, int width, int height) {
  return finding(camera.source, "surveillance.cameras[" + camera.id.get() + "]", width, height,
                 Severity::kWarning);
}

std::optional<Problem> resolution_finding(const StationConfig& station, int width, int height) {
  return finding(station.source, "verification.stations[" + station.id.get() + "]", width, height,
                 Severity::kError);
}

}  // namespace veilgate
