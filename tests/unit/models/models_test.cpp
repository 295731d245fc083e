#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "models/install.h"
#include "models/load.h"
#include "support/temp_dir.h"

namespace veilgate {
namespace {

const Bytes kContent{'m', 'o', 'd', 'e', 'l'};

/// A catalogue entry that pins kContent.
struct Pinned {
  std::string hash = to_hex(sha256(kContent));
  CatalogueModel model{"test", "test.onnx",   hash, kContent.size(), "https://example.invalid/",
                       "none", "surveillance"};
};

TEST(Catalogue, EveryEntryIsComplete) {
  ASSERT_FALSE(model_catalogue().empty());
  for (const auto& model : model_catalogue()) {
    EXPECT_EQ(model.sha256.size(), 64U) << model.name;
    EXPECT_TRUE(from_hex(model.sha256)) << model.name;
    EXPECT_GT(model.bytes, 0U) << model.name;
    EXPECT_EQ(model.url.rfind("https://", 0), 0U) << model.name;
    EXPECT_FALSE(model.licence.empty()) << model.name;
    EXPECT_EQ(find_catalogue_model(model.name), &model);
  }
  EXPECT_EQ(find_catalogue_model("no such model"), nullptr);
}

TEST(InstallModel, WritesTheFileAndLoadsItAgain) {
  const test::TempDir directory;
  const Pinned pinned;
  const auto target = std::filesystem::path(directory / "deep/er");
  const auto file = install_model(pinned.model, kContent, target, "origin");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(*file, target / "test.onnx");
  const auto loaded = load_model(pinned.model, {{target}});
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(*loaded, kContent);
}

TEST(InstallModel, WrongHashLeavesTheInstalledFileAlone) {
  const test::TempDir directory;
  const Pinned pinned;
  ASSERT_TRUE(install_model(pinned.model, kContent, directory.path(), "origin"));
  const Bytes other{'o', 't', 'h', 'e', 'r'};
  const auto refused = install_model(pinned.model, other, directory.path(), "origin");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::kUntrusted);
  EXPECT_NE(refused.error().message().find(pinned.hash), std::string::npos);
  EXPECT_NE(refused.error().message().find(to_hex(sha256(other))), std::string::npos);
  EXPECT_TRUE(load_model(pinned.model, {{directory.path()}}));
}

TEST(InstallModel, LeavesNothingBesideTheFile) {
  const test::TempDir directory;
  const Pinned pinned;
  ASSERT_TRUE(install_model(pinned.model, kContent, directory.path(), "origin"));
  ASSERT_TRUE(install_model(pinned.model, kContent, directory.path(), "origin"));
  const auto entries = std::distance(std::filesystem::directory_iterator(directory.path()),
                                     std::filesystem::directory_iterator());
  EXPECT_EQ(entries, 1);
}

TEST(InstallModel, DirectoryThatCannotBeMadeIsSaid) {
  const test::TempDir directory;
  std::ofstream(directory / "file") << "in the way";
  const auto refused = install_model(Pinned().model, kContent, directory / "file/below", "origin");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::kPermission);
}

TEST(LoadModel, AbsentFileNamesTheCommandAndWhereItLooked) {
  const test::TempDir directory;
  const auto loaded = load_model(Pinned().model, {{directory.path()}});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), ErrorCode::kMissingPart);
  EXPECT_NE(loaded.error().message().find("veilgate models install"), std::string::npos);
  EXPECT_NE(loaded.error().message().find(directory.path()), std::string::npos);
}

TEST(LoadModel, TamperedFileIsRefused) {
  const test::TempDir directory;
  std::ofstream(directory / "test.onnx") << "Model";
  const auto loaded = load_model(Pinned().model, {{directory.path()}});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), ErrorCode::kUntrusted);
}

TEST(ModelSearchPath, OptionOutranksTheEnvironmentWhichOutranksTheDefaults) {
  const char* before = std::getenv("VEILGATE_MODELS");
  const std::string kept = before == nullptr ? "" : before;
  setenv("VEILGATE_MODELS", "/from/environment", 1);
  EXPECT_EQ(model_search_path("/from/option").directories,
            (std::vector<std::filesystem::path>{"/from/option"}));
  EXPECT_EQ(model_search_path().directories, (std::vector<std::filesystem::path>{"/from/environment"}));
  unsetenv("VEILGATE_MODELS");
  EXPECT_EQ(model_search_path().directories,
            (std::vector<std::filesystem::path>{"models/installed", "/var/lib/veilgate/models"}));
  if (before != nullptr) setenv("VEILGATE_MODELS", kept.c_str(), 1);
}

TEST(ModelSearchPath, FirstDirectoryThatHoldsTheFileWins) {
  const test::TempDir a, b;
  std::ofstream(b / "x") << "1";
  const ModelSearchPath path{{a.path(), b.path()}};
  EXPECT_EQ(path.find("x"), std::filesystem::path(b / "x"));
  std::ofstream(a / "x") << "2";
  EXPECT_EQ(path.find("x"), std::filesystem::path(a / "x"));
  EXPECT_FALSE(path.find("y"));
}

}  // namespace
}  // namespace veilgate
