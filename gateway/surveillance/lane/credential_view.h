#pragma once
// One worker's view of the credentials: a directory that holds copies of its own cameras' credentials and nothing
// else (mode 0700, files 0600), made below the runtime directory, refreshed when the originals change, gone with the
// worker. Thread word: thread-bound.

#include <map>
#include <string>
#include <vector>

#include "core/result.h"

namespace veilgate::surveillance {

class CredentialView {
 public:
  /// `names` are credential names as configured. A credential that is absent is left out: the camera says so itself.
  CredentialView(std::string source_dir, std::string view_dir, std::vector<std::string> names);
  ~CredentialView();
  CredentialView(const CredentialView&) = delete;
  CredentialView& operator=(const CredentialView&) = delete;

  /// Makes the directory equal to the originals; cheap when nothing changed.
  Result<void> refresh();
  const std::string& path() const { return view_dir_; }

 private:
  Result<void> copy(const std::string& name);

  std::string source_dir_;
  std::string view_dir_;
  std::vector<std::string> names_;
  std::map<std::string, std::string> stamps_;  ///< what was copied: modification time, size, inode
};

}  // namespace veilgate::surveillance
