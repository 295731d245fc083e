// veilgate camera approve | confirm-view: what a person decides about a camera, said to the lane.

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "core/exit_code.h"
#include "core/language.h"
#include "ipc/channel.h"
#include "ipc/submit.h"

namespace veilgate::cli {
namespace {

using nlohmann::json;

constexpr Millis kAnswerLimit{5'000};

struct Options {
  std::string runtime = "/run/veilgate";
  std::string camera;
  std::string certificate;
  std::string serial;
  std::string mac;
};

int exit_code_of(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kInvalidInput:
    case ErrorCode::kNotFound: return kExitUsage;
    case ErrorCode::kPermission: return kExitPermission;
    case ErrorCode::kUnavailable: return kExitMissingPart;
    default: return kExitInternal;
  }
}

int tell_lane(const Options& options, const char* kind, const json& header, const std::string& done_text) {
  const auto answer = ipc::call(options.runtime + "/surveillance.sock", {kind, 0, header.dump(), {}}, kAnswerLimit);
  const auto done = answer ? ipc::parse_submit_answer(*answer) : Result<void>(answer.error());
  if (done) {
    std::printf("%s: %s\n", options.camera.c_str(), done_text.c_str());
    return kExitOk;
  }
  std::fprintf(stderr, "%s: %s\n", options.camera.c_str(), done.error().message().c_str());
  return exit_code_of(done.error());
}

/// What the running lane has seen of the device: its certificate if it showed one, else serial and MAC.
Result<json> seen_device(const Options& options) {
  VG_TRY(const auto answer, ipc::call(options.runtime + "/surveillance.sock", {"status", 0, "{}", {}}, kAnswerLimit));
  const auto status = json::parse(answer.json, nullptr, false);
  const Error nothing(ErrorCode::kNotFound, say("尚未见到该设备的特征：先让网关连接它，或用 --certificate/--onvif-serial/--mac 指定",
                                                "nothing of this device has been seen yet: let the gateway reach it first, or "
                                                "give --certificate, --onvif-serial or --mac"));
  if (!status.is_object()) return nothing;
  for (const auto& camera : status.value("cameras", json::array())) {
    if (camera.value("id", "") != options.camera) continue;
    json device = camera.value("device", json::object());
    if (!device.value("certificate_sha256", "").empty()) device["onvif_serial"] = device["mac"] = "";
    for (const auto& [key, value] : device.items())
      if (value != "") return device;
  }
  return nothing;
}

int approve(const Options& options) {
  json header{{"certificate_sha256", options.certificate}, {"onvif_serial", options.serial}, {"mac", options.mac}};
  if (options.certificate.empty() && options.serial.empty() && options.mac.empty()) {
    auto device = seen_device(options);
    if (!device) {
      std::fprintf(stderr, "%s: %s\n", options.camera.c_str(), device.error().message().c_str());
      return exit_code_of(device.error());
    }
    header = std::move(*device);
    for (const auto& [key, value] : header.items())
      if (value != "") std::printf("  %s  %s\n", key.c_str(), value.get<std::string>().c_str());
  }
  header["camera"] = options.camera;
  return tell_lane(options, "approve", header, say("已批准并记录设备特征", "approved; its device is recorded"));
}

int confirm_view(const Options& options) {
  return tell_lane(options, "confirm_view", {{"camera", options.camera}},
                   say("已确认新画面，遮挡区恢复", "the new view is confirmed; its zones apply again"));
}

void add_common(CLI::App& command, const std::shared_ptr<Options>& options) {
  command.add_option("id", options->camera, say("摄像机编号", "camera id"))->required();
  command.add_option("--runtime", options->runtime, say("运行目录", "runtime directory"))->capture_default_str();
}

}  // namespace

void add_camera(CLI::App& root, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* camera = root.add_subcommand("camera", say("批准设备、确认画面", "approve a device, confirm a view"));
  camera->require_subcommand(1);
  auto* approving = camera->add_subcommand("approve", say("批准摄像机并固定其设备特征（见 veilgate probe）",
                                                          "approve a camera and pin its device (see veilgate probe)"));
  add_common(*approving, options);
  approving->add_option("--certificate", options->certificate, say("证书 SHA-256", "certificate, SHA-256"));
  approving->add_option("--onvif-serial", options->serial, say("ONVIF 序列号", "ONVIF serial number"));
  approving->add_option("--mac", options->mac, say("MAC 地址", "MAC address"));
  approving->callback([options, &exit_code] { exit_code = approve(*options); });
  auto* confirming = camera->add_subcommand("confirm-view", say("人工确认摄像机的新画面", "a person confirms the new view"));
  add_common(*confirming, options);
  confirming->callback([options, &exit_code] { exit_code = confirm_view(*options); });
}

}  // namespace veilgate::cli
