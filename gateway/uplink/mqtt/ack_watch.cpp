#include "mqtt/ack_watch.h"

#include <algorithm>
#include <mutex>

#include <dlfcn.h>
#include <openssl/ssl.h>

#include "core/assert.h"

namespace veilgate::uplink {
namespace {

constexpr std::uint8_t kPuback = 4;  // MQTT 5, 2.1.2

std::mutex mutex;
const void* watched = nullptr;
AckScanner scanner;

void note(const void* ssl, ByteView bytes) {
  const std::lock_guard lock(mutex);
  if (ssl == watched) scanner.feed(bytes);
}

}  // namespace

void AckScanner::feed(ByteView bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t byte = bytes[i];
    switch (state_) {
      case State::kType:
        puback_ = byte >> 4 == kPuback;
        state_ = State::kLength;
        remaining_ = position_ = 0;
        shift_ = 0;
        break;
      case State::kLength:
        remaining_ |= static_cast<std::uint32_t>(byte & 0x7f) << shift_;
        shift_ += 7;
        if (!(byte & 0x80) || shift_ >= 28) state_ = remaining_ == 0 ? State::kType : State::kBody;
        break;
      case State::kBody:
        if (puback_) {
          body_byte(byte);
        } else {  // somebody's message: stepped over
          const auto step = std::min<std::size_t>(remaining_ - position_, bytes.size() - i);
          position_ += static_cast<std::uint32_t>(step);
          i += step - 1;
        }
        if (position_ == remaining_) state_ = State::kType;
        break;
    }
  }
}

void AckScanner::body_byte(std::uint8_t byte) {
  if (position_ < head_.size()) head_[position_] = byte;
  if (++position_ == 3 && head_[2] != 0) reasons_[head_[0] << 8 | head_[1]] = head_[2];
}

int AckScanner::take(int id) {
  const auto found = reasons_.find(id);
  if (found == reasons_.end()) return 0;
  const int reason = found->second;
  reasons_.erase(found);
  return reason;
}

void watch_acknowledgements_of(const void* ssl) {
  const std::lock_guard lock(mutex);
  watched = ssl;
  scanner = AckScanner{};
}

int take_acknowledgement_reason(int packet_id) {
  const std::lock_guard lock(mutex);
  return scanner.take(packet_id);
}

}  // namespace veilgate::uplink

// Stands before the library's function of the same name for everything in this process.
extern "C" __attribute__((visibility("default"))) int SSL_read(SSL* ssl, void* buffer, int size) {
  using Read = int (*)(SSL*, void*, int);
  static const auto real = reinterpret_cast<Read>(dlsym(RTLD_NEXT, "SSL_read"));
  VG_ASSERT(real != nullptr);
  const int got = real(ssl, buffer, size);
  if (got > 0)
    veilgate::uplink::note(ssl, {static_cast<const std::uint8_t*>(buffer), static_cast<std::size_t>(got)});
  return got;
}
