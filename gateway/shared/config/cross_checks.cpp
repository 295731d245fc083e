#include "config/cross_checks.h"

#include <algorithm>
#include <map>

#include "config/nearest.h"
#include "config/url.h"

namespace veilgate {
namespace {

/// Every id of a list once. `id_of` gives the element's id; empty ones were reported already.
template <class List, class IdOf>
void check_unique(const List& list, const std::string& path, IdOf id_of, Findings& findings) {
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string id = id_of(list[i]);
    if (id.empty()) continue;
    const auto [first, fresh] = seen.emplace(id, i);
    if (fresh) continue;
    const std::string line =
        std::to_string(findings.line_of(child_path(child_path(path, first->second), "id")));
    findings.error("duplicate_id", child_path(child_path(path, i), "id"),
                   {"编号“" + id + "”重复（首次出现在第 " + line + " 行）",
                    "the id `" + id + "` is already used in line " + line});
  }
}

template <class List>
std::vector<std::string> ids_of(const List& list) {
  std::vector<std::string> ids;
  for (const auto& element : list) ids.push_back(element.id);
  return ids;
}

/// `id` must be one of `known`, the ids of the list at `list`; what they are is said in the message.
void check_known(const std::string& id, const std::vector<std::string>& known, const std::string& list,
                 const std::string& path, Words what, Findings& findings) {
  // A list that could not be read, or an element without a readable id: what is missing here may be just
  // that.
  const bool unsure =
      known.empty() ? findings.has_error_at(list) : std::find(known.begin(), known.end(), "") != known.end();
  if (id.empty() || unsure || std::find(known.begin(), known.end(), id) != known.end()) return;
  std::string all;
  for (const auto& one : known) all += (all.empty() ? "" : ", ") + one;
  Words hint{"；已定义：" + all, "; defined: " + all};
  if (all.empty()) hint = {"；尚未定义任何" + what.zh, "; none is defined"};
  if (const auto near = nearest(id, known); !near.empty())
    hint = {"；是否应为“" + near + "”？", "; did you mean `" + near + "`?"};
  findings.error("unknown_reference", path,
                 {"没有名为“" + id + "”的" + what.zh + hint.zh, what.en + " `" + id + "`" + hint.en});
}

const char* rule_word(RuleType type) {
  switch (type) {
    case RuleType::kIntrusion:
      return "intrusion";
    case RuleType::kLineCrossing:
      return "line_crossing";
    case RuleType::kStay:
      return "stay";
    case RuleType::kLoitering:
      return "loitering";
    case RuleType::kAbnormalAppearance:
      return "abnormal_appearance";
  }
  return "";
}

struct RuleKey {
  const char* key;
  std::vector<RuleType> of;      // the types that know it
  std::vector<RuleType> needed;  // the types that need it
};

const std::vector<RuleKey>& rule_keys() {
  using T = RuleType;
  static const std::vector<RuleKey> all{
      {"zone", {T::kIntrusion, T::kStay, T::kLoitering, T::kAbnormalAppearance}, {}},
      {"line", {T::kLineCrossing}, {T::kLineCrossing}},
      {"direction", {T::kLineCrossing}, {}},
      {"threshold", {T::kStay, T::kLoitering}, {T::kStay, T::kLoitering}},
      {"min_passes", {T::kLoitering}, {}},
  };
  return all;
}

bool among(const std::vector<RuleType>& types, RuleType type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

void check_rule_keys(const RuleConfig& rule, const std::string& path, Findings& findings) {
  if (!findings.has(child_path(path, "type")) || findings.has_error_at(child_path(path, "type"))) return;
  const std::string type = rule_word(rule.type);
  for (const auto& key : rule_keys()) {
    const std::string at = child_path(path, key.key);
    if (findings.has(at) && !among(key.of, rule.type))
      findings.error(
          "key_does_not_apply", at,
          {std::string("“") + key.key + "”不适用于 " + type + " 规则，请删除",
           std::string("`") + key.key + "` has no meaning for a rule of type " + type + ": remove it"});
    if (!findings.has(at) && among(key.needed, rule.type))
      findings.error("missing_key", at,
                     {type + " 规则缺少“" + key.key + "”",
                      std::string("a rule of type ") + type + " needs `" + key.key + "`"});
  }
}

/// One of rtsp, file, v4l2, and no key of another kind.
void check_source(const SourceConfig& source, const std::string& path, Findings& findings) {
  const auto has = [&](const char* key) { return findings.has(child_path(path, key)); };
  const int kinds = (has("rtsp") ? 1 : 0) + (has("file") ? 1 : 0) + (has("v4l2") ? 1 : 0);
  if (kinds != 1 && findings.has(path)) {
    findings.error("one_source", path,
                   {"rtsp、file、v4l2 必须且只能有一个", "exactly one of rtsp, file, v4l2 must be given"});
    return;
  }
  const auto only_with = [&](const char* key, const char* kind) {
    if (has(key) && !has(kind))
      findings.error("key_does_not_apply", child_path(path, key),
                     {std::string("“") + key + "”仅用于 " + kind,
                      std::string("`") + key + "` goes with " + kind + " only"});
  };
  only_with("credentials", "rtsp");
  only_with("transport", "rtsp");
  only_with("loop", "file");
  const auto url = parse_url(source.rtsp, "rtsp,rtsps");
  if (has("ca") && url.url.scheme != "rtsps" && !findings.has_error_at(child_path(path, "rtsp")))
    findings.error("key_does_not_apply", child_path(path, "ca"),
                   {"“ca”仅用于 rtsps:// 地址", "`ca` goes with an rtsps:// address only"});
  if (has("file") && !source.test)
    findings.error("file_is_test", child_path(path, "file"),
                   {"视频文件不是摄像机：请写明 test: true（结果会带测试标记）",
                    "a video file is no camera: say `test: true` (results are then marked as test)"});
  if (source.test && has("rtsp") && url.fault == UrlFault::kNone && !is_loopback(url.url.host))
    findings.warning(
        "test_source_on_network", child_path(path, "test"),
        {"该测试源不在本机：若为真实摄像机，请删除 test: true，否则设备检查不适用",
         "this test source is not on this machine: for a real camera remove `test: true`, or device checks "
         "do not apply"});
  if (!source.pipeline.empty() && (source.pipeline.size() < 10 ||
                                   source.pipeline.compare(source.pipeline.size() - 9, 9, ".pipeline") != 0))
    findings.error("bad_path", child_path(path, "pipeline"),
                   {"应为以 .pipeline 结尾的文件", "expected a file that ends in .pipeline"});
}

}  // namespace

std::string camera_path(std::size_t index) { return child_path("surveillance.cameras", index); }
std::string station_path(std::size_t index) { return child_path("verification.stations", index); }

void check_references(const Config& config, Findings& findings) {
  const auto id = [](const auto& element) { return element.id; };
  const auto strong_id = [](const auto& element) { return element.id.get(); };
  check_unique(config.cameras, "surveillance.cameras", strong_id, findings);
  check_unique(config.stations, "verification.stations", strong_id, findings);
  check_unique(config.test_reports, "test_reports", id, findings);
  const auto reports = ids_of(config.test_reports);
  for (std::size_t i = 0; i < config.cameras.size(); ++i) {
    const auto& camera = config.cameras[i];
    const std::string path = camera_path(i);
    check_unique(camera.privacy_masks, path + ".privacy_masks", id, findings);
    check_unique(camera.zones, path + ".zones", id, findings);
    check_unique(camera.lines, path + ".lines", id, findings);
    check_unique(camera.rules, path + ".rules", id, findings);
    check_known(camera.device.test_report, reports, "test_reports", path + ".device.test_report",
                {"检测报告", "there is no test report"}, findings);
    for (std::size_t k = 0; k < camera.rules.size(); ++k) {
      const std::string rule = child_path(path + ".rules", k);
      check_known(camera.rules[k].zone, ids_of(camera.zones), path + ".zones", rule + ".zone",
                  {"区域", "this camera has no zone"}, findings);
      check_known(camera.rules[k].line, ids_of(camera.lines), path + ".lines", rule + ".line",
                  {"警戒线", "this camera has no line"}, findings);
    }
  }
}

void check_rules(const Config& config, Findings& findings) {
  for (std::size_t i = 0; i < config.cameras.size(); ++i)
    for (std::size_t k = 0; k < config.cameras[i].rules.size(); ++k)
      check_rule_keys(config.cameras[i].rules[k], child_path(camera_path(i) + ".rules", k), findings);
}

void check_sources(const Config& config, Findings& findings) {
  if (config.cameras.empty() && config.stations.empty() && !findings.has_error_at("surveillance"))
    findings.warning(
        "no_camera", "surveillance.cameras",
        {"没有配置任何摄像机：网关不会产生结果", "no camera is configured: there will be no results"});
  for (std::size_t i = 0; i < config.cameras.size(); ++i)
    check_source(config.cameras[i].source, camera_path(i) + ".source", findings);
  for (std::size_t i = 0; i < config.stations.size(); ++i)
    check_source(config.stations[i].source, station_path(i) + ".source", findings);
}

void check_retention(const Config& config, Findings& findings) {
  for (const auto& [name, kept] : config.retention) {
    const std::string path = child_path("retention", name);
    if (kept.min && kept.max && *kept.min > *kept.max)
      findings.error("min_above_max", path, {"min 大于 max", "min is longer than max"});
    if (!kept.min && !kept.max && !findings.has_error_at(path))
      findings.error("missing_key", path,
                     {"min、max 至少写明一个", "at least one of min and max must be given"});
  }
}

}  // namespace veilgate
