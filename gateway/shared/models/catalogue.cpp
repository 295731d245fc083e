#include "models/catalogue.h"

#include <array>

namespace veilgate {
namespace {

constexpr std::array kModels{
#include "models/catalogue.inc"
};

}  // namespace

std::span<const CatalogueModel> model_catalogue() { return kModels; }

const CatalogueModel* find_catalogue_model(std::string_view name) {
  for (const auto& model : kModels)
    if (model.name == name) return &model;
  return nullptr;
}

}  // namespace veilgate
