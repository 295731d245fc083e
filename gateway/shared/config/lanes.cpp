// A camera belongs to one lane. A verification station serves only verification, so the whole device counts
// and not the stream: the main and the substream of one camera have different paths and often different
// ports.

#include <algorithm>
#include <vector>

#include "config/cross_checks.h"
#include "config/url.h"

namespace veilgate {
namespace {

struct Identity {
  std::string what_zh, what_en;
  std::string value;
  std::string key;  // where it is written, below the camera
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string stream_of(const SourceConfig& source) {
  if (source.rtsp.empty()) return source.file + source.v4l2;
  return stream_identity(parse_url(source.rtsp, "rtsp,rtsps").url);
}

/// What a device is known by. On loopback, where test cameras live side by side, the stream instead of the
/// host.
std::vector<Identity> identities(const SourceConfig& source, const DeviceConfig& device) {
  std::vector<Identity> out;
  if (!source.rtsp.empty()) {
    const auto url = parse_url(source.rtsp, "rtsp,rtsps").url;
    if (is_loopback(url.host))
      out.push_back({"视频流", "stream", stream_identity(url), "source.rtsp"});
    else
      out.push_back({"主机", "host", url.host, "source.rtsp"});
  }
  if (!source.file.empty()) out.push_back({"文件", "file", source.file, "source.file"});
  if (!source.v4l2.empty()) out.push_back({"设备", "local device", source.v4l2, "source.v4l2"});
  const auto pinned = [&](const std::string& value, const char* zh, const char* en, const char* key) {
    if (!value.empty()) out.push_back({zh, en, lower(value), key});
  };
  pinned(device.certificate_sha256, "设备证书", "device certificate", "device.certificate_sha256");
  pinned(device.onvif_serial, "ONVIF 序列号", "ONVIF serial", "device.onvif_serial");
  pinned(device.mac, "MAC 地址", "MAC address", "device.mac");
  return out;
}

void check_against_station(const CameraConfig& camera, const std::string& path, const StationConfig& station,
                           Findings& findings) {
  for (const auto& ours : identities(camera.source, camera.device)) {
    for (const auto& theirs : identities(station.source, station.device)) {
      if (ours.what_en != theirs.what_en || ours.value != theirs.value) continue;
      const std::string other = station.id.get();
      findings.error(
          "camera_in_both_lanes", path + "." + ours.key,
          {"同一设备（" + ours.what_zh + "相同）又是核验终端“" + other + "”：监控摄像机不得用于核验",
           "the same device (same " + ours.what_en + ") is also verification station `" + other +
               "`: a surveillance camera never serves verification"},
          "R-012");
      return;
    }
  }
}

}  // namespace

void check_lanes(const Config& config, Findings& findings) {
  for (std::size_t i = 0; i < config.cameras.size(); ++i) {
    const auto& camera = config.cameras[i];
    for (const auto& station : config.stations)
      check_against_station(camera, camera_path(i), station, findings);
    const std::string stream = stream_of(camera.source);
    if (stream.empty()) continue;
    const auto first =
        std::find_if(config.cameras.begin(), config.cameras.begin() + static_cast<std::ptrdiff_t>(i),
                     [&](const CameraConfig& c) { return stream_of(c.source) == stream; });
    if (first == config.cameras.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    const std::string other = first->id.get();
    findings.warning("same_stream_twice", camera_path(i) + ".source",
                     {"与摄像机“" + other + "”的视频流相同：同一人会被报两次",
                      "the same stream as camera `" + other + "`: everyone in it is reported twice"});
  }
}

}  // namespace veilgate
