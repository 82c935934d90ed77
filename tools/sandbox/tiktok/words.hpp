// TikTok's two layouts of an answer: flat at the OAuth endpoints, an `error` object that also says "ok"
// behind the API. Pure functions; any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace connectd::sandbox::tiktok {

// {"error":...,"error_description":...,"log_id":...}
reply oauth_error(unsigned status, std::string_view error, std::string_view description, sys_ms now);

// {"data":...,"error":{"code":"ok","message":"","log_id":...}}
reply api_success(boost::json::object data, sys_ms now);
reply api_error(unsigned status, std::string_view code, std::string_view message, sys_ms now);
reply scope_not_authorized(sys_ms now);

} // namespace connectd::sandbox::tiktok
