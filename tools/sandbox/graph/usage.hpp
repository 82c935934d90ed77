// How Graph APIs announce and enforce limits: percentages in X-App-Usage for tokens of people and in
// X-Business-Use-Case-Usage for those of pages and accounts. The headers come only after some traffic, and on
// errors too.
//
// Values and pure functions; any thread.
#pragma once

#include "tools/sandbox/graph/error.hpp"
#include "tools/sandbox/rate_limits.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::sandbox::graph {

// Whose limit a call counts against.
struct usage_subject {
    std::string_view client_id;
    std::string_view object{};   // a page or an account; empty: the app alone
    std::string_view use_case{}; // "pages", "instagram", where there is an object
};

struct usage {
    std::vector<std::pair<std::string, std::string>> headers{};
    std::optional<graph_error> throttled{};
};

// Counts a call. Requires: nobody else counts in `limits` under the numbers 400 and 401.
usage count_call(rate_limits& limits, usage_subject const& whose, sys_ms now);

// What a throttled call announces, for troubles that say there were too many.
std::vector<std::pair<std::string, std::string>> used_up(usage_subject const& whose);

} // namespace connectd::sandbox::graph
