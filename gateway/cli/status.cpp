// veilgate status: asks the processes over their sockets and shows the truth, the bad news included.

#include <cstdio>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/text_table.h"
#include "config/load.h"
#include "core/exit_code.h"
#include "core/language.h"
#include "ipc/channel.h"
#include "ipc/strict_json.h"
#include "ipc/submit.h"

namespace veilgate::cli {
namespace {

using nlohmann::json;

constexpr Millis kAnswerLimit{2'000};
constexpr const char* kProcesses[] = {"surveillance", "uplink", "console"};

struct Options {
  std::string runtime = "/run/veilgate";
  std::string config;
  bool as_json = false;
};

json problem(const std::string& code, const std::string& path, const std::string& message) {
  return {{"code", code}, {"path", path}, {"line", 0}, {"message", message}};
}

/// A process's own answer; none when it does not give one.
std::optional<json> ask(const Options& options, const std::string& process) {
  const auto answer = ipc::call(options.runtime + "/" + process + ".sock", ipc::status_request(), kAnswerLimit);
  if (!answer) return std::nullopt;
  auto parsed = ipc::parse_strict_object(answer->json);
  return parsed ? std::optional<json>(std::move(*parsed)) : std::nullopt;
}

json collect(const Options& options) {
  json all{{"ok", true}, {"problems", json::array()}};
  for (const char* process : kProcesses) {
    auto state = ask(options, process);
    if (!state) {
      all["problems"].push_back(problem("process_away", std::string("veilgate-") + process,
                                        say("未运行或无应答", "not running, or it does not answer")));
      continue;
    }
    if (state->contains("problems") && (*state)["problems"].is_array())
      for (const auto& found : (*state)["problems"]) all["problems"].push_back(found);
    all[process] = std::move(*state);
  }
  all["ok"] = all["problems"].empty();
  return all;
}

std::string text_of(const json& object, const char* key) {
  return object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : std::string();
}
std::string count_of(const json& object, const char* key) {
  return object.contains(key) && object[key].is_number() ? std::to_string(object[key].get<long long>()) : "–";
}
std::string decimal(double value, const char* format) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}
std::string seconds_of(const json& object, const char* key_ms) {
  if (!object.contains(key_ms) || !object[key_ms].is_number()) return "–";
  return decimal(object[key_ms].get<double>() / 1000, "%.1f s");
}

std::string state_word(const std::string& state) {
  if (state == "online") return say("在线", "online");
  if (state == "lost") return say("失联", "lost");
  if (state == "held") return say("暂停", "held");
  if (state == "ended") return say("已结束", "ended");
  if (state == "starting") return say("启动中", "starting");
  return state;
}

std::vector<std::string> camera_row(const json& camera) {
  const bool seen = camera.contains("width") && camera["width"].is_number() && camera["width"] > 0;
  const std::string size = seen ? count_of(camera, "width") + "×" + count_of(camera, "height") : "–";
  const double fps = camera.contains("fps") && camera["fps"].is_number() ? camera["fps"].get<double>() : 0;
  const bool whole = camera.contains("mask_whole_frame") && camera["mask_whole_frame"] == true;
  const std::string mask = whole ? say("整幅", "whole frame") : count_of(camera, "mask_zones");
  const std::string revision = text_of(camera, "mask_revision").substr(0, 8);
  return {text_of(camera, "id"), state_word(text_of(camera, "state")), size, text_of(camera, "codec"),
          decimal(fps, "%.1f"), seconds_of(camera, "last_frame_age_ms"), count_of(camera, "frames_dropped"),
          count_of(camera, "rules"), mask + (revision.empty() ? "" : " (" + revision + ")"),
          text_of(camera, "reason")};
}

void print_cameras(const json& surveillance) {
  std::vector<std::vector<std::string>> rows{
      {say("摄像机", "camera"), say("状态", "state"), say("尺寸", "size"), say("编码", "codec"), say("帧率", "fps"),
       say("最近一帧", "last frame"), say("丢帧", "dropped"), say("规则", "rules"), say("遮挡", "masks"),
       say("原因", "reason")}};
  for (const auto& camera : surveillance.value("cameras", json::array())) rows.push_back(camera_row(camera));
  std::printf("%s", format_table(rows).c_str());
  for (const auto& camera : surveillance.value("cameras", json::array())) {
    const auto tell = [&](const json& what) {
      const std::string text = say(text_of(what, "message_zh"), text_of(what, "message"));
      if (!text.empty()) std::printf("  ! %s: %s\n", text_of(camera, "id").c_str(), text.c_str());
    };
    tell(camera);
    for (const auto& finding : camera.value("findings", json::array())) tell(finding);
  }
  const auto submit = surveillance.value("submit", json::object());
  std::printf("%s\n", say("  待提交 " + count_of(submit, "waiting") + "，已接收 " + count_of(submit, "accepted"),
                          "  waiting for the uplink " + count_of(submit, "waiting") + ", accepted " +
                              count_of(submit, "accepted")).c_str());
}

void print_uplink(const json& uplink) {
  const auto link = uplink.value("link", json::object());
  const auto outbox = uplink.value("outbox", json::object());
  const bool online = link.contains("online") && link["online"] == true;
  std::printf("%s  %s  %s\n", say("上行", "uplink").c_str(),
              (online ? say("已连接", "connected") : say("未连接", "not connected")).c_str(),
              text_of(link, "broker").c_str());
  const std::string oldest = seconds_of(outbox, "oldest_unsent_age_ms");
  std::printf("%s\n", say("  待发 " + count_of(outbox, "unsent") + "（最早 " + oldest + "），待回执 " +
                              count_of(outbox, "sent") + "，已送达 " + count_of(outbox, "delivered") + "，丢弃 " +
                              count_of(outbox, "dropped"),
                          "  to send " + count_of(outbox, "unsent") + " (oldest " + oldest + "), waiting for receipt " +
                              count_of(outbox, "sent") + ", delivered " + count_of(outbox, "delivered") +
                              ", dropped " + count_of(outbox, "dropped")).c_str());
}

/// Cameras of the file, when the lane itself cannot be asked.
void print_configured(const Options& options) {
  if (options.config.empty()) return;
  const auto loaded = load_config(options.config);
  if (!loaded.config) return;
  for (const auto& camera : loaded.config->cameras)
    std::printf("  %s  %s\n", camera.id.get().c_str(), say("未运行", "not running").c_str());
}

void print_text(const Options& options, const json& all) {
  if (all.contains("surveillance")) print_cameras(all["surveillance"]);
  else print_configured(options);
  if (all.contains("uplink")) print_uplink(all["uplink"]);
  if (all.contains("console"))
    std::printf("%s  http://%s/metrics\n", say("指标", "metrics").c_str(), text_of(all["console"], "address").c_str());
  for (const auto& found : all["problems"])
    std::printf("✗ %s: %s [%s]\n", text_of(found, "path").c_str(), text_of(found, "message").c_str(),
                text_of(found, "code").c_str());
  if (all["problems"].empty()) std::printf("✓ %s\n", say("一切正常", "all is well").c_str());
}

int show(const Options& options) {
  const json all = collect(options);
  if (options.as_json) std::printf("%s\n", all.dump(2, ' ', false, json::error_handler_t::replace).c_str());
  else print_text(options, all);
  return all["ok"] == true ? kExitOk : kExitNotGood;
}

}  // namespace

void add_status(CLI::App& root, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* command = root.add_subcommand("status", say("各摄像机与上行链路的真实状态", "the true state of cameras and uplink"));
  command->add_option("--runtime", options->runtime, say("运行目录", "runtime directory"))->capture_default_str();
  command->add_option("--config", options->config,
                      say("配置文件：未运行时列出其中的摄像机", "configuration: lists its cameras when nothing runs"));
  command->add_flag("--json", options->as_json, say("输出 JSON", "print JSON"));
  command->callback([options, &exit_code] { exit_code = show(*options); });
}

}  // namespace veilgate::cli
