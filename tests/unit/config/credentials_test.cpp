#include "config/credentials.h"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config_text.h"

namespace veilgate {
namespace {

namespace fs = std::filesystem;

/// A credentials directory that has everything the sample needs; tests spoil one file.
class Credentials : public testing::Test {
 protected:
  Credentials() {
    std::string name = (fs::temp_directory_path() / "veilgate-credentials-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    put("gate-east.camera", "viewer-7\nkR7-unusual-9\n", fs::perms::owner_read);
    for (const char* key : {"uplink.key.pem", "uplink.sm2.key.pem", "lane-surveillance.sm2.key.pem"})
      put(key, "-----BEGIN TEST KEY-----\n-----END TEST KEY-----\n",
          fs::perms::owner_read | fs::perms::owner_write);
    for (const char* open :
         {"uplink.ca.pem", "uplink.cert.pem", "platform.enc.pub.pem", "platform.sign.pub.pem"})
      put(open, "-----BEGIN TEST-----\n-----END TEST-----\n", fs::perms(0644));
  }
  ~Credentials() override { fs::remove_all(folder_); }

  void put(const std::string& name, const std::string& text, fs::perms mode) {
    fs::remove(folder_ / name);
    std::ofstream(folder_ / name) << text;
    fs::permissions(folder_ / name, mode);
  }
  std::vector<Problem> check() const {
    const auto loaded = parse_config(sample(), "t");
    return check_credentials(*loaded.config, folder_.string());
  }
  void expect_only(const char* code, const char* file) const {
    const auto problems = check();
    ASSERT_EQ(problems.size(), 1u) << (problems.empty() ? "" : problems[0].message + problems[1].message);
    EXPECT_EQ(problems[0].code, code);
    EXPECT_EQ(problems[0].path, (folder_ / file).string());
  }
  fs::path folder_;
};

TEST_F(Credentials, AreGoodWhenAllIsThere) { EXPECT_TRUE(check().empty()); }

TEST_F(Credentials, EveryNeededFileIsMissedByName) {
  for (const char* name :
       {"gate-east.camera", "uplink.key.pem", "uplink.sm2.key.pem", "lane-surveillance.sm2.key.pem",
        "uplink.ca.pem", "uplink.cert.pem", "platform.enc.pub.pem", "platform.sign.pub.pem"}) {
    fs::rename(folder_ / name, folder_ / "away");
    expect_only("credential_missing", name);
    fs::rename(folder_ / "away", folder_ / name);
  }
}

TEST_F(Credentials, ADirectoryThatIsNotThereIsOneProblem) {
  const auto loaded = parse_config(sample(), "t");
  const auto problems = check_credentials(*loaded.config, (folder_ / "nowhere").string());
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].code, "credentials_directory_missing");
}

TEST_F(Credentials, ASecretThatOthersCanReadIsRefused) {
  for (const unsigned mode : {0440u, 0404u, 0644u, 0420u}) {
    put("gate-east.camera", "viewer-7\nkR7-unusual-9\n", fs::perms(mode));
    expect_only("credential_mode", "gate-east.camera");
  }
}

TEST_F(Credentials, ACertificateThatOthersCanChangeIsRefused) {
  put("uplink.ca.pem", "-----BEGIN TEST-----\n", fs::perms(0666));
  expect_only("credential_mode", "uplink.ca.pem");
}

TEST_F(Credentials, AFolderIsNoFileAndTextIsNoPem) {
  fs::remove(folder_ / "uplink.cert.pem");
  fs::create_directory(folder_ / "uplink.cert.pem");
  expect_only("credential_not_a_file", "uplink.cert.pem");
  fs::remove(folder_ / "uplink.cert.pem");
  put("uplink.cert.pem", "certificate\n", fs::perms(0644));
  expect_only("credential_not_pem", "uplink.cert.pem");
}

TEST_F(Credentials, AFactoryPasswordIsRefusedAndNeverRepeated) {
  put("gate-east.camera", "admin\nhik12345\n", fs::perms::owner_read);
  expect_only("default_credential", "gate-east.camera");
  const auto problem = check().front();
  EXPECT_EQ(problem.requirement, "R-051");
  EXPECT_EQ((problem.message + problem.message_zh).find("hik12345"), std::string::npos);
  put("gate-east.camera", "viewer\r\nviewer\r\n", fs::perms::owner_read);
  expect_only("default_credential", "gate-east.camera");
  put("gate-east.camera", "", fs::perms::owner_read);
  expect_only("credential_form", "gate-east.camera");
}

TEST(DefaultCredential, KnowsTheFactoryPairs) {
  for (const auto& [user, password] : {std::pair{"admin", "admin"},
                                       {"admin", "12345"},
                                       {"Admin", "123456"},
                                       {"root", "pass"},
                                       {"admin", ""},
                                       {"camera9", "camera9"},
                                       {"888888", "888888"},
                                       {"ADMIN", "Admin123"}})
    EXPECT_TRUE(is_default_credential(user, password)) << user << "/" << password;
  EXPECT_FALSE(is_default_credential("admin", "kR7-unusual-9"));
  EXPECT_FALSE(is_default_credential("gate-viewer", "T5-quiet-lake"));
}

TEST(NoUplink, NeedsNoKeys) {
  const auto loaded = parse_config(without_line(without_line(sample(), "uplink:"), "authority_ref"), "t");
  ASSERT_TRUE(loaded.config) << listed(loaded);
  Config config = *loaded.config;
  config.cameras[0].source.credentials.clear();
  EXPECT_TRUE(check_credentials(config, "/nonexistent").empty());
}

}  // namespace
}  // namespace veilgate
