// The pretend pictures of people, which every platform serves at the same path. Pure functions, any thread.
#pragma once

#include "tools/sandbox/people.hpp"

#include <string>
#include <string_view>

namespace connectd::sandbox {

constexpr std::string_view picture_folder = "/pictures/";

// Where the picture is; `origin` is the platform's.
std::string picture_url(std::string_view origin, person const& who);

// Answers a request for one. Requires: a path in that folder.
reply picture(call const& request, people const& persons);

} // namespace connectd::sandbox
