#include "media/rtsp_preflight.h"

#include <ctime>
#include <memory>

#include <gio/gio.h>
#include <gst/rtsp/gstrtspconnection.h>
#include <gst/sdp/gstsdpmessage.h>

#include "core/log.h"

namespace veilgate::media {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const { Free(object); }
};
using Url = std::unique_ptr<GstRTSPUrl, Deleter<gst_rtsp_url_free>>;
using Connection = std::unique_ptr<GstRTSPConnection, Deleter<gst_rtsp_connection_free>>;
using Message = std::unique_ptr<GstRTSPMessage, Deleter<gst_rtsp_message_free>>;
using Sdp = std::unique_ptr<GstSDPMessage, Deleter<gst_sdp_message_free>>;

PreflightReport& fail(PreflightReport& report, PreflightStage stage, std::string reason, std::string zh,
                      std::string en) {
  report.stage = stage;
  report.reason = std::move(reason);
  report.message_zh = std::move(zh);
  report.message = std::move(en);
  return report;
}

/// Name and network first, by a plain TCP connection: gstreamer-rtsp does not tell a closed port from an unknown name.
bool reach(PreflightReport& report, const char* host, guint16 port, Millis timeout) {
  std::unique_ptr<GSocketClient, Deleter<g_object_unref>> client(g_socket_client_new());
  g_socket_client_set_timeout(client.get(), static_cast<guint>((timeout.count() + 999) / 1000));
  g_socket_client_set_enable_proxy(client.get(), FALSE);
  GError* error = nullptr;
  GSocketConnection* connection = g_socket_client_connect_to_host(client.get(), host, port, nullptr, &error);
  if (connection) {
    g_object_unref(connection);
    return true;
  }
  const std::string where = std::string(host) + ":" + std::to_string(port);
  if (error->domain == G_RESOLVER_ERROR)
    fail(report, PreflightStage::kName, "name_unresolved", "域名无法解析：" + where + "，请检查地址与 DNS",
         "the name in " + where + " does not resolve; check the address and the DNS");
  else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    fail(report, PreflightStage::kNetwork, "connection_refused", where + " 拒绝连接：端口关闭或摄像机未启用 RTSP",
         where + " refuses the connection: the port is closed or RTSP is not enabled on the camera");
  else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    fail(report, PreflightStage::kNetwork, "connect_timeout", where + " 无应答：检查网线、VLAN 与防火墙",
         where + " does not answer; check cable, VLAN and firewall");
  else
    fail(report, PreflightStage::kNetwork, "host_unreachable", where + " 不可达：检查网络与路由",
         where + " cannot be reached; check network and route");
  g_error_free(error);
  return false;
}

void fail_tls(PreflightReport& report) {
  const std::string& reason = report.certificate.reason;
  const auto tell = [&](const char* zh, const char* en) {
    fail(report, PreflightStage::kTls, reason.empty() ? "tls_failed" : reason, zh, en);
  };
  if (reason == "tls_unknown_ca")
    tell("证书由未知机构签发：配置 source.ca，或核实后批准该设备证书",
         "the certificate is signed by an unknown authority: set source.ca, or check and approve this device's certificate");
  else if (reason == "tls_wrong_name")
    tell("证书名称与地址不符", "the certificate is for another name than the address");
  else if (reason == "tls_expired")
    tell("证书过期或尚未生效：更新证书并检查两端时钟",
         "the certificate is expired or not yet valid: renew it and check both clocks");
  else if (reason == "certificate_differs")
    tell("设备证书与批准时不同：若已更换摄像机，请重新批准；否则可能被冒充",
         "the certificate is not the approved one: approve the camera again if it was replaced, else it may be an impostor");
  else
    tell("TLS 握手失败：摄像机可能未启用 TLS 或版本过旧",
         "the TLS handshake failed: the camera may not speak TLS here, or only an old version");
}

GstRTSPResult ask(GstRTSPConnection* connection, GstRTSPMethod method, const std::string& url,
                  GstRTSPMessage* response, gint64 timeout_us) {
  GstRTSPMessage* raw = nullptr;
  gst_rtsp_message_new_request(&raw, method, url.c_str());
  const Message request(raw);
  if (method == GST_RTSP_DESCRIBE) gst_rtsp_message_add_header(request.get(), GST_RTSP_HDR_ACCEPT, "application/sdp");
  gst_rtsp_message_add_header(request.get(), GST_RTSP_HDR_USER_AGENT, "veilgate");
  const GstRTSPResult sent = gst_rtsp_connection_send_usec(connection, request.get(), timeout_us);
  return sent == GST_RTSP_OK ? gst_rtsp_connection_receive_usec(connection, response, timeout_us) : sent;
}

