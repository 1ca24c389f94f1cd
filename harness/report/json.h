// result.json: the result as a file, for gates, renderers and later comparisons.
// Its form is results/result.schema.json.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "report/result.h"

namespace splitstrip {

// The document, indented, with a newline at its end. JSON holds text only: bytes of a consumer that
// are not UTF-8 become U+FFFD here (the fact lists keep them).
std::string to_json(const Result& result);

// Reads what to_json() wrote. `origin` names the document in messages. Throws Error if it is no
// JSON, of another schema version, or holds anything that the schema does not allow.
Result result_from_json(std::string_view text, const std::string& origin);

// Throws Error if `path` cannot be read; result.json is limited to 1 GiB.
Result read_result(const std::filesystem::path& path);

}  // namespace splitstrip
