#include "config/credentials.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include <sys/stat.h>
#include <unistd.h>

#include "config/findings.h"

namespace veilgate {
namespace {

enum class FileKind { kSecret, kPublic };

struct Needed {
  std::string name;
  FileKind kind;
  bool pem;
};

std::string lower(std::string_view text) {
  std::string out;
  for (char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::vector<Needed> needed_files(const Config& config) {
  std::vector<Needed> files;
  std::set<std::string> cameras;
  for (const auto& camera : config.cameras)
    if (!camera.source.credentials.empty()) cameras.insert(camera.source.credentials);
  for (const auto& station : config.stations)
    if (!station.source.credentials.empty()) cameras.insert(station.source.credentials);
  for (const auto& name : cameras) files.push_back({name, FileKind::kSecret, false});
  if (config.uplink.brokers.empty()) return files;
  for (const char* name : {"uplink.key.pem", "uplink.sm2.key.pem", "lane-surveillance.sm2.key.pem"})
    files.push_back({name, FileKind::kSecret, true});
  for (const char* name :
       {"uplink.ca.pem", "uplink.cert.pem", "platform.enc.pub.pem", "platform.sign.pub.pem"})
    files.push_back({name, FileKind::kPublic, true});
  return files;
}

std::string mode_text(mode_t mode) {
  char out[8];
  std::snprintf(out, sizeof out, "%04o", static_cast<unsigned>(mode & 07777));
  return out;
}

/// Existence, kind, owner and mode. False when there is no sense in reading on.
bool check_file(const Needed& needed, const std::string& path, Findings& findings) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) {
    findings.error("credential_missing", path, {"缺少该凭据文件", "this credential file is missing"});
    return false;
  }
  if (!S_ISREG(status.st_mode)) {
    findings.error("credential_not_a_file", path, {"不是普通文件", "not a regular file"});
    return false;
  }
  if (status.st_uid != 0 && status.st_uid != geteuid())
    findings.error("credential_owner", path,
                   {"文件属于另一个用户：应属于 root 或运行网关的用户",
                    "the file belongs to another user: it must belong to root or to the gateway's user"});
  const mode_t forbidden = needed.kind == FileKind::kSecret ? 077 : 022;
  if ((status.st_mode & forbidden) != 0)
    findings.error(
        "credential_mode", path,
        {"权限为 " + mode_text(status.st_mode) + "，他人可" +
             (needed.kind == FileKind::kSecret ? "读" : "改") + "：请执行 chmod " +
             (needed.kind == FileKind::kSecret ? "0400" : "0444") + "，其中的秘密若已暴露请更换",
         "mode " + mode_text(status.st_mode) + " lets others " +
             (needed.kind == FileKind::kSecret ? "use" : "change") + " it: chmod " +
             (needed.kind == FileKind::kSecret ? "0400" : "0444") + ", and replace what was exposed"});
  if (access(path.c_str(), R_OK) == 0) return true;
  findings.error("credential_unreadable", path, {"当前用户无法读取", "this user cannot read it"});
  return false;
}

void check_pem(const std::string& path, Findings& findings) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line))
    if (line.rfind("-----BEGIN ", 0) == 0) return;
  findings.error("credential_not_pem", path,
                 {"不是 PEM 文件（没有 -----BEGIN 行）", "not a PEM file (no -----BEGIN line)"});
}

void check_login(const std::string& path, Findings& findings) {
  std::ifstream file(path);
  std::string user, password;
  std::getline(file, user);
  std::getline(file, password);
  for (auto* text : {&user, &password})
    if (!text->empty() && text->back() == '\r') text->pop_back();
  if (user.empty())
    findings.error("credential_form", path, {"应为两行：用户名、口令", "expected two lines: user, password"});
  else if (is_default_credential(user, password))
    findings.error(
        "default_credential", path,
        {"口令为空、为出厂口令或与用户名相同：请在摄像机上更换后写入",
         "the password is empty, a factory one, or the user's name: change it on the camera, then here"},
        "R-051");
  explicit_bzero(user.data(), user.size());
  explicit_bzero(password.data(), password.size());
}

}  // namespace

bool is_default_credential(std::string_view user, std::string_view password) {
  static const std::set<std::string> users{"admin",    "administrator", "root",    "user",   "guest",
                                           "operator", "supervisor",    "service", "666666", "888888",
                                           "default",  "ubnt",          "viewer",  "system"};
  static const std::set<std::string> passwords{
      "admin",         "admin1",   "admin12",   "admin123",  "admin1234", "admin12345", "admin123456",
      "administrator", "root",     "root123",   "1111",      "11111",     "111111",     "1111111",
      "11111111",      "0000",     "00000",     "000000",    "00000000",  "123",        "1234",
      "12345",         "123456",   "1234567",   "12345678",  "123456789", "1234567890", "54321",
      "654321",        "4321",     "666666",    "888888",    "9999",      "99999999",   "password",
      "pass",          "passwd",   "p@ssw0rd",  "guest",     "user",      "operator",   "service",
      "supervisor",    "system",   "camera",    "default",   "ubnt",      "meinsm",     "ikwb",
      "jvc",           "wbox123",  "fliradmin", "abcd1234",  "hik12345",  "hikvision",  "dahua",
      "tlJwpbo6",      "smcadmin", "qwerty",    "admin@123", "admin888",  "a123456",    "hk123456"};
  if (password.empty() || lower(user) == lower(password)) return true;
  return users.count(lower(user)) != 0 &&
         (passwords.count(lower(password)) != 0 || passwords.count(std::string(password)) != 0);
}

std::vector<Problem> check_credentials(const Config& config, const std::string& directory) {
  Findings findings;
  const auto files = needed_files(config);
  std::error_code failed;
  if (!files.empty() && !std::filesystem::is_directory(directory, failed)) {
    findings.error("credentials_directory_missing", directory,
                   {"没有该凭据目录：请用 --credentials 指定",
                    "there is no such credentials directory: name it with --credentials"});
    return findings.take();
  }
  for (const auto& needed : files) {
    const std::string path = (std::filesystem::path(directory) / needed.name).string();
    if (!check_file(needed, path, findings)) continue;
    if (needed.pem)
      check_pem(path, findings);
    else
      check_login(path, findings);
  }
  return findings.take();
}

}  // namespace veilgate
