// A surveillance camera: where its pictures come from, why it may look, what it is allowed to send.

#include "config/field_bindings.h"
#include "config/sections.h"
#include "config/sections_scene.h"
#include "config/values.h"

namespace veilgate {

using namespace std::chrono_literals;
using namespace table;
using namespace values;

namespace {

constexpr auto kCamera = Reload::kCamera;

const Section& exemption_section() {
  static const Section section{
      "exemption",
      {"无需同意的法定情形", "the legal case in which no consent is needed"},
      {leaf("law", text(), &ConsentExemption::law).required().on_change(kCamera).says("法律", "law"),
       leaf("article", text(), &ConsentExemption::article)
           .required()
           .on_change(kCamera)
           .says("条款", "article"),
       leaf("reason", text(), &ConsentExemption::reason)
           .required()
           .on_change(kCamera)
           .says("理由", "reason")}};
  return section;
}

const Section& consent_section() {
  static const Section section{
      "consent",
      {"同意：ref 与 exemption 二选一（R-005）", "consent: either ref or exemption (R-005)"},
      {leaf("ref", text(), &ConsentConfig::ref)
           .on_change(kCamera)
           .says("同意记录的编号", "reference of the recorded consent"),
       optional_group("exemption", exemption_section(), &ConsentConfig::exemption).on_change(kCamera)}};
  return section;
}

const Section& gat1400_section() {
  static const Section section{
      "gat1400",
      {"GA/T 1400 视图库标识", "GA/T 1400 ids"},
      {leaf("device_id", pattern({"20 位数字的设备编号", "a device id of 20 digits"}, "[0-9]{20}"),
            &CameraConfig::gat1400_device_id)
           .on_change(kCamera)
           .says("设备编号；未设时结果中没有 GA/T 1400 标识",
                 "device id; without it results carry no GA/T 1400 ids")}};
  return section;
}

/// The keys that a camera takes over from surveillance.defaults: the same lines serve both.
template <class T>
std::vector<Field> analysis_fields() {
  return {
      group("detector", detector_section(), &T::detector).on_change(kCamera),
      group("dedup", dedup_section(), &T::dedup).on_change(kCamera),
      group("quality", quality_section(), &T::quality).on_change(kCamera),
      leaf("capture", capture(), &T::capture)
          .on_change(kCamera)
          .says("何时发送人脸结果：人脸出现满该时长，或离开时",
                "when a face result is sent: after this time in view, or when the person leaves"),
      leaf("max_analysis_fps", integer(0, 60), &T::max_analysis_fps)
          .in("fps")
          .on_change(kCamera)
          .says("分析帧率上限；0 为不限", "at most so many frames a second are analysed; 0 = no limit"),
      leaf("privacy_margin_px", integer(0, 128), &T::privacy_margin_px)
          .in("px")
          .on_change(kCamera)
          .says("遮挡区向外扩展的像素（解码尺寸）：摄像机自身编码会把区内像素抹到区外",
                "privacy zones are widened by this at decoded size: a camera's own codec smears zone pixels "
                "outward"),
      leaf("online_limit", duration(500ms, 60s), &T::online_limit)
          .on_change(kCamera)
          .says("最新解码帧早于此时长即不算在线", "online means: a decoded frame younger than this"),
  };
}

std::vector<Field> lawful_fields() {
  return {
      leaf("location_class", location_class(), &CameraConfig::location_class)
          .by_law("R-003")
          .on_change(kCamera)
          .says("安装部位；第799号令第八条所禁部位不得启用",
                "where the camera looks; the places of Order 799 art. 8 never start"),
      leaf("purpose",
           choice<std::string>({{"public_safety", "public_safety", "公共安全", "public safety"},
                                {"property_protection", "property_protection", "财产保护", "property"},
                                {"work_safety", "work_safety", "安全生产", "safety at work"},
                                {"emergency_response", "emergency_response", "应急", "emergencies"}}),
           &CameraConfig::purpose)
          .by_law("R-001")
          .on_change(kCamera)
          .says("处理目的，随每条结果发送；公共场所只能是 public_safety（个保法第二十六条）",
                "purpose, travels with every result; in a public place only public_safety (PIPL 26)"),
      leaf("necessity", text(), &CameraConfig::necessity)
          .by_law("R-001")
          .on_change(kCamera)
          .says("必要性说明", "why it is necessary"),
      leaf("legal_basis", text(), &CameraConfig::legal_basis)
          .by_law("R-001")
          .on_change(kCamera)
          .says("法律依据：法律名称和条款，如 个保法 第二十六条",
                "legal basis: a law and its article, such as PIPL art. 26"),
      leaf("standard_ref", text(), &CameraConfig::standard_ref)
          .by_law("R-001")
          .on_change(kCamera)
          .says("据以配置和安装的标准", "the standard that supports configuring and installing it"),
      leaf("authority_ref", text(), &CameraConfig::authority_ref)
          .on_change(kCamera)
          .says("职能部门要求或备案；接入平台时必填（R-001）",
                "the authority's requirement or filing; needed when an uplink is configured (R-001)"),
      leaf("notice_ref", text(), &CameraConfig::notice_ref)
          .by_law("R-005")
          .on_change(kCamera)
          .says("告知（提示标识）的编号", "reference of the notice (the visible sign)"),
      group("consent", consent_section(), &CameraConfig::consent).by_law("R-005").on_change(kCamera),
      leaf("images",
           choice<ImagePolicy>(
               {{"none", ImagePolicy::kNone, "", ""}, {"face_crop", ImagePolicy::kFaceCrop, "", ""}}),
           &CameraConfig::images)
          .on_change(kCamera)
          .says("外发图像：不发，或每个去重窗一张人脸小图（其他人和背景已抑制）",
                "images sent: none, or one face crop for each dedup window (everyone else and the background "
                "suppressed)"),
      leaf("images_legal_basis", text(), &CameraConfig::images_legal_basis)
          .on_change(kCamera)
          .says("允许外发人脸小图的法律和条款；face_crop 时必填（R-049）",
                "law and article that allow sending face crops; needed with face_crop (R-049)"),
  };
}

std::vector<Field> camera_fields() {
  std::vector<Field> fields{
      leaf("id", id(), &CameraConfig::id)
          .required()
          .on_change(kCamera)
          .says("摄像机编号，出现在主题和结果中", "id of the camera, in topics and results"),
      leaf("name", text(), &CameraConfig::name).on_change(kCamera).says("名称", "name"),
      group("source", source_section(), &CameraConfig::source).required().on_change(kCamera),
      group("device", device_section(), &CameraConfig::device).on_change(kCamera),
      leaf("environment",
           choice<Environment>(
               {{"inside", Environment::kInside, "", ""}, {"outside", Environment::kOutside, "", ""}}),
           &CameraConfig::environment)
          .required()
          .on_change(kCamera)
          .without_default()
          .says("摄像机到网关的链路在物理安全环境之内或之外；之外须用 rtsps 或 link_encryptor",
                "the link from the camera lies inside or outside the physically secured environment "
                "(物理安全环境); outside "
                "needs rtsps or link_encryptor"),
      leaf("link_encryptor", text(), &CameraConfig::link_encryptor)
          .on_change(kCamera)
          .says("已声明的链路加密设备（设备编号和证书号）",
                "a declared encryptor of the link (device id and certificate number)")};
  for (auto& field : lawful_fields()) fields.push_back(std::move(field));
  std::vector<Field> scene{
      group("gat1400", gat1400_section()).on_change(kCamera),
      leaf("ptz", on_off(), &CameraConfig::ptz)
          .on_change(kCamera)
          .says("云台摄像机：不在已知预置位时遮挡整个画面",
                "a PTZ camera: the whole picture is masked unless it stands at a known preset"),
      list("privacy_masks", mask_section(), &CameraConfig::privacy_masks).on_change(kCamera),
      list("zones", zone_section(), &CameraConfig::zones).on_change(kCamera),
      list("lines", line_section(), &CameraConfig::lines).on_change(kCamera),
      list("rules", rule_section(), &CameraConfig::rules).by_law("R-004").on_change(kCamera)};
  for (auto& field : scene) fields.push_back(std::move(field));
  for (auto& field : analysis_fields<CameraConfig>()) {
    const bool leaf = field.shape == FieldShape::kLeaf;
    fields.push_back(leaf ? std::move(field).without_default("surveillance.defaults") : std::move(field));
  }
  return fields;
}

CameraConfig camera_with_defaults(const Config& config) {
  const CameraDefaults& defaults = config.camera_defaults;
  CameraConfig camera;
  camera.detector = defaults.detector;
  camera.dedup = defaults.dedup;
  camera.quality = defaults.quality;
  camera.capture = defaults.capture;
  camera.max_analysis_fps = defaults.max_analysis_fps;
  camera.privacy_margin_px = defaults.privacy_margin_px;
  camera.online_limit = defaults.online_limit;
  return camera;
}

const Section& defaults_section() {
  static const Section section{"defaults",
                               {"各摄像机的缺省值", "what cameras take over unless they say otherwise"},
                               analysis_fields<CameraDefaults>()};
  return section;
}

}  // namespace

const Section& camera_section() {
  static const Section section{"camera", {"监控摄像机", "a surveillance camera"}, camera_fields()};
  return section;
}

const Section& surveillance_section() {
  static const Section section{
      "surveillance",
      {"监控通道（人脸分析，不识别身份）", "the surveillance lane (analysis; recognises nobody)"},
      {group("defaults", defaults_section(), &Config::camera_defaults).on_change(kCamera),
       leaf("workers",
            choice<Workers>(
                {{"per_camera", Workers::kPerCamera, "", ""}, {"shared", Workers::kShared, "", ""}}),
            &Config::workers)
           .says("每台摄像机一个进程，或共用进程（小型设备）",
                 "one process for each camera, or shared ones (small machines)"),
       list<Config, CameraConfig>("cameras", camera_section(), &Config::cameras, camera_with_defaults)
           .on_change(kCamera)}};
  return section;
}

}  // namespace veilgate
