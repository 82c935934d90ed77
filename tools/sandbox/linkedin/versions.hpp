// The versions of LinkedIn's REST API: a header on every call below /rest, monthly releases, each alive for
// about a year. Time decides, so a test that moves the clock sees versions end and new ones come.
//
// Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace connectd::sandbox::linkedin {

// Whether YYYYMM is released and not sunset.
bool version_is_active(std::string_view version, sys_ms now);

// The version of LinkedIn-Version as messages write it (YYYYMMDD), or the refusal: 400 without a header, 426
// for one that is not active.
std::variant<std::string, reply> read_version(call const& request, sys_ms now);

} // namespace connectd::sandbox::linkedin