struct Opened {
  Connection connection;
  Message response;
  GstRTSPResult result = GST_RTSP_ERROR;
  bool tls = false;
  std::string url;  ///< as sent in requests: without user and password
};

Opened open_connection(const PreflightRequest& request, const GstRTSPUrl& url) {
  Opened opened;
  opened.tls = (url.transports & GST_RTSP_LOWER_TRANS_TLS) != 0;
  opened.url = redact_url(request.url) + (url.query ? "?" + std::string(url.query) : "");
  GstRTSPConnection* connection = nullptr;
  GstRTSPMessage* response = nullptr;
  gst_rtsp_connection_create(&url, &connection);
  gst_rtsp_message_new(&response);
  opened.connection.reset(connection);
  opened.response.reset(response);
  if (opened.tls && request.trust) gst_rtsp_connection_set_tls_database(connection, request.trust->database());
  opened.result = gst_rtsp_connection_connect_usec(connection, std::chrono::microseconds(request.timeout).count());
  return opened;
}

/// Chooses digest over basic, and hands realm and nonce to the connection.
GstRTSPAuthMethod choose_authentication(GstRTSPConnection* connection, GstRTSPMessage* response) {
  GstRTSPAuthMethod chosen = GST_RTSP_AUTH_NONE;
  GstRTSPAuthCredential** offers = gst_rtsp_message_parse_auth_credentials(response, GST_RTSP_HDR_WWW_AUTHENTICATE);
  gst_rtsp_connection_clear_auth_params(connection);
  for (auto** offer = offers; offer && *offer; ++offer) {
    if ((*offer)->scheme != GST_RTSP_AUTH_BASIC && (*offer)->scheme != GST_RTSP_AUTH_DIGEST) continue;
    if (chosen == GST_RTSP_AUTH_DIGEST) continue;
    chosen = (*offer)->scheme;
    for (auto** p = (*offer)->params; p && *p; ++p) gst_rtsp_connection_set_auth_param(connection, (*p)->name, (*p)->value);
  }
  if (offers) gst_rtsp_auth_credentials_free(offers);
  return chosen;
}

GstRTSPStatusCode status_of(GstRTSPMessage* response) {
  GstRTSPStatusCode code = GST_RTSP_STS_INVALID;
  gst_rtsp_message_parse_response(response, &code, nullptr, nullptr);
  return code;
}

void read_clock(PreflightReport& report, GstRTSPMessage* response, const Clock& clock) {
  gchar* date = nullptr;
  if (gst_rtsp_message_get_header(response, GST_RTSP_HDR_DATE, &date, 0) != GST_RTSP_OK || !date) return;
  std::tm tm{};
  if (!strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &tm)) return;
  const auto theirs = std::chrono::sys_seconds{std::chrono::seconds{timegm(&tm)}};
  report.clock_offset = theirs - std::chrono::floor<std::chrono::seconds>(clock.now());
}

void read_streams(PreflightReport& report, GstRTSPMessage* response) {
  guint8* body = nullptr;
  guint size = 0;
  GstSDPMessage* raw = nullptr;
  gst_rtsp_message_get_body(response, &body, &size);
  gst_sdp_message_new(&raw);
  const Sdp sdp(raw);
  if (!body || gst_sdp_message_parse_buffer(body, size, sdp.get()) != GST_SDP_OK) return;
  for (guint i = 0; i < gst_sdp_message_medias_len(sdp.get()); ++i) {
    const GstSDPMedia* media = gst_sdp_message_get_media(sdp.get(), i);
    const std::string kind = gst_sdp_media_get_media(media) ? gst_sdp_media_get_media(media) : "";
    if (kind == "audio") ++report.audio_tracks;
    if (kind != "video") continue;
    ++report.video_tracks;
    const gchar* map = gst_sdp_media_get_attribute_val(media, "rtpmap");
    const std::string text = map ? map : "";
    for (const auto& [sdp_name, ours] : {std::pair{"H264", "h264"}, {"H265", "h265"}, {"JPEG", "mjpeg"}})
      if (text.find(sdp_name) != std::string::npos) report.video_codec = ours;
    const gchar* format = gst_sdp_media_get_format(media, 0);
    if (report.video_codec.empty() && format && std::string(format) == "26") report.video_codec = "mjpeg";
  }
}

