// The error bodies of LinkedIn's API (autumn 2026). Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"
#include "tools/sandbox/oauth/grant_values.hpp"

#include <string_view>

namespace connectd::sandbox::linkedin {

// {"status":...,"serviceErrorCode":...,"code":...,"message":...}; a service error code of 0 is left out.
reply service_error(unsigned status, int service_error_code, std::string_view code, std::string_view message);

// 401 in the words that LinkedIn has for that token.
reply refused_token(oauth::refusal reason);
reply missing_token();

// 403; `resource` is as the message names it: "posts.CREATE.20260701".
reply access_denied(std::string_view resource);

// 429 of the limit that ends with the day, in UTC. There are no headers about it.
reply day_limit(std::string_view whose);

// 422 of one member of a body.
reply invalid_field(std::string_view pointer, std::string_view problem);

reply no_such_resource();
reply wrong_method(std::string_view allowed);

} // namespace connectd::sandbox::linkedin
