// The few pages that an end user sees: plain HTML without scripts or anything from elsewhere. Pure functions,
// any thread.
#pragma once

#include "server/api/problem.hpp"
#include "server/http/response.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::api {

struct consent_page {
    std::string workspace_name;
    std::string platform_title;
    std::string authorize_url;
};
http::response render_consent_page(consent_page const& shown);

// The form for platforms that want an app password. `problem` is what was wrong with the last try, and
// `identifier` what was typed then.
struct app_password_page {
    std::string workspace_name;
    std::string platform_title;
    std::string action; // where the form goes
    std::string problem;
    std::string identifier;
};
http::response render_app_password_page(unsigned status, app_password_page const& shown);

// How it ended, for sessions that have no return URL.
http::response render_connected_page(std::string_view platform_title, std::string_view username);
http::response render_failed_page(problem const& what, std::string_view request_id);

} // namespace connectd::server::api
