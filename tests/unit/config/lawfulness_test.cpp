// One test for each lawfulness rule: what it demands is taken away from a good file, and the rule answers
// with its id.

#include "config/lawfulness.h"

#include <gtest/gtest.h>

#include "config/forbidden_keys.h"
#include "config/location_class.h"
#include "config_text.h"

namespace veilgate {
namespace {

#define CAMERA "surveillance.cameras[0]"

/// The one problem of the text; a problem named "none" otherwise.
Problem only_problem(const std::string& text) {
  const auto loaded = parse_config(text, "t");
  EXPECT_EQ(loaded.problems.size(), 1u) << listed(loaded);
  if (loaded.problems.size() != 1) return Problem{"none", Severity::kWarning, "", 0, "", "", ""};
  EXPECT_EQ(loaded.config.has_value(), loaded.problems[0].severity == Severity::kWarning);
  return loaded.problems[0];
}

void expect(const std::string& text, const char* code, const char* path, const char* requirement) {
  const Problem problem = only_problem(text);
  EXPECT_EQ(problem.code, code);
  EXPECT_EQ(problem.path, path);
  EXPECT_EQ(problem.requirement, requirement);
  EXPECT_EQ(problem.severity, Severity::kError);
}

const char* const kCrop = "      images: face_crop\n      images_legal_basis: \"个保法 第二十九条\"\n";

std::string with_crops(const std::string& uplink_more) {
  std::string text = without_line(sample(), "      images: none");
  text = with(text, "      gat1400:", kCrop + std::string("      gat1400:"));
  return with(text, "tls_profile: intl", uplink_more + "tls_profile: intl");
}

TEST(Lawfulness, R001EveryStatementIsNeeded) {
  for (const char* key : {"purpose", "necessity", "legal_basis", "standard_ref", "authority_ref"})
    expect(without_line(sample(), std::string("      ") + key), "missing_key",
           (CAMERA "." + std::string(key)).c_str(), "R-001");
}

TEST(Lawfulness, R001APlaceholderIsNoStatement) {
  expect(with(sample(), "necessity: 出入口秩序", "necessity: TODO"), "placeholder", CAMERA ".necessity",
         "R-001");
  expect(with(sample(), "技防备案 2026-0001", "待定"), "placeholder", CAMERA ".authority_ref", "R-001");
}

TEST(Lawfulness, R001ThePurposeIsNoLegalBasis) {
  expect(with(sample(), "      legal_basis: \"个保法 第二十六条\"", "      legal_basis: 公共安全"),
         "not_a_law", CAMERA ".legal_basis", "R-001");
}

TEST(Lawfulness, R001TheAuthorityIsNeededOnlyToConnect) {
  std::string text = without_line(sample(), "      authority_ref");
  text = without_line(text, "uplink:");
  EXPECT_EQ(listed(parse_config(text, "t")), "");
}

TEST(Lawfulness, R001APublicPlaceServesPublicSafetyOnly) {
  const auto text = with(sample(), "purpose: public_safety", "purpose: work_safety");
  expect(text, "purpose_not_allowed", CAMERA ".purpose", "R-001");
  EXPECT_EQ(listed(parse_config(with(text, "regulation_799: art9", "regulation_799: not_public"), "t")), "");
}

TEST(Lawfulness, R002SiteKindRegulationAndRetentionBasis) {
  expect(without_line(sample(), "  kind:"), "missing_key", "site.kind", "R-002");
  expect(without_line(sample(), "  regulation_799:"), "missing_key", "site.regulation_799", "R-002");
  expect(without_line(sample(), "  results:"), "missing_key", "retention.results", "R-002");
  expect(with(sample(), ", basis: \"DB31/T 294\"", ""), "missing_key", "retention.results.basis", "R-002");
}

TEST(Lawfulness, R002RetentionAsAWhole) {
  const auto text =
      without_line(without_line(without_line(sample(), "retention:"), "  results:"), "  face_images:");
  expect(text, "missing_key", "retention.results", "R-002");
}

TEST(Lawfulness, R003AForbiddenPlaceNeverStarts) {
  for (const auto& place : forbidden_location_classes())
    expect(with(sample(), "location_class: entrance", std::string("location_class: ") + place.word),
           "forbidden_location", CAMERA ".location_class", "R-003");
  for (const char* place :
       {"女卫生间", "员工宿舍", "Changing Room", "fitting-room", "TOILET", "哺乳室", "试衣间", "KTV包间"})
    expect(with(sample(), "location_class: entrance", std::string("location_class: ") + place),
           "forbidden_location", CAMERA ".location_class", "R-003");
}

TEST(Lawfulness, R003NoLawfulPlaceIsTakenForAForbiddenOne) {
  for (const auto& place : location_classes()) EXPECT_FALSE(is_forbidden_location(place.word)) << place.word;
}

TEST(Lawfulness, R003AMaskOverEverythingChangesNothing) {
  std::string text = with(sample(), "location_class: entrance", "location_class: toilet");
  text = with(text, "[[0.62, 0.05], [0.80, 0.05], [0.80, 0.30], [0.62, 0.30]]",
              "[[0, 0], [1, 0], [1, 1], [0, 1]]");
  expect(text, "forbidden_location", CAMERA ".location_class", "R-003");
}

TEST(Lawfulness, R003ThePlaceMustBeStatedAndANameIsAHint) {
  expect(without_line(sample(), "      location_class"), "missing_key", CAMERA ".location_class", "R-003");
  const Problem hint = only_problem(with(sample(), "name: 东门", "name: 更衣室外"));
  EXPECT_EQ(hint.code, "location_in_doubt");
  EXPECT_EQ(hint.severity, Severity::kWarning);
}

TEST(Lawfulness, R004AChannelWithoutARule) {
  std::string text = sample();
  const auto begin = text.find("      rules:"), end = text.find("uplink:");
  text.erase(begin, end - begin);
  expect(text, "no_rule", CAMERA ".rules", "R-004");
  text.insert(begin, "      rules: []\n");
  expect(text, "no_rule", CAMERA ".rules", "R-004");
}

TEST(Lawfulness, R005ANoticeAloneIsNotEnough) {
  expect(without_line(sample(), "      consent:"), "missing_key", CAMERA ".consent", "R-005");
  expect(without_line(sample(), "      notice_ref"), "missing_key", CAMERA ".notice_ref", "R-005");
}

TEST(Lawfulness, R005ConsentOrExemptionAndNotBoth) {
  const std::string exemption = "{ exemption: { law: 个保法, article: 第二十六条, reason: 公共安全 } }";
  EXPECT_EQ(listed(parse_config(with(sample(), exemption, "{ ref: consent-7 }"), "t")), "");
  expect(with(sample(), exemption,
              "{ ref: c, exemption: { law: 个保法, article: 第二十六条, reason: 公共安全 } }"),
         "consent_twice", CAMERA ".consent", "R-005");
  expect(with(sample(), exemption, "{ ref: 无 }"), "placeholder", CAMERA ".consent.ref", "R-005");
  expect(with(sample(), "law: 个保法, article: 第二十六条", "law: 公共安全, article: 需要"), "not_a_law",
         CAMERA ".consent.exemption", "R-005");
  const Problem reason = only_problem(with(sample(), ", reason: 公共安全", ""));
  EXPECT_EQ(reason.path, CAMERA ".consent.exemption.reason");
}

TEST(Lawfulness, R006CriticalBusinessAndImportantUsersRefuseFaceFunctions) {
  expect(with(sample(), "business: 一般", "business: 关键"), "face_functions_not_allowed",
         "site.importance.business", "R-006");
  expect(with(sample(), "users: 一般", "users: 重要"), "face_functions_not_allowed", "site.importance.users",
         "R-006");
  EXPECT_EQ(listed(parse_config(with(sample(), "business: 一般", "business: 重要"), "t")), "");
  EXPECT_EQ(listed(parse_config(with(sample(), "users: 一般", "users: 敏感"), "t")), "");
}

TEST(Lawfulness, R025NoKeyAsksForAttributesOfPeople) {
  for (const char* key : {"age", "gender", "detect_age", "ageGroup", "skin-color", "emotion", "ethnicity",
                          "complexion", "health", "face_attributes", "性别", "人脸年龄", "表情分析"})
    expect(with(sample(), "      images: none", std::string("      ") + key + ": true\n      images: none"),
           "forbidden_attribute", (CAMERA "." + std::string(key)).c_str(), "R-025");
}

TEST(Lawfulness, R025WholeWordsCount) {
  for (const char* key :
       {"usage", "image", "storage", "agent", "percentage", "sextant", "gracefully", "healthy_port"})
    EXPECT_EQ(refusal_for_key(key), nullptr) << key;
}

TEST(Lawfulness, R014SurveillanceHasNoRecognition) {
  for (const char* key :
       {"recognition", "gallery", "match_threshold", "watchlist", "face_template", "黑名单", "人脸库"})
    expect(with(sample(), "      images: none", std::string("      ") + key + ": x\n      images: none"),
           "recognition_in_surveillance", (CAMERA "." + std::string(key)).c_str(), "R-014");
}

TEST(Lawfulness, R029ASmallPictureIsAFindingForSurveillanceOnly) {
  CameraConfig camera;
  camera.id = CameraId("c");
  StationConfig station;
  EXPECT_FALSE(resolution_finding(camera, 1280, 720));
  EXPECT_FALSE(resolution_finding(station, 1920, 1080));
  for (const auto& [width, height] : {std::pair{1279, 720}, {1280, 719}, {640, 480}}) {
    const auto finding = resolution_finding(camera, width, height);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->code, "below_minimum_resolution");
    EXPECT_EQ(finding->requirement, "R-029");
    EXPECT_EQ(finding->severity, Severity::kWarning);
    EXPECT_EQ(resolution_finding(station, width, height)->severity, Severity::kError);
  }
  camera.source.test = true;
  EXPECT_FALSE(resolution_finding(camera, 640, 480));
}

TEST(Lawfulness, R049AFaceCropNeedsALegalBasis) {
  EXPECT_EQ(listed(parse_config(with_crops("network: private, "), "t")), "");
  expect(without_line(with_crops("network: private, "), "      images_legal_basis"), "missing_key",
         CAMERA ".images_legal_basis", "R-049");
  expect(with(with_crops("network: private, "), "\"个保法 第二十九条\"", "已同意"), "not_a_law",
         CAMERA ".images_legal_basis", "R-049");
}

TEST(Lawfulness, R049AFaceCropOverTheInternetNeedsItsOwn) {
  expect(with_crops(""), "missing_key", "uplink.network", "R-049");
  expect(with_crops("network: internet, "), "missing_key", "uplink.faces_legal_basis", "R-049");
  expect(with_crops("network: internet, faces_legal_basis: 需要, "), "not_a_law", "uplink.faces_legal_basis",
         "R-049");
  EXPECT_EQ(
      listed(parse_config(
          with_crops("network: internet, faces_legal_basis: 人脸识别技术应用安全管理办法 第八条, "), "t")),
      "");
}

TEST(Lawfulness, R049FaceImagesHaveTheirRetention) {
  expect(without_line(with_crops("network: private, "), "  face_images:"), "missing_key",
         "retention.face_images", "R-002");
}

TEST(Lawfulness, R051ALinkOutsideIsNeverInClear) {
  const auto outside = with(sample(), "environment: inside", "environment: outside");
  EXPECT_EQ(listed(parse_config(outside, "t")), "");
  const auto clear = with(outside, "rtsps://", "rtsp://");
  expect(clear, "link_in_clear", CAMERA ".source.rtsp", "R-051");
  EXPECT_EQ(
      listed(parse_config(
          with(clear, "      environment", "      link_encryptor: ENC-12 证书 7\n      environment"), "t")),
      "");
}

TEST(Lawfulness, R051TlsDoesNotCoverVideoOverUdp) {
  const auto udp = with(sample(), "gate-east.camera }", "gate-east.camera, transport: udp }");
  EXPECT_EQ(listed(parse_config(udp, "t")), "");
  expect(with(udp, "environment: inside", "environment: outside"), "link_in_clear",
         CAMERA ".source.transport", "R-051");
}

TEST(Lawfulness, AFileWithoutCamerasIsAWarning) {
  std::string text = sample();
  const auto begin = text.find("    - id: gate-east"), end = text.find("uplink:");
  text.replace(begin, end - begin, "    []\n");
  const Problem problem = only_problem(text);
  EXPECT_EQ(problem.code, "no_camera");
  EXPECT_EQ(problem.severity, Severity::kWarning);
}

TEST(Lawfulness, R051ACameraWithoutAPasswordIsAWarning) {
  const Problem problem = only_problem(with(sample(), ", credentials: gate-east.camera", ""));
  EXPECT_EQ(problem.code, "no_credentials");
  EXPECT_EQ(problem.severity, Severity::kWarning);
  EXPECT_EQ(problem.requirement, "R-051");
}

TEST(LawAndArticle, IsRecognised) {
  for (const char* text : {"个保法 第二十六条", "《个人信息保护法》第26条", "条例799 第八条",
                           "人脸识别技术应用安全管理办法 第八条", "国务院令第799号 第十七条", "PIPL art. 26",
                           "Order 799, Article 8", "GDPR Art. 6", "个保法 art. 26"})
    EXPECT_TRUE(looks_like_law_and_article(text)) << text;
  for (const char* text : {"", "公共安全", "个保法", "第二十六条", "公共安全 第一条", "PIPL", "art. 26",
                           "security", "为了公共安全的条件", "part 5"})
    EXPECT_FALSE(looks_like_law_and_article(text)) << text;
}

}  // namespace
}  // namespace veilgate
