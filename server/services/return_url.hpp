// Where the browser goes when a connect session ends: checked once when the session is made, extended once
// when it ends. Pure functions, any thread.
#pragma once

#include "server/services/error.hpp"
#include "server/services/settings.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::services {

// Accepts an absolute https URL, an http URL to a loopback host and the operator's own schemes (as the
// settings say); without user name or password, at most 2,048 characters. Errors: errc::return_url_refused
// with the reason.
outcome<void> check_return_url(settings const& chosen, std::string_view url);

// What a workspace names to bound its return URLs: the beginning of a URL, at least an origin. Errors:
// return_url_refused.
outcome<void> check_return_prefix(settings const& chosen, std::string_view prefix);

// Whether `url` is the prefix or lies below it: same scheme, host and port, and a path that begins with the
// prefix's, up to a slash. Requires: both passed their checks.
bool lies_below(std::string_view url, std::string_view prefix);

// `url` with `parameters` added to its query, percent-encoded; what was in the query stays, a fragment stays
// behind it. A parameter that the query already has is replaced, so that the end user's product reads ours
// and not a forged one. Requires: `url` passed check_return_url.
std::string extend_return_url(std::string_view url,
                              std::vector<std::pair<std::string, std::string>> const& parameters);

} // namespace connectd::server::services
