// Reads a platform file. Strict, because a misspelt member that is silently ignored becomes a riddle weeks
// later: unknown members, wrong types, duplicates and contradictions are problems, and all of them are
// reported at once. Functions only; callable from any thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/problem.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace connectd::platforms {

// `parsed` is meaningful only when `problems` is empty.
struct parsed_descriptor {
    descriptor parsed;
    std::vector<problem> problems;
};

// `file` is only named in problems.
parsed_descriptor parse_descriptor(std::string_view json, std::string_view file);

// Overrides one endpoint by its name (`token_url`, `plc_url`). Returns what is wrong as one sentence, else an
// empty text. Plain http is accepted here: whoever writes it into the config says so.
std::string override_endpoint(descriptor& platform, std::string_view endpoint, std::string_view url);

} // namespace connectd::platforms
