#include "media/camera_credentials.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace veilgate::media {

CameraCredentials::~CameraCredentials() { explicit_bzero(password_.data(), password_.size()); }

Result<CameraCredentials> read_camera_credentials(const std::string& directory, const std::string& name) {
  if (name.empty()) return CameraCredentials{};
  const std::string path = directory + "/" + name;
  struct stat info {};
  if (stat(path.c_str(), &info) != 0)
    return Error(ErrorCode::kNotFound, "camera credential " + path + ": " + std::strerror(errno) +
                                           "; write user and password on two lines and chmod 600 it");
  if (info.st_mode & (S_IRWXG | S_IRWXO))
    return Error(ErrorCode::kPermission, "camera credential " + path + " may be read by others; chmod 600 it");
  if (info.st_uid != geteuid() && info.st_uid != 0)
    return Error(ErrorCode::kPermission, "camera credential " + path + " belongs to another user; chown it");
  std::ifstream file(path);
  std::string user, password;
  if (!std::getline(file, user) || !std::getline(file, password) || user.empty() || user.find(':') != std::string::npos)
    return Error(ErrorCode::kInvalidInput, "camera credential " + path +
                                               ": the first line must be the user (without ':'), the second the password");
  for (auto* line : {&user, &password})
    if (!line->empty() && line->back() == '\r') line->pop_back();
  return CameraCredentials(std::move(user), std::move(password));
}

}  // namespace veilgate::media
