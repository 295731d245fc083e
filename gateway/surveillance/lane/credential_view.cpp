#include "lane/credential_view.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include "crypto/key_file.h"

namespace veilgate::surveillance {
namespace {

namespace fs = std::filesystem;

/// Changes whenever the file is written or replaced; empty when it is absent.
std::string stamp_of(const std::string& path) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return "";
  return std::to_string(info.st_mtim.tv_sec) + '.' + std::to_string(info.st_mtim.tv_nsec) + '/' +
         std::to_string(info.st_size) + '/' + std::to_string(info.st_ino);
}

}  // namespace

CredentialView::CredentialView(std::string source_dir, std::string view_dir, std::vector<std::string> names)
    : source_dir_(std::move(source_dir)), view_dir_(std::move(view_dir)), names_(std::move(names)) {}

CredentialView::~CredentialView() {
  std::error_code ignored;
  fs::remove_all(view_dir_, ignored);
}

Result<void> CredentialView::refresh() {
  std::error_code failed;
  if (!fs::exists(view_dir_, failed)) {
    fs::create_directories(fs::path(view_dir_).parent_path(), failed);
    if (mkdir(view_dir_.c_str(), 0700) != 0)
      return Error(ErrorCode::kInternal, view_dir_ + ": " + std::strerror(errno));
    stamps_.clear();
  }
  for (const auto& name : names_) VG_CHECK(copy(name));
  return {};
}

Result<void> CredentialView::copy(const std::string& name) {
  const std::string source = source_dir_ + '/' + name;
  const std::string stamp = stamp_of(source);
  if (stamp == stamps_[name]) return {};
  stamps_[name] = stamp;
  const std::string target = view_dir_ + '/' + name;
  if (stamp.empty()) {
    unlink(target.c_str());
    return {};
  }
  VG_TRY(const auto secret, read_key_file(source, FileSecrecy::kPrivate));
  return write_file_atomically(target, secret.view(), 0600);
}

}  // namespace veilgate::surveillance
