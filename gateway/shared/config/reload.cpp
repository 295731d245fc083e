#include "config/reload.h"

#include <algorithm>

#include "config/sections.h"

namespace veilgate {
namespace {

/// Walks the table over two objects of one section at once.
class Comparison {
 public:
  void compare(const Section& section, const void* before, const void* after, const std::string& path) {
    for (const auto& field : section.fields) compare(field, before, after, child_path(path, field.key));
  }
  std::vector<Change> take() { return std::move(changes_); }

 private:
  void compare(const Field& field, const void* before, const void* after, const std::string& path) {
    switch (field.shape) {
      case FieldShape::kLeaf:
        return add(path, field.show(before), field.show(after), field.reload);
      case FieldShape::kList:
        return compare_lists(field, before, after, path);
      case FieldShape::kSection:
      case FieldShape::kOptionalSection:
        break;
    }
    // What the defaults change shows in the cameras that take them over.
    if (path == "surveillance.defaults") return;
    const void* old_part = field.part(before);
    const void* new_part = field.part(after);
    if (old_part && new_part)
      compare(*field.section, old_part, new_part, path);
    else if (old_part || new_part)
      add(path, old_part ? field.key : "", new_part ? field.key : "", field.reload);
  }

  void compare_lists(const Field& field, const void* before, const void* after, const std::string& path) {
    const auto old_list = field.elements(before), new_list = field.elements(after);
    for (const auto& old_one : old_list) {
      const Scope scope(*this, path, old_one.id);
      if (const auto* same = find(new_list, old_one.id))
        compare(*field.section, old_one.object, same->object, path + "[" + old_one.id + "]");
      else
        add(path + "[" + old_one.id + "]", old_one.id, "", field.reload);
    }
    for (const auto& new_one : new_list) {
      const Scope scope(*this, path, new_one.id);
      if (!find(old_list, new_one.id)) add(path + "[" + new_one.id + "]", "", new_one.id, field.reload);
    }
  }

  /// While inside one camera, changes carry its id.
  struct Scope {
    Scope(Comparison& owner, const std::string& path, const std::string& id) : comparison(owner) {
      mine = path == "surveillance.cameras";
      if (mine) comparison.camera_ = id;
    }
    ~Scope() {
      if (mine) comparison.camera_.clear();
    }
    Comparison& comparison;
    bool mine = false;
  };

  static const ListElement* find(const std::vector<ListElement>& list, const std::string& id) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const ListElement& e) { return e.id == id; });
    return found == list.end() ? nullptr : &*found;
  }

  void add(const std::string& path, const std::string& before, const std::string& after, Reload reload) {
    if (before != after) changes_.push_back({path, camera_, before, after, reload});
  }

  std::vector<Change> changes_;
  std::string camera_;
};

}  // namespace

const char* to_string(Reload reload) {
  switch (reload) {
    case Reload::kLive:
      return "live";
    case Reload::kCamera:
      return "camera";
    case Reload::kRestart:
      return "restart";
  }
  return "";
}

std::vector<Change> compare(const Config& running, const Config& candidate) {
  Comparison comparison;
  comparison.compare(config_section(), &running, &candidate, "");
  return comparison.take();
}

}  // namespace veilgate
