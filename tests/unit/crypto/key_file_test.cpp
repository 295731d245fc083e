#include "crypto/key_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace veilgate {
namespace {

class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/vg-key-XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/lane.pem";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  std::string path_;
  SigningKey key_ = SigningKey::generate().value();
};

TEST_F(KeyFile, SavesAndLoadsAPrivateKeyClosedToOthers) {
  ASSERT_TRUE(save_private_key(key_, path_, nullptr));
  struct stat facts {};
  ASSERT_EQ(::stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
  const auto loaded = load_signing_key(path_);
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->id(), key_.id());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(KeyFile, RefusesLooseModes) {
  ASSERT_TRUE(save_private_key(key_, path_, nullptr));
  for (const mode_t mode : {0604U, 0620U, 0660U, 0644U, 0601U}) {
    ::chmod(path_.c_str(), mode);
    const auto loaded = load_signing_key(path_);
    ASSERT_FALSE(loaded) << std::oct << mode;
    EXPECT_EQ(loaded.error().code(), ErrorCode::kPermission);
    EXPECT_NE(loaded.error().message().find("chmod 600"), std::string::npos);
  }
}

TEST_F(KeyFile, RefusesAnotherOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a file away";
  ASSERT_TRUE(save_private_key(key_, path_, nullptr));
  ASSERT_EQ(::chown(path_.c_str(), 65534, 65534), 0);
  const auto loaded = load_signing_key(path_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), ErrorCode::kPermission);
}

TEST_F(KeyFile, ScryptKeyOpensWithItsPassphraseOnly) {
  const auto right = SecretBytes::copy_of(as_bytes("correct horse"));
  const auto wrong = SecretBytes::copy_of(as_bytes("correct mule"));
  ASSERT_TRUE(save_private_key(key_, path_, &right));
  const auto pem = read_key_file(path_, FileSecrecy::kPrivate);
  ASSERT_TRUE(pem);
  EXPECT_NE(as_text(pem->view()).find("ENCRYPTED PRIVATE KEY"), std::string_view::npos);
  const auto loaded = load_signing_key(path_, &right);
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->id(), key_.id());
  EXPECT_EQ(load_signing_key(path_, &wrong).error().code(), ErrorCode::kPermission);
  EXPECT_EQ(load_signing_key(path_).error().code(), ErrorCode::kPermission);
}

TEST_F(KeyFile, NamesTheFileThatIsMissingOrNoKey) {
  EXPECT_EQ(load_signing_key(path_).error().code(), ErrorCode::kNotFound);
  ASSERT_TRUE(write_file_atomically(path_, as_bytes("hello"), 0600));
  const auto loaded = load_signing_key(path_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), ErrorCode::kInvalidInput);
  EXPECT_NE(loaded.error().message().find(path_), std::string::npos);
  EXPECT_EQ(load_signing_key(folder_).error().code(), ErrorCode::kPermission);  // a directory
}

TEST_F(KeyFile, AtomicWriteReplacesAndSurvivesALeftover) {
  std::ofstream(path_ + ".new") << "half";
  ASSERT_TRUE(write_file_atomically(path_, as_bytes("one"), 0644));
  ASSERT_TRUE(write_file_atomically(path_, as_bytes("two"), 0644));
  EXPECT_EQ(as_text(read_key_file(path_, FileSecrecy::kPublic)->view()), "two");
  EXPECT_EQ(write_file_atomically(folder_ + "/absent/x", as_bytes("x"), 0644).error().code(),
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace veilgate
