#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "crypto/key_file.h"
#include "envelope/topics.h"
#include "sinks/result_sink.h"

namespace veilgate::receiver {
namespace {

using nlohmann::json;

class JsonSink final : public ResultSink {
 public:
  enum class Sync { kNo, kDisk };
  JsonSink(std::FILE* out, Sync sync) : out_(out), sync_(sync) {}
  ~JsonSink() override {
    if (sync_ == Sync::kDisk) std::fclose(out_);
  }
  const char* name() const override { return "json"; }
  SinkUse use() const override { return SinkUse::kAnalysis; }

  Result<void> deliver(const ReceivedResult& result) override {
    const RecordHeader& header = result.header;
    json payload = json::parse(result.payload, nullptr, false);
    if (payload.is_object() && payload.contains("Data")) payload.erase("Data");  // a picture belongs in no text
    const json line{{"answer", "verified"},
                    {"gateway", header.gateway.get()},
                    {"lane", to_string(header.lane)},
                    {"class", to_string(header.message_class)},
                    {"source", header.source},
                    {"topic", header.topic},
                    {"session", to_hex(header.session)},
                    {"sequence", header.sequence},
                    {"signed", header.is_signed},
                    {"chain", header.is_signed ? "confirmed" : "pending"},
                    {"sealed", format_utc(header.time)},
                    {"received", format_utc(result.received)},
                    {"payload", payload.is_discarded() ? json(nullptr) : std::move(payload)}};
    const std::string text = line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    const bool written = std::fwrite(text.data(), 1, text.size(), out_) == text.size() && std::fflush(out_) == 0 &&
                         (sync_ == Sync::kNo || fdatasync(fileno(out_)) == 0);
    if (!written) return Error(ErrorCode::kExhausted, std::string("output cannot be written: ") + std::strerror(errno));
    return {};
  }

 private:
  std::FILE* out_;
  Sync sync_;
};

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// RFC 4648 section 4, padding required; empty when the text is none.
Bytes from_base64(std::string_view text) {
  Bytes bytes;
  if (text.size() % 4 != 0) return bytes;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    int digits = 0;
    for (int k = 0; k < 4; ++k) {
      const int digit = base64_digit(text[i + static_cast<std::size_t>(k)]);
      if (digit < 0) break;
      group |= static_cast<std::uint32_t>(digit) << (18 - 6 * k);
      ++digits;
    }
    if (digits < 2 || (digits < 4 && i + 4 != text.size())) return {};
    for (int k = 0; k < digits - 1; ++k) bytes.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * k)));
  }
  return bytes;
}

class ImageSink final : public ResultSink {
 public:
  explicit ImageSink(std::string folder) : folder_(std::move(folder)) {}
  const char* name() const override { return "images"; }
  SinkUse use() const override { return SinkUse::kAnalysis; }

  Result<void> deliver(const ReceivedResult& result) override {
    if (result.header.message_class != MessageClass::kImage) return {};
    const json payload = json::parse(result.payload, nullptr, false);
    if (!payload.is_object() || !payload.contains("Data") || !payload["Data"].is_string()) return {};
    // The name comes from the sealed header, not from the payload, and is an id: it cannot leave the folder.
    const std::string& id = result.header.message_id;
    if (!valid_topic_id(id) || id.front() == '.') return {};
    const Bytes jpeg = from_base64(payload["Data"].get_ref<const std::string&>());
    if (jpeg.empty()) return {};
    return write_file_atomically(folder_ + "/" + id + ".jpg", jpeg, 0600);
  }

 private:
  std::string folder_;
};

}  // namespace

std::unique_ptr<ResultSink> make_json_sink(std::FILE* out) {
  return std::make_unique<JsonSink>(out, JsonSink::Sync::kNo);
}

Result<std::unique_ptr<ResultSink>> make_json_file_sink(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  std::FILE* out = fd < 0 ? nullptr : fdopen(fd, "a");
  if (!out) return Error(ErrorCode::kUnavailable, path + ": cannot be opened: " + std::strerror(errno));
  return std::unique_ptr<ResultSink>(std::make_unique<JsonSink>(out, JsonSink::Sync::kDisk));
}

Result<std::unique_ptr<ResultSink>> make_image_sink(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  if (failed) return Error(ErrorCode::kUnavailable, folder + ": " + failed.message());
  return std::unique_ptr<ResultSink>(std::make_unique<ImageSink>(folder));
}

}  // namespace veilgate::receiver
