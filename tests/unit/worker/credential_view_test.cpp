#include "lane/credential_view.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_dir.h"

namespace veilgate::surveillance {
namespace {

class CredentialViewTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directory(dir_ / "all"); }
  void put(const std::string& name, const std::string& text, mode_t mode = 0600) {
    const std::string path = dir_ / ("all/" + name);
    std::ofstream(path + ".new") << text;
    chmod((path + ".new").c_str(), mode);
    std::rename((path + ".new").c_str(), path.c_str());
  }
  std::string seen(const std::string& name) {
    std::ifstream file(dir_ / ("view/" + name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  test::TempDir dir_;
};

TEST_F(CredentialViewTest, HoldsTheNamedOnesOnlyAndGoesWithItsOwner) {
  put("east.camera", "u\np\n");
  put("west.camera", "u\nq\n");
  {
    CredentialView view(dir_ / "all", dir_ / "view", {"east.camera", "absent.camera"});
    ASSERT_TRUE(view.refresh());
    EXPECT_EQ(seen("east.camera"), "u\np\n");
    EXPECT_FALSE(std::filesystem::exists(dir_ / "view/west.camera"));
    struct stat info{};
    ASSERT_EQ(stat((dir_ / "view").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u);
    ASSERT_EQ(stat((dir_ / "view/east.camera").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
  }
  EXPECT_FALSE(std::filesystem::exists(dir_ / "view"));
}

TEST_F(CredentialViewTest, FollowsAChangeAndARemoval) {
  put("east.camera", "u\nold\n");
  CredentialView view(dir_ / "all", dir_ / "view", {"east.camera"});
  ASSERT_TRUE(view.refresh());
  put("east.camera", "u\nnew\n");
  ASSERT_TRUE(view.refresh());
  EXPECT_EQ(seen("east.camera"), "u\nnew\n");
  std::filesystem::remove(dir_ / "all/east.camera");
  ASSERT_TRUE(view.refresh());
  EXPECT_FALSE(std::filesystem::exists(dir_ / "view/east.camera"));
}

TEST_F(CredentialViewTest, ASecretOpenToOthersIsNotHandedOn) {
  put("east.camera", "u\np\n", 0644);
  CredentialView view(dir_ / "all", dir_ / "view", {"east.camera"});
  EXPECT_FALSE(view.refresh());
  EXPECT_FALSE(std::filesystem::exists(dir_ / "view/east.camera"));
}

}  // namespace
}  // namespace veilgate::surveillance
