#pragma once
// What the table says, for editors and for people: config/schema.json and config/reference.md are these two
// texts, and a test compares them. Thread word: reentrant.

#include <string>

namespace veilgate {

std::string config_json_schema();         ///< JSON Schema 2020-12 of the configuration file
std::string config_reference_markdown();  ///< every key in Chinese and English

}  // namespace veilgate
