#pragma once
// A pipeline description: a text file (pipelines/*.pipeline) that says how the pictures of one kind of source are
// decoded. An integrator may edit a copy, for a hardware decoder for example, and name it in the configuration as
// `source.pipeline`. What it builds is judged by media/graph_guard.h.
//
//   # comment
//   source:          filesrc name=source          must contain exactly one element named "source"
//   container.mp4:   qtdemux                      per container of a file: the element that takes it apart
//   codec.h264:      h264parse ! avdec_h264 …     per codec: from the coded stream to pictures
//   masked:          vgprivacymask name=mask ! appsink name=analysis
//
// A line that begins with a blank continues the one before. Addresses and credentials never stand in the text: the
// gateway sets them as properties of the element named "source" at run time.
//
// Thread word: reentrant.

#include <map>
#include <string>
#include <vector>

#include "config/config.h"
#include "core/result.h"

namespace veilgate::media {

struct PipelineDescription {
  std::string name;  ///< for messages: the file, or "file.pipeline (shipped)"
  std::string source;
  std::map<std::string, std::string> containers;
  std::map<std::string, std::string> codecs;
  std::string masked;
};

/// Errors: kInvalidInput with name and line.
Result<PipelineDescription> parse_description(const std::string& text, const std::string& name);

struct ShippedDescription {
  const char* name;  ///< "file.pipeline"
  const char* text;
};
/// The descriptions in pipelines/, embedded at build time.
const std::vector<ShippedDescription>& shipped_descriptions();

/// The file that the configuration names, else the shipped one for the kind of source.
Result<PipelineDescription> description_for(const SourceConfig& source);

}  // namespace veilgate::media