void judge_answer(PreflightReport& report, GstRTSPMessage* response, bool offered_credentials) {
  const GstRTSPStatusCode code = status_of(response);
  const auto number = std::to_string(static_cast<int>(code));
  if (code == GST_RTSP_STS_OK) {
    read_streams(report, response);
    if (report.video_tracks > 0) report.stage = PreflightStage::kPassed;
    else fail(report, PreflightStage::kStream, "no_video", "该地址没有视频流", "the address offers no video");
  } else if (code == GST_RTSP_STS_UNAUTHORIZED || code == GST_RTSP_STS_FORBIDDEN) {
    if (offered_credentials)
      fail(report, PreflightStage::kCredentials, "credentials_refused", "用户名或密码被摄像机拒绝（注意账号锁定）",
           "the camera refuses user or password (it may lock the account after more tries)");
    else
      fail(report, PreflightStage::kCredentials, "credentials_missing", "摄像机要求登录：请配置 source.credentials",
           "the camera asks for a log-in: set source.credentials");
  } else if (code == GST_RTSP_STS_NOT_FOUND) {
    fail(report, PreflightStage::kStream, "stream_not_found", "摄像机上没有这个路径（404）：检查 URL 的路径部分",
         "the camera has no such stream (404): check the path of the URL");
  } else {
    fail(report, PreflightStage::kStream, "rtsp_refused", "摄像机以 RTSP " + number + " 拒绝",
         "the camera refused with RTSP status " + number);
  }
}

}  // namespace

const char* to_string(PreflightStage stage) {
  switch (stage) {
    case PreflightStage::kName: return "name";
    case PreflightStage::kNetwork: return "network";
    case PreflightStage::kTls: return "tls";
    case PreflightStage::kCredentials: return "credentials";
    case PreflightStage::kStream: return "stream";
    case PreflightStage::kPassed: return "passed";
  }
  return "network";
}

PreflightReport rtsp_preflight(const PreflightRequest& request, const Clock& clock) {
  PreflightReport report;
  GstRTSPUrl* raw_url = nullptr;
  if (gst_rtsp_url_parse(request.url.c_str(), &raw_url) != GST_RTSP_OK)
    return fail(report, PreflightStage::kName, "bad_url", "不是有效的 RTSP 地址", "this is not an RTSP URL");
  const Url url(raw_url);
  guint16 port = 0;
  gst_rtsp_url_get_port(url.get(), &port);
  if (!reach(report, url->host, port, request.timeout)) return report;

  const gint64 timeout_us = std::chrono::microseconds(request.timeout).count();
  Opened opened = open_connection(request, *url);
  if (opened.tls && request.trust) report.certificate = request.trust->facts();
  if (opened.result != GST_RTSP_OK) {
    if (opened.tls) fail_tls(report);
    else fail(report, PreflightStage::kNetwork, "connect_timeout", "连接中断", "the connection broke off");
    return report;
  }

  GstRTSPConnection* connection = opened.connection.get();
  GstRTSPMessage* response = opened.response.get();
  const auto describe = [&] { return ask(connection, GST_RTSP_DESCRIBE, opened.url, response, timeout_us); };
  const auto unanswered = [&]() -> PreflightReport& {
    return fail(report, PreflightStage::kNetwork, "no_answer", "端口已接通，但没有 RTSP 应答（服务异常或不是 RTSP）",
                "the port is open but does not answer RTSP (service hangs, or it is not RTSP)");
  };
  if (describe() != GST_RTSP_OK) return unanswered();
  read_clock(report, response, clock);
  report.authentication = "none";
  bool offered = false;
  if (status_of(response) == GST_RTSP_STS_UNAUTHORIZED && !request.credentials.empty()) {
    const GstRTSPAuthMethod method = choose_authentication(connection, response);
    report.authentication = method == GST_RTSP_AUTH_DIGEST ? "digest" : "basic";
    gst_rtsp_connection_set_auth(connection, method, request.credentials.user().c_str(),
                                 request.credentials.password().c_str());
    offered = true;
    if (describe() != GST_RTSP_OK) return unanswered();
  }
  judge_answer(report, response, offered);
  report.connection = std::shared_ptr<GstRTSPConnection>(std::move(opened.connection));
  return report;
}

bool rtsp_answers(const PreflightRequest& request) {
  PreflightReport ignored;
  GstRTSPUrl* raw_url = nullptr;
  if (gst_rtsp_url_parse(request.url.c_str(), &raw_url) != GST_RTSP_OK) return false;
  const Url url(raw_url);
  guint16 port = 0;
  gst_rtsp_url_get_port(url.get(), &port);
  if (!reach(ignored, url->host, port, request.timeout)) return false;
  Opened opened = open_connection(request, *url);
  return opened.result == GST_RTSP_OK &&
         ask(opened.connection.get(), GST_RTSP_OPTIONS, opened.url, opened.response.get(),
             std::chrono::microseconds(request.timeout).count()) == GST_RTSP_OK;
}

}  // namespace veilgate::media
