#include <cstdio>
#include <ctime>
#include <map>

#include <nlohmann/json.hpp>

#include "core/language.h"
#include "sinks/result_sink.h"

namespace veilgate::receiver {
namespace {

using nlohmann::json;

/// Columns on a terminal: Chinese characters and full-width signs take two.
int display_width(const std::string& text) {
  int width = 0;
  for (const unsigned char c : text)
    if (c < 0x80 || c >= 0xE0) width += c >= 0xE0 ? 2 : 1;
    else if (c >= 0xC0) width += 1;
  return width;
}

std::string pad(const std::string& text, int width) {
  return text + std::string(static_cast<std::size_t>(std::max(1, width - display_width(text))), ' ');
}

std::string field(const json& object, const char* key) {
  if (!object.contains(key)) return "";
  const json& value = object.at(key);
  return value.is_string() ? value.get<std::string>() : value.is_number() ? value.dump() : "";
}

/// "2026-03-01T08:15:30.123Z" → the reader's own clock, "16:15:30.123".
std::string local_time(const std::string& utc) {
  const auto time = parse_utc(utc);
  if (!time) return utc;
  const auto ms = time->time_since_epoch().count();
  const std::time_t seconds = ms / 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d.%03d", local.tm_hour, local.tm_min, local.tm_sec,
                static_cast<int>(ms % 1000));
  return text;
}

std::string event_name(const json& payload) {
  static const std::map<std::string, std::pair<const char*, const char*>> names{
      {"intrusion", {"禁行闯入", "intrusion"}},      {"line_crossing", {"绊线穿越", "line crossing"}},
      {"stay", {"异常滞留", "stay"}},                {"loitering", {"异常徘徊", "loitering"}},
      {"abnormal_appearance", {"出现异常", "abnormal appearance"}}};
  const auto found = names.find(field(payload, "type"));
  return found == names.end() ? field(payload, "type") : say(found->second.first, found->second.second);
}

std::string phase_name(const std::string& phase) {
  if (phase == "new") return say("开始", "begins");
  if (phase == "update") return say("持续", "goes on");
  if (phase == "end") return say("结束", "ends");
  return phase;
}

std::string place(const json& payload) {
  if (const auto line = field(payload, "line"); !line.empty()) return say("警戒线 ", "line ") + line;
  if (const auto zone = field(payload, "zone"); !zone.empty()) return say("区域 ", "zone ") + zone;
  return say("全画面", "whole picture");
}

std::string box_text(const json& payload) {
  if (!payload.contains("box") || !payload["box"].is_object()) return "";
  const json& box = payload["box"];
  const auto number = [&](const char* key) {
    return box.contains(key) && box[key].is_number() ? std::to_string(static_cast<int>(box[key].get<double>())) : "?";
  };
  return number("w") + "×" + number("h") + say(" 像素", " px") + say("，位于 ", " at ") + number("x") + "," + number("y");
}

std::string describe(const json& payload) {
  const auto kind = field(payload, "kind");
  if (kind == "event")
    return pad(event_name(payload) + " " + phase_name(field(payload, "phase")), 30) +
           pad(say("规则 ", "rule ") + field(payload, "rule"), 20) + pad(place(payload), 20) +
           say("目标 ", "object ") + field(payload, "object") +
           (field(payload, "class") == "person" ? say("（人员）", " (person)") : "");
  if (kind == "face")
    return pad(say("人脸", "face") + " #" + field(payload, "track"), 30) + box_text(payload);
  if (kind == "dedup")
    return pad(say("间断去重", "interrupted dedup"), 30) + field(payload, "suppressed_count") +
           say(" 次重复已合并", " returns not reported again");
  if (kind == "image")
    return pad(say("人脸图片", "face crop"), 30) + field(payload, "Width") + "×" + field(payload, "Height");
  return kind;
}

class LineSink final : public ResultSink {
 public:
  explicit LineSink(std::FILE* out) : out_(out) {}
  const char* name() const override { return "lines"; }
  SinkUse use() const override { return SinkUse::kAnalysis; }
  Result<void> deliver(const ReceivedResult& result) override {
    if (result.header.message_class == MessageClass::kStatus) return {};
    const auto payload = json::parse(result.payload, nullptr, false);
    if (!payload.is_object()) return {};
    std::string time = field(payload, "time");
    if (time.empty()) time = format_utc(result.header.time);
    const std::string line = local_time(time) + "  " + pad(result.header.source, 14) + describe(payload);
    std::fprintf(out_, "%s\n", line.c_str());
    std::fflush(out_);
    return {};
  }

 private:
  std::FILE* out_;
};

}  // namespace

std::unique_ptr<ResultSink> make_line_sink(std::FILE* out) { return std::make_unique<LineSink>(out); }

}  // namespace veilgate::receiver
