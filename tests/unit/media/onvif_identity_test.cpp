#include "media/onvif_identity.h"

#include <atomic>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace veilgate::media {
namespace {

constexpr char kAnswer[] =
    "<?xml version=\"1.0\"?><env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\" "
    "xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\"><env:Body><tds:GetDeviceInformationResponse>"
    "<tds:Manufacturer>Example</tds:Manufacturer><tds:Model>X1</tds:Model>"
    "<tds:SerialNumber> SN-0815 </tds:SerialNumber></tds:GetDeviceInformationResponse></env:Body></env:Envelope>";

/// Answers one connection on loopback with fixed bytes and keeps what it was asked.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)), socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(socket_, 1);
    socklen_t size = sizeof address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      const int client = accept(socket_, nullptr, nullptr);
      char part[8192];
      while (request_.find("</s:Envelope>") == std::string::npos) {
        const ssize_t n = read(client, part, sizeof part);
        if (n <= 0) break;
        request_.append(part, static_cast<std::size_t>(n));
      }
      if (write(client, answer_.data(), answer_.size()) < 0) perror("write");
      close(client);
    });
  }
  ~OneAnswer() {
    if (thread_.joinable()) thread_.join();
    close(socket_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/onvif/device_service"; }
  std::string request() {
    thread_.join();
    return request_;
  }

 private:
  std::string answer_, request_;
  int socket_;
  int port_ = 0;
  std::thread thread_;
};

TEST(OnvifIdentity, ReadsTheSerialNumberWithAnyPrefix) {
  EXPECT_EQ(*parse_serial_number(kAnswer), "SN-0815");
  EXPECT_EQ(*parse_serial_number("<a><SerialNumber>7</SerialNumber></a>"), "7");
}

TEST(OnvifIdentity, RefusesAnythingElse) {
  for (const char* text : {"", "<a>", "not xml", "<a><SerialNumber></SerialNumber></a>", "<a><Serial>7</Serial></a>"})
    EXPECT_FALSE(parse_serial_number(text)) << text;
  EXPECT_FALSE(parse_serial_number("<a><SerialNumber>" + std::string(300, 'x') + "</SerialNumber></a>"));
}

TEST(OnvifIdentity, AsksWithADigestAndNeverSendsThePassword) {
  OneAnswer server(std::string("HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n") + kAnswer);
  const auto serial = onvif_serial_number(server.url(), {"admin", "s3cret-pass"}, SystemClock{}, Millis{2000});
  ASSERT_TRUE(serial) << serial.error().message();
  EXPECT_EQ(*serial, "SN-0815");
  const std::string request = server.request();
  EXPECT_NE(request.find("PasswordDigest"), std::string::npos);
  EXPECT_EQ(request.find("s3cret-pass"), std::string::npos);
}

TEST(OnvifIdentity, TellsRefusalFromSilence) {
  OneAnswer server("HTTP/1.1 401 Unauthorized\r\n\r\n");
  EXPECT_EQ(onvif_serial_number(server.url(), {}, SystemClock{}, Millis{2000}).error().code(), ErrorCode::kPermission);
  EXPECT_EQ(onvif_serial_number("http://127.0.0.1:1/x", {}, SystemClock{}, Millis{2000}).error().code(),
            ErrorCode::kUnavailable);
  EXPECT_EQ(onvif_serial_number("ftp://127.0.0.1/x", {}, SystemClock{}, Millis{2000}).error().code(),
            ErrorCode::kInvalidInput);
}

TEST(OnvifIdentity, FindsTheUsualAddressOfTheService) {
  EXPECT_EQ(onvif_device_service("rtsps://10.0.3.21:322/stream2"), "http://10.0.3.21/onvif/device_service");
}

}  // namespace
}  // namespace veilgate::media
