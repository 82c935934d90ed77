// The problem documents of X's API. Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <string>
#include <string_view>

namespace connectd::sandbox::x {

// {"title":...,"detail":...,"type":...,"status":...} as application/problem+json
reply problem(unsigned status, std::string_view title, std::string_view detail,
              std::string_view type = "about:blank");

// 400 with the offending parameter and its value, as the API answers what its schema does not allow.
reply invalid_parameter(std::string_view parameter, std::string_view value, std::string_view message);

// The plain problem of a status: 401 Unauthorized, 429 Too Many Requests, 503 Service Unavailable ...
reply plain_problem(unsigned status);

} // namespace connectd::sandbox::x
