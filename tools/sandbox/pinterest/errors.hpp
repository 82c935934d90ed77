// The error bodies of Pinterest's API v5: a number and a text, at the token endpoint too. Pure functions, any
// thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <string_view>

namespace connectd::sandbox::pinterest {

// {"code":...,"message":...,"status":"failure"}
reply failure(unsigned status, int code, std::string_view message);

reply authentication_failed();                      // 401, code 2
reply restricted_feature(std::string_view feature); // 401, code 3: not a dead token
reply invalid_grant();                              // 401, code 283: code or refresh token
reply not_permitted();                              // 403, code 29
reply invalid_request(std::string_view problem);    // 400, code 1
reply board_not_found();                            // 404, code 40
reply rate_limited();                               // 429, code 8
reply not_found();
reply wrong_method(std::string_view allowed);

} // namespace connectd::sandbox::pinterest
