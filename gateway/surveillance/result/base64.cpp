#include "result/base64.h"

namespace veilgate::surveillance {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16;
    if (have > 1) group |= static_cast<std::uint32_t>(bytes[i + 1]) << 8;
    if (have > 2) group |= bytes[i + 2];
    for (std::size_t k = 0; k < 4; ++k) text += k <= have ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return Error(ErrorCode::kInvalidInput, "base64 whose length is not a multiple of four");
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    std::size_t have = 0;
    for (; have < 4 && text[i + have] != '='; ++have) {
      const std::size_t value = kAlphabet.find(text[i + have]);
      if (value == std::string_view::npos) return Error(ErrorCode::kInvalidInput, "not a base64 character");
      group |= static_cast<std::uint32_t>(value) << (18 - 6 * have);
    }
    for (std::size_t k = have; k < 4; ++k)
      if (text[i + k] != '=') return Error(ErrorCode::kInvalidInput, "base64 padding in the middle");
    if (have < 4 && i + 4 != text.size())
      return Error(ErrorCode::kInvalidInput, "base64 padding in the middle");
    if (have < 2 || (group & ((1U << (8 * (4 - have))) - 1)) != 0)
      return Error(ErrorCode::kInvalidInput, "base64 with spare bits set");
    for (std::size_t k = 0; k + 1 < have; ++k)
      bytes.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * k)));
  }
  return bytes;
}

}  // namespace veilgate::surveillance
