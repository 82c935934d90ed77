// How a Mastodon instance says no, and bodies that may be a form or JSON. Pure functions; any thread.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/message.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace connectd::sandbox::mastodon {

// {"error":...}: the whole of an API error.
reply api_error(unsigned status, std::string_view error);

// The parameters of a form or of a JSON object, whose arrays repeat a name as "name[]". Nothing for a body
// that is neither.
std::optional<form> read_body(call const& request);

// All values of a list parameter, given once, or several times as "name[]".
std::vector<std::string> all_of(form const& body, std::string_view name);

} // namespace connectd::sandbox::mastodon
