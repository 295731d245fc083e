#include "lane/device_approvals.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "crypto/key_file.h"
#include "ipc/strict_json.h"

namespace veilgate::surveillance {
namespace {

using nlohmann::json;

constexpr const char* kPins[] = {"certificate_sha256", "onvif_serial", "mac"};

bool is_hex(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_mac(const std::string& text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i % 3 == 2 ? text[i] != ':' : !is_hex(text.substr(i, 1))) return false;
  return true;
}

bool is_serial(const std::string& text) {
  return text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Result<void> judge(const DeviceConfig& device) {
  const auto bad = [](const char* what) { return Error(ErrorCode::kInvalidInput, what); };
  if (device.certificate_sha256.empty() && device.onvif_serial.empty() && device.mac.empty())
    return bad("nothing to pin: give a certificate fingerprint, an ONVIF serial number or a MAC address");
  if (!device.certificate_sha256.empty() && (device.certificate_sha256.size() != 64 || !is_hex(device.certificate_sha256)))
    return bad("the certificate's SHA-256 is 64 hex digits in lower case");
  if (!device.mac.empty() && !is_mac(device.mac)) return bad("a MAC address is aa:bb:cc:dd:ee:ff in lower case");
  if (!is_serial(device.onvif_serial)) return bad("an ONVIF serial number is printable ASCII, at most 128 characters");
  return {};
}

}  // namespace

Result<void> DeviceApprovals::approve(const CameraId& camera, const DeviceConfig& device, UtcTime when) {
  VG_CHECK(judge(device));
  std::error_code failed;
  std::filesystem::create_directories(directory_, failed);
  if (failed) return Error(ErrorCode::kInternal, directory_ + ": " + failed.message());
  const json object{{"camera", camera.get()}, {"approved", format_utc(when)},
                    {"certificate_sha256", device.certificate_sha256}, {"onvif_serial", device.onvif_serial},
                    {"mac", device.mac}};
  const std::string text = object.dump(2) + "\n";
  return write_file_atomically(file_of(camera), as_bytes(text), 0600);
}

Result<DeviceConfig> DeviceApprovals::find(const CameraId& camera) const {
  std::ifstream file(file_of(camera), std::ios::binary);
  if (!file) return DeviceConfig{};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Error corrupt{ErrorCode::kCorrupt, file_of(camera) + ": not understood; approve the camera again"};
  const auto object = ipc::parse_strict_object(text);
  if (!object || !ipc::check_keys(*object, {"camera", "approved", "certificate_sha256", "onvif_serial", "mac"}))
    return corrupt;
  for (const char* pin : kPins)
    if (!(*object)[pin].is_string()) return corrupt;
  if ((*object)["camera"] != camera.get()) return corrupt;
  DeviceConfig device;
  device.certificate_sha256 = (*object)["certificate_sha256"];
  device.onvif_serial = (*object)["onvif_serial"];
  device.mac = (*object)["mac"];
  if (!judge(device)) return corrupt;
  return device;
}

}  // namespace veilgate::surveillance
