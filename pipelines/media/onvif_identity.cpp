#include "media/onvif_identity.h"

#include <array>
#include <memory>
#include <random>
#include <string_view>

#include <gio/gio.h>
#include <gst/rtsp/gstrtspurl.h>

#include "core/bytes.h"
#include "core/log.h"

namespace veilgate::media {
namespace {

constexpr std::size_t kLargestAnswer = 64 * 1024;

std::string base64(ByteView bytes) {
  gchar* text = g_base64_encode(bytes.data(), bytes.size());
  std::string out = text;
  g_free(text);
  return out;
}

/// Digest = Base64(SHA-1(nonce + created + password)).
std::string username_token(const CameraCredentials& credentials, const Clock& clock) {
  std::array<std::uint8_t, 16> nonce{};
  std::random_device random;
  for (auto& b : nonce) b = static_cast<std::uint8_t>(random());
  const std::string created = format_utc(clock.now());
  GChecksum* sha1 = g_checksum_new(G_CHECKSUM_SHA1);
  g_checksum_update(sha1, nonce.data(), nonce.size());
  g_checksum_update(sha1, reinterpret_cast<const guchar*>(created.data()), static_cast<gssize>(created.size()));
  const std::string& password = credentials.password();
  g_checksum_update(sha1, reinterpret_cast<const guchar*>(password.data()), static_cast<gssize>(password.size()));
  std::array<std::uint8_t, 20> digest{};
  gsize size = digest.size();
  g_checksum_get_digest(sha1, digest.data(), &size);
  g_checksum_free(sha1);
  gchar* user = g_markup_escape_text(credentials.user().c_str(), -1);
  constexpr char kWsse[] = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
  constexpr char kWsu[] = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
  constexpr char kProfile[] = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";
  const std::string token = std::string("<s:Header><Security s:mustUnderstand=\"1\" xmlns=\"") + kWsse +
                            "\"><UsernameToken><Username>" + user + "</Username><Password Type=\"" + kProfile + "\">" +
                            base64(digest) + "</Password><Nonce>" + base64(nonce) + "</Nonce><Created xmlns=\"" + kWsu +
                            "\">" + created + "</Created></UsernameToken></Security></s:Header>";
  g_free(user);
  return token;
}

std::string request_body(const CameraCredentials& credentials, const Clock& clock) {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
         "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">" +
         (credentials.empty() ? "" : username_token(credentials, clock)) +
         "<s:Body><GetDeviceInformation xmlns=\"http://www.onvif.org/ver10/device/wsdl\"/></s:Body></s:Envelope>";
}

/// One POST over HTTP/1.0, so that the answer ends with the connection.
Result<std::string> post(const std::string& url, const std::string& body, Millis timeout) {
  GUri* raw = g_uri_parse(url.c_str(), G_URI_FLAGS_NONE, nullptr);
  const std::unique_ptr<GUri, decltype(&g_uri_unref)> uri(raw, g_uri_unref);
  if (!raw || std::string_view(g_uri_get_scheme(raw)) != "http" || !g_uri_get_host(raw))
    return Error(ErrorCode::kInvalidInput, redact_url(url) + " is not an http:// address of an ONVIF device service");
  const std::string host = g_uri_get_host(raw);
  const int port = g_uri_get_port(raw) > 0 ? g_uri_get_port(raw) : 80;
  const std::string request = "POST " + std::string(g_uri_get_path(raw)) + " HTTP/1.0\r\nHost: " + host +
                              "\r\nContent-Type: application/soap+xml; charset=utf-8\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
  const std::unique_ptr<GSocketClient, decltype(&g_object_unref)> client(g_socket_client_new(), g_object_unref);
  g_socket_client_set_timeout(client.get(), static_cast<guint>((timeout.count() + 999) / 1000));
  g_socket_client_set_enable_proxy(client.get(), FALSE);
  const std::unique_ptr<GSocketConnection, decltype(&g_object_unref)> connection(
      g_socket_client_connect_to_host(client.get(), host.c_str(), static_cast<guint16>(port), nullptr, nullptr),
      g_object_unref);
  if (!connection) return Error(ErrorCode::kUnavailable, "the ONVIF device service at " + host + " does not answer");
  GIOStream* stream = G_IO_STREAM(connection.get());
  std::string answer;
  if (g_output_stream_write_all(g_io_stream_get_output_stream(stream), request.data(), request.size(), nullptr, nullptr,
                                nullptr)) {
    std::array<char, 4096> part{};
    gssize size = 0;
    while (answer.size() < kLargestAnswer &&
           (size = g_input_stream_read(g_io_stream_get_input_stream(stream), part.data(), part.size(), nullptr, nullptr)) > 0)
      answer.append(part.data(), static_cast<std::size_t>(size));
  }
  if (answer.empty()) return Error(ErrorCode::kUnavailable, "the ONVIF device service at " + host + " does not answer");
  return answer;
}

struct SerialReader {
  bool inside = false;
  bool found = false;
  std::string text;
};

bool is_serial(const gchar* name) {
  const std::string_view full = name;
  const auto colon = full.rfind(':');
  return (colon == std::string_view::npos ? full : full.substr(colon + 1)) == "SerialNumber";
}

}  // namespace

std::string onvif_device_service(const std::string& rtsp_url) {
  GstRTSPUrl* url = nullptr;
  if (gst_rtsp_url_parse(rtsp_url.c_str(), &url) != GST_RTSP_OK) return "";
  const std::string host = url->host ? url->host : "";
  const bool v6 = url->family == GST_RTSP_FAM_INET6;
  gst_rtsp_url_free(url);
  return "http://" + (v6 ? "[" + host + "]" : host) + "/onvif/device_service";
}

Result<std::string> parse_serial_number(const std::string& soap) {
  static const GMarkupParser parser{
      [](GMarkupParseContext*, const gchar* name, const gchar**, const gchar**, gpointer data, GError**) noexcept {
        auto& reader = *static_cast<SerialReader*>(data);
        reader.inside = !reader.found && is_serial(name);
        reader.found = reader.found || reader.inside;
      },
      [](GMarkupParseContext*, const gchar*, gpointer data, GError**) noexcept {
        static_cast<SerialReader*>(data)->inside = false;
      },
      [](GMarkupParseContext*, const gchar* text, gsize size, gpointer data, GError**) noexcept {
        auto& reader = *static_cast<SerialReader*>(data);
        if (reader.inside) reader.text.append(text, size);
      },
      nullptr, nullptr};
  SerialReader reader;
  GMarkupParseContext* context = g_markup_parse_context_new(&parser, GMarkupParseFlags(0), &reader, nullptr);
  const bool good = g_markup_parse_context_parse(context, soap.data(), static_cast<gssize>(soap.size()), nullptr) &&
                    g_markup_parse_context_end_parse(context, nullptr);
  g_markup_parse_context_free(context);
  const auto begin = reader.text.find_first_not_of(" \t\r\n");
  if (!good || begin == std::string::npos || reader.text.size() > 256)
    return Error(ErrorCode::kInvalidInput, "the ONVIF device service states no serial number");
  return reader.text.substr(begin, reader.text.find_last_not_of(" \t\r\n") - begin + 1);
}

Result<std::string> onvif_serial_number(const std::string& service_url, const CameraCredentials& credentials,
                                        const Clock& clock, Millis timeout) {
  VG_TRY(const std::string answer, post(service_url, request_body(credentials, clock), timeout));
  const auto head = answer.find("\r\n\r\n");
  const auto space = answer.find(' ');
  if (head == std::string::npos || space == std::string::npos)
    return Error(ErrorCode::kInvalidInput, redact_url(service_url) + " does not speak HTTP");
  const std::string status = answer.substr(space + 1, 3);
  if (status == "401" || status == "403" || answer.find("NotAuthorized") != std::string::npos)
    return Error(ErrorCode::kPermission, "ONVIF refuses user or password (many cameras have separate ONVIF users)");
  if (status != "200") return Error(ErrorCode::kInvalidInput, redact_url(service_url) + " answers HTTP " + status);
  return parse_serial_number(answer.substr(head + 4));
}

}  // namespace veilgate::media
