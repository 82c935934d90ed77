// The pages of the pretend X: consent and error. Pure functions, any thread.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/x/authorize_request.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::x {

// `parameters` travel through the form as they came, so the page needs no memory on the server.
std::string consent_page(authorize_request const& request, form const& parameters,
                         std::vector<std::shared_ptr<person const>> const& persons);

std::string error_page(std::string_view problem);

} // namespace connectd::sandbox::x
