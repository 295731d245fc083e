// config/schema.json and config/reference.md are what the table says, and the shipped examples are good.

#include "config/documentation.h"

#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config/sections.h"
#include "config_text.h"

namespace veilgate {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(VG_SOURCE_DIR) / "config";

TEST(ConfigDocumentation, TheSchemaFileIsWhatTheTableSays) {
  EXPECT_TRUE(read_text(kFolder / "schema.json") == config_json_schema())
      << "run: veilgate check --print-schema > config/schema.json";
}

TEST(ConfigDocumentation, TheReferenceFileIsWhatTheTableSays) {
  EXPECT_TRUE(read_text(kFolder / "reference.md") == config_reference_markdown())
      << "run: veilgate check --print-reference > config/reference.md";
}

void for_each_field(const Section& section, const std::function<void(const Field&)>& visit) {
  for (const auto& field : section.fields) {
    visit(field);
    if (field.section) for_each_field(*field.section, visit);
  }
}

TEST(ConfigDocumentation, EveryKeySaysWhatItMeansInBothLanguages) {
  int keys = 0;
  for_each_field(config_section(), [&](const Field& field) {
    ++keys;
    EXPECT_FALSE(field.meaning.zh.empty()) << field.key;
    EXPECT_FALSE(field.meaning.en.empty()) << field.key;
    if (field.shape == FieldShape::kLeaf) {
      EXPECT_FALSE(field.allowed.zh.empty() || field.allowed.en.empty()) << field.key;
      EXPECT_TRUE(nlohmann::json::accept(field.schema)) << field.key << ": " << field.schema;
    }
  });
  EXPECT_GT(keys, 100);
}

TEST(ConfigDocumentation, EverySchemaReferenceHasItsDefinition) {
  const auto schema = nlohmann::json::parse(config_json_schema());
  int references = 0;
  const std::function<void(const nlohmann::json&)> visit = [&](const nlohmann::json& node) {
    if (node.is_object() && node.contains("$ref")) {
      const std::string name = node["$ref"].get<std::string>().substr(8);
      EXPECT_TRUE(schema["$defs"].contains(name)) << name;
      ++references;
    }
    if (node.is_structured())
      for (const auto& child : node) visit(child);
  };
  visit(schema);
  EXPECT_GT(references, 20);
}

class ShippedExample : public testing::TestWithParam<const char*> {};

TEST_P(ShippedExample, IsGoodWithoutAWarning) {
  const auto loaded = load_config((kFolder / "examples" / GetParam()).string());
  EXPECT_EQ(listed(loaded), "");
  ASSERT_TRUE(loaded.config);
  EXPECT_FALSE(loaded.config->cameras.empty());
}

INSTANTIATE_TEST_SUITE_P(Config, ShippedExample,
                         testing::Values("residential.yaml", "office.yaml", "demo.yaml"),
                         [](const auto& param_info) {
                           const std::string name = param_info.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace veilgate
