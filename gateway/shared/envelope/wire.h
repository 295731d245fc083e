#pragma once
// Reading and writing big-endian fields of bounded buffers; private to this folder. A Reader never reads past
// its end: after the first failure every further read gives zero and ok() is false. Thread word:
// thread-bound.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace veilgate::wire {

class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  std::uint64_t unsigned_int(std::size_t width) {
    std::uint64_t value = 0;
    for (const auto b : take(width)) value = value << 8 | b;
    return value;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(unsigned_int(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(unsigned_int(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(unsigned_int(4)); }
  std::uint64_t u64() { return unsigned_int(8); }

  template <std::size_t N>
  void fill(std::array<std::uint8_t, N>& out) {
    const auto bytes = take(N);
    if (bytes.size() == N) std::copy(bytes.begin(), bytes.end(), out.begin());
  }
  /// u8 length, then that many bytes.
  std::string text() { return std::string(as_text(take(u8()))); }
  ByteView take(std::size_t count) {
    if (count > bytes_.size() - position_ || !ok_) {
      ok_ = false;
      return {};
    }
    const auto view = bytes_.subspan(position_, count);
    position_ += count;
    return view;
  }

  bool ok() const { return ok_; }
  bool done() const { return ok_ && position_ == bytes_.size(); }
  std::size_t position() const { return position_; }

 private:
  ByteView bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

class Writer {
 public:
  explicit Writer(Bytes& out) : out_(out) {}

  void unsigned_int(std::uint64_t value, std::size_t width) {
    for (std::size_t i = width; i-- > 0;) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void u8(std::uint8_t value) { out_.push_back(value); }
  void u16(std::uint16_t value) { unsigned_int(value, 2); }
  void u32(std::uint32_t value) { unsigned_int(value, 4); }
  void u64(std::uint64_t value) { unsigned_int(value, 8); }
  void bytes(ByteView view) { out_.insert(out_.end(), view.begin(), view.end()); }
  /// `text` has at most 255 bytes (checked by the caller).
  void text(std::string_view text) {
    u8(static_cast<std::uint8_t>(text.size()));
    bytes(as_bytes(text));
  }

 private:
  Bytes& out_;
};

}  // namespace veilgate::wire
