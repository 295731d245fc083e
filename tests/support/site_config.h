#pragma once
// The text of a lawful configuration with the given cameras, each playing a test file. Thread word: reentrant.

#include <string>
#include <vector>

namespace veilgate::test {

struct SiteText {
  std::vector<std::string> cameras{};
  std::string source = "file: /nonexistent/video.mp4";  ///< of every camera; without braces
  std::string workers{};                                  ///< "shared", or empty for the default
  std::string broker = "mqtts://127.0.0.1:1";
  std::string console = "{ health_port: 0 }";
  std::string extra{};  ///< appended
};

inline std::string camera_text(const std::string& id, const std::string& source) {
  return "    - id: " + id + "\n      name: 测试\n      source: { " + source + ", test: true }\n" +
         R"(      environment: inside
      location_class: lobby
      purpose: property_protection
      necessity: 自动测试（合成画面，无真实人员）
      legal_basis: "个保法 第十三条"
      standard_ref: "GB 37300"
      authority_ref: "自动测试，无平台备案"
      notice_ref: notice-test
      consent: { exemption: { law: 个保法, article: 第十三条, reason: 合成画面，无真实人员 } }
      zones:
        - { id: lobby, polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]] }
      rules:
        - { id: no-entry, type: intrusion, zone: lobby }
)";
}

inline std::string site_text(const SiteText& site) {
  std::string text = R"(version: 1
site:
  id: demo
  name: 演示
  kind: office
  regulation_799: not_public
  importance: { business: 一般, users: 一般 }
  timezone: Asia/Shanghai
gateway: { id: gw-test }
retention:
  results: { max: 24h, basis: "个保法 第十九条" }
surveillance:
)";
  if (!site.workers.empty()) text += "  workers: " + site.workers + "\n";
  text += "  cameras:\n";
  for (const auto& id : site.cameras) text += camera_text(id, site.source);
  text += "uplink:\n  brokers: [\"" + site.broker + "\"]\n  tls_profile: intl\n  topic_prefix: veilgate/v1\n";
  text += "console: " + site.console + "\n";
  return text + site.extra;
}

}  // namespace veilgate::test
