#include "config/lawfulness.h"

#include <algorithm>
#include <array>
#include <vector>

#include "config/cross_checks.h"
#include "config/location_class.h"
#include "config/url.h"

namespace veilgate {
namespace {

std::string lower(std::string_view text) {
  std::string out;
  for (char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

/// A word that only fills the place: nobody stated anything.
/// Letters, digits and other characters that say something; blanks, dashes, dots and invisible ones do not.
int speaking_characters(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      count += std::isalnum(c) ? 1 : 0;
    } else if (c >= 0xE3 && c <= 0xE9 && i + 2 < text.size()) {  // CJK; its punctuation is U+3000…303F
      count += c == 0xE3 && static_cast<unsigned char>(text[i + 1]) == 0x80 ? 0 : 1;
      i += 2;
    }
  }
  return count;
}

bool is_placeholder(std::string_view text) {
  if (speaking_characters(text) < 2) return true;
  static const std::vector<std::string> all{"todo", "tbd",  "tba",  "xxx",  "xx",  "x",   "n/a",
                                            "na",   "none", "-",    "--",   "?",   "...", "test",
                                            "待定", "无",   "暂无", "待补", "测试"};
  return std::find(all.begin(), all.end(), lower(text)) != all.end();
}

struct Statement {
  const char* key;
  std::string CameraConfig::*value;
  const char* requirement;
  Words missing;
};

/// R-001, R-002 (the channel's part), R-003 and R-005: what a channel must state. In the order of the
/// reference.
const std::vector<Statement>& statements() {
  static const std::vector<Statement> all{
      {"location_class",
       &CameraConfig::location_class,
       "R-003",
       {"缺少安装部位：如 entrance、lobby、corridor",
        "it does not say where it looks: entrance, lobby, corridor …"}},
      {"purpose",
       &CameraConfig::purpose,
       "R-001",
       {"缺少处理目的：如 public_safety", "no purpose is stated: public_safety, for instance"}},
      {"necessity",
       &CameraConfig::necessity,
       "R-001",
       {"缺少必要性说明：为什么必须在此分析", "no necessity is stated: why analysis is needed here"}},
      {"legal_basis",
       &CameraConfig::legal_basis,
       "R-001",
       {"缺少法律依据：请写法律名称和条款，如 个保法 第二十六条",
        "no legal basis is stated: a law and its article, such as 个保法 第二十六条 (PIPL art. 26)"}},
      {"standard_ref",
       &CameraConfig::standard_ref,
       "R-001",
       {"缺少标准依据：无相关标准支持不应配置及安装，如 DB31/T 294",
        "no standard is named: without a supporting standard nothing is configured or installed; DB31/T 294, "
        "for instance"}},
      {"notice_ref",
       &CameraConfig::notice_ref,
       "R-005",
       {"缺少告知编号：分析通道必须有提示标识",
        "no notice is named: an analysis channel needs its visible sign"}},
  };
  return all;
}

/// "is missing", or "only fills the place"; nothing when the key's own value is already in error.
void require_statement(const std::string& value, const std::string& path, const Words& missing,
                       const std::string& requirement, Findings& findings) {
  if (findings.has_error_at(path)) return;
  if (value.empty()) return findings.error("missing_key", path, missing, requirement);
  if (is_placeholder(value))
    findings.error(
        "placeholder", path,
        {"“" + value + "”只是占位；" + missing.zh, "`" + value + "` only fills the place; " + missing.en},
        requirement);
}

void require_law(const std::string& value, const std::string& path, Findings& findings,
                 const std::string& requirement) {
  if (value.empty() || is_placeholder(value) || looks_like_law_and_article(value)) return;
  findings.error("not_a_law", path,
                 {"“" + shown(value) + "”不是法律和条款：请写如 个保法 第二十六条（目的请写在 purpose）",
                  "`" + shown(value) +
                      "` names no law and article: write for instance 个保法 第二十六条 or PIPL art. 26 "
                      "(a purpose belongs under `purpose`)"},
                 requirement);
}

void check_statements(const CameraConfig& camera, const std::string& path, bool uplink,
                      Findings& findings) {
  for (const auto& one : statements())
    require_statement(camera.*one.value, child_path(path, one.key), one.missing, one.requirement, findings);
  require_law(camera.legal_basis, child_path(path, "legal_basis"), findings, "R-001");
  if (uplink)
    require_statement(camera.authority_ref, child_path(path, "authority_ref"),
                      {"缺少职能部门要求：无职能部门要求不应配置及接入平台",
                       "no authority's requirement is named: without one nothing is connected to a platform"},
                      "R-001", findings);
}

void check_public_purpose(const Config& config, const CameraConfig& camera, const std::string& path,
                          Findings& findings) {  // R-001, LW-10
  if (config.site.regulation_799 == Regulation799::kNotPublic || camera.purpose.empty() ||
      camera.purpose == "public_safety")
    return;
  findings.error(
      "purpose_not_allowed", child_path(path, "purpose"),
      {"公共场所的图像只能用于公共安全（个保法第二十六条）：purpose 应为 public_safety",
       "images of public places serve public safety only (PIPL 26): purpose must be public_safety"},
      "R-001");
}

void check_location(const CameraConfig& camera, const std::string& path, Findings& findings) {
  if (is_forbidden_location(camera.location_class))
    return findings.error(
        "forbidden_location", child_path(path, "location_class"),
        {"“" + shown(camera.location_class) +
             "”属于《公共安全视频图像信息系统管理条例》第八条禁止安装的部位：该通道不得启用，遮挡或同意都不能"
             "使其合法",
         "`" + shown(camera.location_class) +
             "` is a place that State Council Order 799 art. 8 forbids: this channel never starts, and "
             "neither a mask nor consent makes it lawful"},
        "R-003");
  if (suggests_forbidden_location(camera.name) || suggests_forbidden_location(camera.id.get()))
    findings.warning("location_in_doubt", child_path(path, "name"),
                     {"名称提示该部位可能是第799号令第八条禁止的部位：请人工核查画面",
                      "its name suggests a place that Order 799 art. 8 forbids: look at the picture"},
                     "R-003");
}

void check_has_rule(const CameraConfig& camera, const std::string& path, Findings& findings) {
  if (!camera.rules.empty() || findings.has_error_at(child_path(path, "rules"))) return;
  findings.error("no_rule", child_path(path, "rules"),
                 {"人脸分析通道必须绑定至少一个智能应用：intrusion、line_crossing、stay、loitering 或 "
                  "abnormal_appearance",
                  "a face analysis channel needs at least one behaviour rule: intrusion, line_crossing, "
                  "stay, loitering or "
                  "abnormal_appearance"},
                 "R-004");
}

void check_consent(const CameraConfig& camera, const std::string& path, Findings& findings) {
  const std::string at = child_path(path, "consent");
  if (findings.has_error_at(at)) return;
  const bool ref = !camera.consent.ref.empty(), exempt = camera.consent.exemption.has_value();
  if (ref && exempt)
    return findings.error("consent_twice", at,
                          {"ref 与 exemption 只能写一个：同意，或依法无需同意",
                           "give either ref or exemption: consent was given, or the law needs none"},
                          "R-005");
  if (!ref && !exempt)
    return findings.error(
        "missing_key", at,
        {"只有告知不够：请写 consent: { ref: … }，或 consent: { exemption: { law, article, reason } }",
         "a notice alone is not enough: give consent: { ref: … } or consent: { exemption: { law, "
         "article, reason } }"},
        "R-005");
  if (ref)
    require_statement(camera.consent.ref, child_path(at, "ref"),
                      {"请写同意记录的编号", "name the recorded consent"}, "R-005", findings);
  if (exempt)
    require_statement(camera.consent.exemption->reason, child_path(at, "exemption.reason"),
                      {"请写明依法无需同意的理由", "say why the law needs no consent here"}, "R-005", findings);
  if (exempt)
    require_law(camera.consent.exemption->law + " " + camera.consent.exemption->article,
                child_path(at, "exemption"), findings, "R-005");
}

void check_link(const CameraConfig& camera, const std::string& path, Findings& findings) {  // R-051, SH-15
  const auto& source = camera.source;
  if (source.rtsp.empty() || findings.has_error_at(child_path(path, "source.rtsp"))) return;
  const auto url = parse_url(source.rtsp, "rtsp,rtsps").url;
  if (camera.environment == Environment::kOutside && url.scheme != "rtsps" && is_placeholder(camera.link_encryptor))
    findings.error("link_in_clear", child_path(path, "source.rtsp"),
                   {"物理安全环境之外的链路不得明文：请用 rtsps://，或用 link_encryptor 声明链路加密设备",
                    "a link outside the physically secured environment is never in clear: use rtsps://, or "
                    "declare its encryptor "
                    "with `link_encryptor`"},
                   "R-051");
  const bool media_in_clear = url.scheme == "rtsps" && source.transport == SourceConfig::Transport::kUdp;
  if (camera.environment == Environment::kOutside && media_in_clear && camera.link_encryptor.empty())
    findings.error(
        "link_in_clear", child_path(path, "source.transport"),
        {"rtsps 的 TLS 不覆盖 UDP 上的视频：物理安全环境之外请用 transport: tcp",
         "the TLS of rtsps does not cover video over UDP: outside the physically secured environment use "
         "transport: tcp"},
        "R-051");
  if (source.credentials.empty() && !source.test && !findings.has_error_at(child_path(path, "source")))
    findings.warning("no_credentials", child_path(path, "source"),
                     {"未写 credentials：摄像机不应允许无口令访问",
                      "no `credentials` are named: a camera should not show its pictures without a password"},
                     "R-051");
}

void check_images(const Config& config, const CameraConfig& camera, const std::string& path,
                  Findings& findings) {
  if (camera.images != ImagePolicy::kFaceCrop) return;
  const std::string basis = child_path(path, "images_legal_basis");
  require_statement(camera.images_legal_basis, basis,
                    {"外发人脸小图须写明法律依据：法律名称和条款",
                     "sending face crops needs its legal basis: a law and its article"},
                    "R-049", findings);
  require_law(camera.images_legal_basis, basis, findings, "R-049");
  if (config.retention.count("face_images") == 0)
    findings.error("missing_key", "retention.face_images",
                   {"有摄像机外发人脸小图：请写明其保存期限和依据",
                    "a camera sends face crops: say how long they are kept, and why"},
                   "R-002");
}

void check_site(const Config& config, Findings& findings) {
  for (const char* key : {"kind", "regulation_799"})
    if (const std::string path = child_path("site", key); findings.has("site") && !findings.has(path))
      findings.error("missing_key", path,
                     {std::string("缺少“") + key + "”：每个通道都须说明场所类型和第799号令的适用",
                      std::string("`") + key +
                          "` is missing: every channel states the kind of site and how Order 799 applies"},
                     "R-002");
  if (config.retention.count("results") == 0 && !findings.has_error_at("retention"))
    findings.error("missing_key", "retention.results",
                   {"缺少分析结果的保存期限和依据", "how long results are kept, and why, is missing"},
                   "R-002");
  for (const auto& [name, kept] : config.retention) {
    const std::string path = child_path(child_path("retention", name), "basis");
    require_statement(kept.basis, path,
                      {"缺少期限的依据（法律条款或标准）",
                       "the basis of this period is missing (law and article, or standard)"},
                      "R-002", findings);
  }
}

void check_importance(const Config& config, Findings& findings) {
  if (config.cameras.empty()) return;
  const std::string n = std::to_string(config.cameras.size());
  const auto refuse = [&](const char* key, const std::string& value, const char* stop) {
    if (value != stop) return;
    findings.error(
        "face_functions_not_allowed", child_path("site.importance", key),
        {"“" + value + "”时不采用人脸功能（评估指南 5.2.5）：本文件的 " + n + " 个人脸通道均不得启用",
         "with `" + value +
             "` face functions are not used (assessment guide 5.2.5): the face channels of "
             "this file (" +
             n + ") do not start"},
        "R-006");
  };
  refuse("business", config.site.importance_business, "关键");
  refuse("users", config.site.importance_users, "重要");
}

void check_uplink_faces(const Config& config, Findings& findings) {  // R-049, LW-18
  const bool faces = std::any_of(config.cameras.begin(), config.cameras.end(),
                                 [](const CameraConfig& c) { return c.images == ImagePolicy::kFaceCrop; });
  if (!faces || config.uplink.brokers.empty()) return;
  if (!config.uplink.network) {
    if (!findings.has_error_at("uplink.network"))
      findings.error("missing_key", "uplink.network",
                     {"有摄像机外发人脸小图：请写明上行经 private（专网）还是 internet（互联网）",
                      "a camera sends face crops: say whether the uplink is private or internet"},
                     "R-049");
    return;
  }
  if (*config.uplink.network != Network::kInternet) return;
  require_statement(
      config.uplink.faces_legal_basis, "uplink.faces_legal_basis",
      {"人脸小图经互联网传输须写明法律依据（人脸识别技术应用安全管理办法第八条），否则改为 images: none",
       "face crops over the Internet need a recorded legal basis (Measures on Face Recognition art. 8); "
       "otherwise set images: none"},
      "R-049", findings);
  require_law(config.uplink.faces_legal_basis, "uplink.faces_legal_basis", findings, "R-049");
}

}  // namespace

void check_lawfulness(const Config& config, Findings& findings) {
  check_site(config, findings);
  check_importance(config, findings);
  for (std::size_t i = 0; i < config.cameras.size(); ++i) {
    const auto& camera = config.cameras[i];
    const std::string path = camera_path(i);
    check_statements(camera, path, !config.uplink.brokers.empty() || findings.has("uplink"), findings);
    check_public_purpose(config, camera, path, findings);
    check_location(camera, path, findings);
    check_has_rule(camera, path, findings);
    check_consent(camera, path, findings);
    check_link(camera, path, findings);
    check_images(config, camera, path, findings);
  }
  check_uplink_faces(config, findings);
}

}  // namespace veilgate
