#include "models/install.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/language.h"
#include "models/load.h"

namespace veilgate {
namespace {

Error cannot_write(const std::filesystem::path& file, int error) {
  return Error(ErrorCode::kPermission,
               file.string() + say("：无法写入：", ": cannot be written: ") + std::strerror(error));
}

bool write_all(int descriptor, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return ::fchmod(descriptor, 0644) == 0 && ::fsync(descriptor) == 0;  // models are no secret
}

/// A file of its own name beside the final one, so that the rename stays within one file system.
Result<std::string> write_beside(const std::filesystem::path& file, ByteView bytes) {
  std::string name = file.string() + ".XXXXXX";
  const int descriptor = ::mkstemp(name.data());
  if (descriptor < 0) return cannot_write(file, errno);
  const bool written = write_all(descriptor, bytes);
  const int error = errno;
  ::close(descriptor);
  if (written) return name;
  ::unlink(name.c_str());
  return cannot_write(file, error);
}

}  // namespace

Result<std::filesystem::path> install_model(const CatalogueModel& model, ByteView bytes,
                                            const std::filesystem::path& directory,
                                            const std::string& origin) {
  VG_CHECK(check_model(model, bytes, origin));
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) return cannot_write(directory, failure.value());
  const std::filesystem::path file = directory / model.file_name;
  VG_TRY(const std::string beside, write_beside(file, bytes));
  if (::rename(beside.c_str(), file.c_str()) == 0) return file;
  const int error = errno;
  ::unlink(beside.c_str());
  return cannot_write(file, error);
}

}  // namespace veilgate
