#include "media/device_admission.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>

#include <gio/gio.h>
#include <gst/rtsp/gstrtspurl.h>

namespace veilgate::media {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>(g_ascii_tolower(c)); });
  return text;
}

std::string address_of(const std::string& url) {
  GstRTSPUrl* parsed = nullptr;
  if (gst_rtsp_url_parse(url.c_str(), &parsed) != GST_RTSP_OK) return "";
  const std::string host = parsed->host ? parsed->host : "";
  gst_rtsp_url_free(parsed);
  GList* addresses = g_resolver_lookup_by_name(g_resolver_get_default(), host.c_str(), nullptr, nullptr);
  if (!addresses) return "";
  gchar* text = g_inet_address_to_string(G_INET_ADDRESS(addresses->data));
  const std::string address = text;
  g_free(text);
  g_resolver_free_addresses(addresses);
  return address;
}

Admission refuse(const char* reason, std::string zh, std::string en) {
  return {false, reason, std::move(en), std::move(zh)};
}

}  // namespace

std::string mac_in_table(const std::string& table, const std::string& address) {
  std::istringstream lines(table);
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string ip, type, flags, mac;
    if (fields >> ip >> type >> flags >> mac && ip == address && mac != "00:00:00:00:00:00") return lower(mac);
  }
  return "";
}

std::string mac_of(const std::string& url) {
  const std::string address = address_of(url);
  if (address.empty()) return "";
  std::ifstream file("/proc/net/arp");
  std::stringstream table;
  table << file.rdbuf();
  return mac_in_table(table.str(), address);
}

Admission judge_device(const CameraConfig& camera, const DeviceSeen& seen) {
  if (camera.source.test) return {true, "", "", ""};
  const DeviceConfig& pinned = camera.device;
  const std::string approve = "veilgate camera approve " + camera.id.get();
  const auto differs = [&](const char* reason, const char* zh, const char* en) {
    return refuse(reason, std::string("设备") + zh + "与批准时不同；若已更换摄像机，运行 " + approve,
                  std::string("the device's ") + en + " is not the approved one; if the camera was replaced, run " + approve);
  };
  const auto unverifiable = [](const char* zh, const char* en) { return refuse("device_unverifiable", zh, en); };

  if (pinned.certificate_sha256.empty() && pinned.onvif_serial.empty() && pinned.mac.empty())
    return refuse("device_not_approved", "设备尚未批准：核实后运行 " + approve,
                  "this device has not been approved: check it, then run " + approve);
  if (!pinned.certificate_sha256.empty() && lower(pinned.certificate_sha256) != seen.certificate.sha256)
    return differs("certificate_differs", "证书", "certificate");
  if (!pinned.onvif_serial.empty() && seen.onvif_serial.empty())
    return unverifiable("无法读取 ONVIF 序列号，不予接入：检查 ONVIF 是否启用及其用户",
                        "the ONVIF serial cannot be read, so the device is refused: check that ONVIF is on, and its user");
  if (!pinned.onvif_serial.empty() && pinned.onvif_serial != seen.onvif_serial)
    return differs("onvif_serial_differs", " ONVIF 序列号", "ONVIF serial");
  if (!pinned.mac.empty() && seen.mac.empty())
    return unverifiable("无法读取设备 MAC（不在同一网段），不予接入：请改用证书绑定",
                        "the device's MAC cannot be read (not on this network segment): pin its certificate instead");
  if (!pinned.mac.empty() && lower(pinned.mac) != seen.mac) return differs("mac_differs", " MAC ", "MAC");
  return {true, "", "", ""};
}

}  // namespace veilgate::media
