// The file as a whole, the site, retention, test reports, console.

#include "config/field_bindings.h"
#include "config/sections.h"
#include "config/values.h"

namespace veilgate {

using namespace std::chrono_literals;
using namespace table;
using namespace values;

namespace {

constexpr Seconds kDay{86400};
constexpr Seconds kLongestRetention = 100 * 365 * kDay;

const Section& gateway_section() {
  static const Section section{
      "gateway",
      {"网关本身", "this gateway"},
      {leaf("id", id(), &Config::gateway)
           .required()
           .says("网关编号，出现在主题和结果中", "id of the gateway, in topics and results")}};
  return section;
}

const Section& importance_section() {
  static const Section section{
      "importance",
      {"业务和人员的重要性（评估指南 5.2）", "importance of business and users (assessment guide 5.2)"},
      {leaf("business",
            choice<std::string>(
                {{"一般", "一般", "", ""}, {"重要", "重要", "", ""}, {"关键", "关键", "", ""}}),
            &SiteConfig::importance_business)
           .required()
           .on_change(Reload::kLive)
           .says("业务重要性；“关键”时不得启用人脸功能（R-006）",
                 "importance of the business; with 关键 (critical) face functions do not start (R-006)"),
       leaf("users",
            choice<std::string>(
                {{"一般", "一般", "", ""}, {"敏感", "敏感", "", ""}, {"重要", "重要", "", ""}}),
            &SiteConfig::importance_users)
           .required()
           .on_change(Reload::kLive)
           .says("人员类别；“重要”时不得启用人脸功能（R-006）",
                 "class of the people seen; with 重要 (important) face functions do not start (R-006)")}};
  return section;
}

const Section& retention_class_section() {
  static const Section section{
      "retention_class",
      {"一类数据的保存期限", "how long one class of data is kept"},
      {optional_leaf("min", seconds(0s, kLongestRetention), &RetentionClass::min)
           .on_change(Reload::kLive)
           .says("至少保存", "kept at least this long"),
       optional_leaf("max", seconds(60s, kLongestRetention), &RetentionClass::max)
           .on_change(Reload::kLive)
           .says("最多保存，到期删除", "deleted after this"),
       leaf("basis", text(), &RetentionClass::basis)
           .by_law("R-002")
           .on_change(Reload::kLive)
           .says("期限的依据（法律条款或标准）", "what the periods rest on (law and article, or standard)")}};
  return section;
}

const Section& test_report_section() {
  static const Section section{
      "test_report",
      {"摄像机型号的检测报告", "test report of a camera model"},
      {leaf("id", id(), &TestReport::id).required().says("本文件内的编号", "id within this file"),
       leaf("model", text(), &TestReport::model).required().says("产品型号", "product model"),
       leaf("number", text(), &TestReport::number).required().says("报告编号", "number of the report"),
       leaf("date", date(), &TestReport::date).required().says("签发日期", "date of issue")}};
  return section;
}

}  // namespace

const Section& site_section() {
  static const Section section{
      "site",
      {"安装场所", "the installation site"},
      {leaf("id", id(), &SiteConfig::id)
           .required()
           .says("场所编号，出现在主题中", "id of the site, in topics"),
       leaf("name", text(), &SiteConfig::name).says("场所名称", "name of the site"),
       leaf("kind",
            choice<SiteKind>({{"residential", SiteKind::kResidential, "住宅小区", "residential estate"},
                              {"office", SiteKind::kOffice, "办公", "office"},
                              {"other", SiteKind::kOther, "其他", "other"}}),
            &SiteConfig::kind)
           .by_law("R-002")
           .without_default()
           .says("场所类型：住宅小区、办公、其他", "kind of site: residential estate, office, other"),
       leaf("regulation_799",
            choice<Regulation799>({{"art7", Regulation799::kArticle7, "", ""},
                                   {"art9", Regulation799::kArticle9, "", ""},
                                   {"not_public", Regulation799::kNotPublic, "", ""}}),
            &SiteConfig::regulation_799)
           .by_law("R-002")
           .without_default()
           .says(
               "《公共安全视频图像信息系统管理条例》（国务院令第799号）的适用：第七条、第九条，或非公共场所",
               "how State Council Order 799 applies: article 7, article 9, or not a public place"),
       group("importance", importance_section()).required(),
       leaf("timezone", timezone(), &SiteConfig::timezone)
           .required()
           .says("布防时段所用的时区", "time zone in which schedules are meant")}};
  return section;
}

const Section& retention_section() {
  const auto kept = [](const char* key, const char* zh, const char* en) {
    return entry_group(key, retention_class_section(), &Config::retention)
        .says(zh, en)
        .on_change(Reload::kLive);
  };
  static const Section section{
      "retention",
      {"各类数据的保存期限及依据（R-002）", "how long each class of data is kept, and why (R-002)"},
      {kept("results", "分析结果（不含图像）", "analysis results (no images)").by_law("R-002"),
       kept("face_images", "人脸小图；images: face_crop 时必填", "face crops; needed with images: face_crop"),
       kept("audit", "审计日志（网安法：不少于六个月）", "audit log (law: at least six months)"),
       kept("processing_records", "处理情况记录（个保法第五十六条：不少于三年）",
            "records of processing (PIPL 56: at least three years)"),
       kept(
           "delivery_records", "对外提供记录（网络数据条例第十二条：不少于三年）",
           "records of what was delivered to whom (network data regulation art. 12: at least three years)")}};
  return section;
}

const Section& console_section() {
  static const Section section{
      "console",
      {"本机管理页面和健康检查", "management pages and health checks of this machine"},
      {leaf("listen", ip_address(), &ConsoleConfig::listen)
           .says("监听地址：回环或管理网地址", "address to listen on: loopback or the management network"),
       leaf("health_port", integer(0, 65535), &ConsoleConfig::health_port)
           .says("/metrics、/live、/ready、/startup 的端口（仅回环）；0 为系统分配",
                 "port of /metrics, /live, /ready and /startup (loopback only); 0 lets the kernel choose")}};
  return section;
}

const Section& config_section() {
  static const Section section{
      "config",
      {"配置文件", "the configuration file"},
      {leaf("version", integer(1, 1), &Config::version)
           .required()
           .without_default()
           .says("文件格式版本", "version of the file's format"),
       group("site", site_section(), &Config::site).required(),
       group("gateway", gateway_section()).required(),
       group("retention", retention_section()).by_law("R-002").on_change(Reload::kLive),
       list("test_reports", test_report_section(), &Config::test_reports).on_change(Reload::kLive),
       group("surveillance", surveillance_section()), group("verification", verification_section()),
       group("uplink", uplink_section(), &Config::uplink),
       group("console", console_section(), &Config::console)}};
  return section;
}

}  // namespace veilgate
