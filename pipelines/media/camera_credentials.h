#pragma once
// User and password of a camera, from a credential file of two lines (systemd credential or a file with mode 0600 or
// stricter). Never part of a URL, a log line, a status or an error. Thread word: reentrant.

#include <string>

#include "core/result.h"

namespace veilgate::media {

class CameraCredentials {
 public:
  CameraCredentials() = default;
  CameraCredentials(std::string user, std::string password) : user_(std::move(user)), password_(std::move(password)) {}
  ~CameraCredentials();
  CameraCredentials(CameraCredentials&&) noexcept = default;
  CameraCredentials& operator=(CameraCredentials&&) noexcept = default;
  CameraCredentials(const CameraCredentials&) = default;
  CameraCredentials& operator=(const CameraCredentials&) = default;

  bool empty() const { return user_.empty(); }
  const std::string& user() const { return user_; }
  const std::string& password() const { return password_; }
  friend bool operator==(const CameraCredentials&, const CameraCredentials&) = default;

 private:
  std::string user_;
  std::string password_;  // wiped in the destructor
};

/// Reads <directory>/<name>. An empty name gives empty credentials. Refuses a file that others may read or write.
Result<CameraCredentials> read_camera_credentials(const std::string& directory, const std::string& name);

}  // namespace veilgate::media
