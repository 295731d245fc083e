#include "media/description.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace veilgate::media {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

class Parser {
 public:
  explicit Parser(std::string name) { description_.name = std::move(name); }

  Result<void> line(const std::string& raw) {
    ++number_;
    const std::string text = trimmed(raw);
    if (text.empty() || text[0] == '#') return {};
    if (raw[0] == ' ' || raw[0] == '\t') {
      if (!current_) return wrong("a continuation without a line before it");
      *current_ += (current_->empty() ? "" : " ") + text;
      return {};
    }
    const auto colon = text.find(':');
    if (colon == std::string::npos) return wrong("expected 'key: elements'");
    return assign(trimmed(text.substr(0, colon)), trimmed(text.substr(colon + 1)));
  }

  Result<PipelineDescription> finish() {
    if (description_.source.empty()) return missing("source");
    if (description_.masked.empty()) return missing("masked");
    if (description_.codecs.empty()) return missing("codec.<name>");
    return std::move(description_);
  }

 private:
  Error wrong(const std::string& why) const {
    return Error(ErrorCode::kInvalidInput, description_.name + ":" + std::to_string(number_) + ": " + why);
  }
  Error missing(const std::string& key) const {
    return Error(ErrorCode::kInvalidInput, description_.name + ": the line '" + key + ":' is missing");
  }

  Result<void> assign(const std::string& key, const std::string& value) {
    if (!keys_.emplace(key, number_).second)
      return wrong("'" + key + "' stands a second time (first in line " + std::to_string(keys_[key]) + ")");
    if (key == "source") {
      current_ = &description_.source;
    } else if (key == "masked") {
      current_ = &description_.masked;
    } else if (key.rfind("container.", 0) == 0) {
      current_ = &description_.containers[key.substr(10)];
    } else if (key.rfind("codec.", 0) == 0) {
      current_ = &description_.codecs[key.substr(6)];
    } else {
      return wrong("unknown key '" + key + "'; allowed: source, container.<name>, codec.<name>, masked");
    }
    *current_ = value;
    return {};
  }

  PipelineDescription description_;
  std::map<std::string, int> keys_;
  std::string* current_ = nullptr;
  int number_ = 0;
};

}  // namespace

Result<PipelineDescription> parse_description(const std::string& text, const std::string& name) {
  Parser parser(name);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) VG_CHECK(parser.line(line));
  return parser.finish();
}

Result<PipelineDescription> description_for(const SourceConfig& source) {
  if (!source.pipeline.empty()) {
    std::ifstream file(source.pipeline);
    std::stringstream text;
    if (!file || !(text << file.rdbuf()))
      return Error(ErrorCode::kNotFound, "pipeline description " + source.pipeline + " cannot be read");
    return parse_description(text.str(), source.pipeline);
  }
  const std::string wanted = !source.rtsp.empty()   ? "rtsp.pipeline"
                             : !source.v4l2.empty() ? "v4l2.pipeline"
                                                    : "file.pipeline";
  const auto& all = shipped_descriptions();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& d) { return wanted == d.name; });
  if (found == all.end()) return Error(ErrorCode::kInternal, wanted + " is not built in");
  return parse_description(found->text, wanted + " (shipped)");
}

}  // namespace veilgate::media
