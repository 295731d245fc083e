#include "lane/unconfirmed_views.h"

#include <filesystem>

#include "crypto/key_file.h"

namespace veilgate::surveillance {
namespace {

namespace fs = std::filesystem;
constexpr Millis kUnderWay{3000};  // reports come once a second

}  // namespace

bool UnconfirmedViews::contains(const CameraId& camera) const {
  std::error_code failed;
  const auto status = fs::symlink_status(file_of(camera), failed);
  return status.type() != fs::file_type::not_found;
}

Result<bool> UnconfirmedViews::note_shifted(const CameraId& camera, UtcTime when, MonoTime now) {
  const auto confirmed = confirmed_.find(camera);
  if (confirmed != confirmed_.end() && now - confirmed->second < kUnderWay) return false;
  if (contains(camera)) return false;
  std::error_code failed;
  fs::create_directories(directory_, failed);
  if (failed) return Error(ErrorCode::kInternal, directory_ + ": " + failed.message());
  const std::string text = format_utc(when) + "\n";
  VG_CHECK(write_file_atomically(file_of(camera), as_bytes(text), 0600));
  return true;
}

Result<void> UnconfirmedViews::confirm(const CameraId& camera, MonoTime now) {
  confirmed_[camera] = now;
  std::error_code failed;
  fs::remove(file_of(camera), failed);
  if (failed) return Error(ErrorCode::kInternal, file_of(camera) + ": " + failed.message());
  return {};
}

}  // namespace veilgate::surveillance
