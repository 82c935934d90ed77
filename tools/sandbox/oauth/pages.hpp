// The pages of a pretend authorization server: consent and error. Pure functions, any thread.
#pragma once

#include "tools/sandbox/oauth/authorize_request.hpp"
#include "tools/sandbox/people.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::oauth {

// The fields by which a page tells which scopes were left ticked: the first says that it has boxes at all.
constexpr std::string_view unticking_field = "scopes-have-boxes";
constexpr std::string_view tick_prefix = "scope:";

// `parameters` travel through the form as they came, so the page needs no memory on the server.
std::string consent_page(authorize_rules const& rules, scope_catalog const& catalog,
                         authorize_request const& request, form const& parameters,
                         std::vector<std::shared_ptr<person const>> const& persons);

std::string error_page(std::string_view platform_title, std::string_view problem);

} // namespace connectd::sandbox::oauth
