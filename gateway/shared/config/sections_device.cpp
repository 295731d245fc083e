// Where pictures come from, what pins a device, verification stations, and the uplink to the platform.

#include "config/field_bindings.h"
#include "config/sections.h"
#include "config/values.h"

namespace veilgate {

using namespace std::chrono_literals;
using namespace table;
using namespace values;

namespace {

constexpr auto kCamera = Reload::kCamera;
constexpr Seconds kDay{86400};

const Section& station_section() {
  static const Section section{"station",
                               {"专用核验终端", "a verification station"},
                               {leaf("id", id(), &StationConfig::id).required().says("编号", "id"),
                                leaf("name", text(), &StationConfig::name).says("名称", "name"),
                                group("source", source_section(), &StationConfig::source).required(),
                                group("device", device_section(), &StationConfig::device)}};
  return section;
}

const Section& keep_sent_section() {
  static const Section section{
      "keep_sent",
      {"已送达的信封保留多少，供平台补取", "delivered envelopes kept for the platform to ask again"},
      {leaf("count", integer(0, 10000000), &UplinkConfig::keep_sent_count)
           .on_change(Reload::kLive)
           .says("最多条数", "at most so many"),
       leaf("age", seconds(0s, 366 * kDay), &UplinkConfig::keep_sent_age)
           .on_change(Reload::kLive)
           .says("最长时间", "at most this long")}};
  return section;
}

const Section& outbox_section() {
  static const Section section{
      "outbox",
      {"发件箱的上限；超出时最旧的被丢弃、计数并审计（R-060）",
       "bounds of the outbox; beyond them the oldest is dropped, counted and audited (R-060)"},
      {leaf("max_count", integer(50000, 100000000), &UplinkConfig::outbox_max_count)
           .on_change(Reload::kLive)
           .says("最多条数（离线至少 50000 条）", "at most so many (at least 50000 when offline)"),
       leaf("max_bytes", bytes(64LL << 20, 1LL << 40), &UplinkConfig::outbox_max_bytes)
           .on_change(Reload::kLive)
           .says("最大容量", "at most this size"),
       leaf("max_age", seconds(3600s, 3650 * kDay), &UplinkConfig::outbox_max_age)
           .on_change(Reload::kLive)
           .says("最长时间", "at most this long")}};
  return section;
}

}  // namespace

const Section& source_section() {
  static const Section section{
      "source",
      {"画面来源：rtsp、file、v4l2 三选一", "where the pictures come from: one of rtsp, file, v4l2"},
      {leaf("rtsp", rtsp_url(), &SourceConfig::rtsp)
           .on_change(kCamera)
           .says("摄像机地址，不含用户名和口令", "address of the camera, without user and password"),
       leaf("file", file_path(), &SourceConfig::file)
           .on_change(kCamera)
           .says("视频文件（需 test: true）", "a video file (needs test: true)"),
       leaf("v4l2",
            pattern({"本机设备，如 /dev/video0", "a local device such as /dev/video0"},
                    "/dev/[A-Za-z0-9/_.-]{1,64}"),
            &SourceConfig::v4l2)
           .on_change(kCamera)
           .says("本机摄像头设备", "a local camera device"),
       leaf("credentials", id(), &SourceConfig::credentials)
           .on_change(kCamera)
           .says("凭据文件名（两行：用户名、口令），位于凭据目录",
                 "name of the credential (two lines: user, password) in the credentials directory"),
       leaf("transport",
            choice<SourceConfig::Transport>({{"tcp", SourceConfig::Transport::kTcp, "", ""},
                                             {"udp", SourceConfig::Transport::kUdp, "", ""}}),
            &SourceConfig::transport)
           .on_change(kCamera)
           .says("RTP 的传输方式（仅 rtsp）", "how RTP travels (rtsp only)"),
       leaf("ca", absolute_path(), &SourceConfig::ca)
           .on_change(kCamera)
           .says("校验 rtsps 证书的 CA 文件；缺省为系统的", "CA file for rtsps; without it the system's"),
       leaf("test", on_off(), &SourceConfig::test)
           .on_change(kCamera)
           .says("测试源：每条结果都有标记，设备检查不适用",
                 "a test source: marked in every result, device checks do not apply"),
       leaf("loop", on_off(), &SourceConfig::loop)
           .on_change(kCamera)
           .says("文件播完后从头再来（仅 file）", "begin the file again at its end (file only)"),
       leaf("pipeline", file_path(), &SourceConfig::pipeline)
           .on_change(kCamera)
           .says("自定义的 .pipeline 描述；缺省为随产品提供的",
                 "a .pipeline description; without it the shipped one")}};
  return section;
}

const Section& device_section() {
  static const Section section{
      "device",
      {"批准接入时固定的设备身份（R-051）", "what was pinned when the device was approved (R-051)"},
      {leaf("certificate_sha256", pattern({"64 位十六进制", "64 hexadecimal digits"}, "[0-9A-Fa-f]{64}"),
            &DeviceConfig::certificate_sha256)
           .on_change(kCamera)
           .says("设备证书（DER）的 SHA-256", "SHA-256 of the device's certificate (DER)"),
       leaf("onvif_serial", text(64), &DeviceConfig::onvif_serial)
           .on_change(kCamera)
           .says("ONVIF 序列号", "ONVIF serial number"),
       leaf("onvif_service", pattern({"http:// 地址", "an http:// address"}, "http://[^@ ]+"),
            &DeviceConfig::onvif_service)
           .on_change(kCamera)
           .says("ONVIF 设备服务地址；缺省为 http://摄像机/onvif/device_service",
                 "address of the ONVIF device service; http://<camera>/onvif/device_service by default"),
       leaf("mac",
            pattern({"形如 00:1a:2b:3c:4d:5e 的地址", "an address such as 00:1a:2b:3c:4d:5e"},
                    "([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}"),
            &DeviceConfig::mac)
           .on_change(kCamera)
           .says("MAC 地址", "MAC address"),
       leaf("test_report", id(), &DeviceConfig::test_report)
           .on_change(Reload::kLive)
           .says("检测报告：test_reports 中的编号", "its test report: an id of test_reports")}};
  return section;
}

const Section& verification_section() {
  static const Section section{
      "verification",
      {"核验通道（专用终端，须同意）", "the verification lane (dedicated stations, with consent)"},
      {list("stations", station_section(), &Config::stations)}};
  return section;
}

const Section& uplink_section() {
  static const Section section{
      "uplink",
      {"到平台的上行", "the uplink to the platform"},
      {leaf("brokers", broker_urls(), &UplinkConfig::brokers)
           .required()
           .says("消息服务器，按顺序尝试", "message brokers, tried in order"),
       leaf("tls_profile",
            choice<TlsProfile>({{"intl", TlsProfile::kIntl, "", ""}, {"sm", TlsProfile::kSm, "", ""}}),
            &UplinkConfig::tls_profile)
           .says("intl：TLS 1.3 AES；sm：TLS 1.3 国密套件（需相应密码库）",
                 "intl: TLS 1.3 with AES; sm: TLS 1.3 with SM suites (needs a library that has them)"),
       leaf("topic_prefix", topic_prefix(), &UplinkConfig::topic_prefix)
           .says("主题前缀", "prefix of all topics"),
       leaf("delivery",
            choice<DeliveryMode>(
                {{"receipt", DeliveryMode::kReceipt, "", ""}, {"broker", DeliveryMode::kBroker, "", ""}}),
            &UplinkConfig::delivery)
           .says("receipt：平台签收后才删除；broker：服务器确认即可（平台没有签收时）",
                 "receipt: kept until the platform's signed receipt; broker: until the broker's "
                 "acknowledgement"),
       group("keep_sent", keep_sent_section()).on_change(Reload::kLive),
       group("outbox", outbox_section()).on_change(Reload::kLive),
       leaf("image_max_age", seconds(60s, kDay), &UplinkConfig::image_max_age)
           .on_change(Reload::kLive)
           .says(
               "未送达的人脸小图的期限，过期丢弃并计数（本产品的上限 24h，R-069）",
               "an undelivered face crop is dropped and counted after this (24h at most: our figure, R-069)"),
       leaf("environment",
            choice<Environment>(
                {{"inside", Environment::kInside, "", ""}, {"outside", Environment::kOutside, "", ""}}),
            &UplinkConfig::environment)
           .says("上行链路在物理安全环境之内或之外（总是 TLS）",
                 "the uplink lies inside or outside the physically secured environment (TLS in both cases)"),
       optional_leaf("network",
                     choice<Network>(
                         {{"private", Network::kPrivate, "", ""}, {"internet", Network::kInternet, "", ""}}),
                     &UplinkConfig::network)
           .says("上行所经网络：专网或互联网；有摄像机外发人脸小图时必填（R-049）",
                 "what the uplink runs over: a private network or the Internet; needed with face crops "
                 "(R-049)"),
       leaf("faces_legal_basis", text(), &UplinkConfig::faces_legal_basis)
           .says("允许经互联网传输人脸小图的法律和条款（R-049）",
                 "law and article that allow face crops over the Internet (R-049)")}};
  return section;
}

}  // namespace veilgate
