#include "cli/check_report.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace veilgate::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Rows of cells, each column as wide as its widest cell, two blanks between.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<int> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  std::string out;
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += " " + row[i];
      if (i + 1 < row.size())
        line += std::string(static_cast<std::size_t>(widths[i] - display_width(row[i]) + 1), ' ');
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string source_text(const CameraConfig& camera) {
  const auto& source = camera.source;
  return source.rtsp + source.file + source.v4l2 + (source.test ? " (test)" : "");
}

const char* rule_word(RuleType type, bool chinese) {
  switch (type) {
    case RuleType::kIntrusion:
    case RuleType::kLineCrossing:
      if (chinese) return type == RuleType::kIntrusion ? "禁行闯入" : "越线";
      return type == RuleType::kIntrusion ? "intrusion" : "line_crossing";
    case RuleType::kStay:
      return chinese ? "异常滞留" : "stay";
    case RuleType::kLoitering:
      return chinese ? "异常徘徊" : "loitering";
    case RuleType::kAbnormalAppearance:
      return chinese ? "出现异常" : "abnormal_appearance";
  }
  return "";
}

std::string rules_text(const CameraConfig& camera, bool chinese) {
  std::string out;
  for (const auto& rule : camera.rules)
    out += (out.empty() ? "" : chinese ? "、" : ", ") + std::string(rule_word(rule.type, chinese));
  return out;
}

template <class Count>
std::string total(const Config& config, Count count) {
  std::size_t sum = 0;
  for (const auto& camera : config.cameras) sum += count(camera);
  return std::to_string(sum);
}

std::string uplink_text(const UplinkConfig& uplink, bool chinese) {
  std::string out;
  for (const auto& broker : uplink.brokers) out += (out.empty() ? "" : ", ") + broker;
  return out.empty() ? std::string(chinese ? "未配置" : "none") : out + "  " + uplink.topic_prefix;
}

Json summary_json(const Config& config) {
  Json cameras = Json::array();
  for (const auto& camera : config.cameras)
    cameras.push_back({{"id", camera.id.get()},
                       {"rules", camera.rules.size()},
                       {"privacy_masks", camera.privacy_masks.size()},
                       {"images", camera.images == ImagePolicy::kNone ? "none" : "face_crop"}});
  return {{"site", config.site.id},
          {"gateway", config.gateway.get()},
          {"cameras", cameras},
          {"stations", config.stations.size()},
          {"brokers", config.uplink.brokers}};
}

const char* reload_words(Reload reload, bool chinese) {
  switch (reload) {
    case Reload::kLive:
      return chinese ? "即时生效" : "taken over at once";
    case Reload::kCamera:
      return chinese ? "重启该摄像机" : "restarts this camera";
    case Reload::kRestart:
      return chinese ? "需重启网关" : "needs a restart of the gateway";
  }
  return "";
}

}  // namespace

int display_width(const std::string& text) {
  int width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c & 0xC0) == 0x80) continue;
    width += c >= 0xE3 ? 2 : 1;  // from E3 on: CJK, full-width forms, emoji; below: Latin, dashes, arrows
  }
  return width;
}

std::string problems_text(const std::vector<Problem>& problems, const std::string& file, Language language) {
  std::string out;
  for (const auto& problem : problems)
    out += describe(problem, problem.line > 0 || problem.path.empty() ? file : "", language) + "\n";
  return out;
}

std::string verdict_text(const std::vector<Problem>& problems, const std::string& file, Language language) {
  const auto errors = std::count_if(problems.begin(), problems.end(),
                                    [](const Problem& p) { return p.severity == Severity::kError; });
  const auto warnings = static_cast<std::ptrdiff_t>(problems.size()) - errors;
  const bool chinese = language == Language::kChinese;
  const auto number = [&](std::ptrdiff_t n, const char* zh, const char* en) {
    return std::to_string(n) +
           (chinese ? std::string(" 个") + zh : std::string(" ") + en + (n == 1 ? "" : "s"));
  };
  std::string out = file + (chinese ? "：" : ": ");
  if (errors > 0)
    out += number(errors, "错误", "error");
  else
    out += chinese ? "合格" : "good";
  if (warnings > 0) out += (chinese ? "，" : ", ") + number(warnings, "警告", "warning");
  return out + "\n";
}

std::string summary_text(const Config& config, Language language) {
  const bool chinese = language == Language::kChinese;
  const auto word = [&](const char* zh, const char* en) { return std::string(chinese ? zh : en); };
  std::vector<std::vector<std::string>> head{
      {word("场所", "site"), config.site.id + (config.site.name.empty() ? "" : "  " + config.site.name)},
      {word("网关", "gateway"), config.gateway.get()},
      {word("上行", "uplink"), uplink_text(config.uplink, chinese)},
      {word("摄像机", "cameras"), std::to_string(config.cameras.size())},
      {word("规则", "rules"), total(config, [](const CameraConfig& c) { return c.rules.size(); })},
      {word("隐私遮挡区", "privacy masks"),
       total(config, [](const CameraConfig& c) { return c.privacy_masks.size(); })},
  };
  if (!config.stations.empty())
    head.push_back({word("核验终端", "stations"), std::to_string(config.stations.size())});
  std::vector<std::vector<std::string>> rows{{word("摄像机", "camera"), word("画面来源", "source"),
                                              word("遮挡", "masks"), word("图像", "images"),
                                              word("规则", "rules")}};
  for (const auto& camera : config.cameras)
    rows.push_back(
        {camera.id.get(), source_text(camera), std::to_string(camera.privacy_masks.size()),
         camera.images == ImagePolicy::kNone ? word("不发", "none") : word("人脸小图", "face_crop"),
         rules_text(camera, chinese)});
  return aligned(head) + (config.cameras.empty() ? "" : "\n" + aligned(rows));
}

std::string changes_text(const std::vector<Change>& changes, Language language) {
  const bool chinese = language == Language::kChinese;
  if (changes.empty()) return chinese ? "  没有变更\n" : "  no changes\n";
  std::vector<std::vector<std::string>> rows;
  const auto value = [&](const std::string& text) {
    return text.empty() ? std::string(chinese ? "（无）" : "(none)") : text;
  };
  for (const auto& change : changes)
    rows.push_back({change.path, value(change.before) + " → " + value(change.after),
                    reload_words(change.reload, chinese)});
  return aligned(rows);
}

std::string check_json(const std::vector<Problem>& problems, const std::string& file, const Config* config,
                       const std::vector<Change>* changes, Language language) {
  Json list = Json::array();
  for (const auto& p : problems) {
    Json one = {{"code", p.code},
                {"severity", p.severity == Severity::kError ? "error" : "warning"},
                {"path", p.path},
                {"line", p.line},
                {"message", language == Language::kChinese ? p.message_zh : p.message}};
    if (!p.requirement.empty()) one["requirement"] = p.requirement;
    list.push_back(std::move(one));
  }
  Json out = {{"ok", !has_errors(problems)}, {"file", file}, {"problems", list}};
  if (config) out["summary"] = summary_json(*config);
  if (changes) {
    out["changes"] = Json::array();
    for (const auto& c : *changes)
      out["changes"].push_back({{"path", c.path},
                                {"camera", c.camera},
                                {"before", c.before},
                                {"after", c.after},
                                {"reload", to_string(c.reload)}});
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace veilgate::cli
