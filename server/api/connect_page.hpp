// The few pages that an end user sees: plain HTML without scripts or anything from elsewhere, but for the
// pictures of the accounts to choose from, which come from the platform that was just left. Pure functions,
// any thread.
#pragma once

#include "server/api/problem.hpp"
#include "server/http/response.hpp"
#include "server/services/branding.hpp"
#include "server/services/candidates.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::api {

struct consent_page {
    services::page_brand brand;
    std::string platform_title;
    std::string authorize_url;
};
http::response render_consent_page(consent_page const& shown);

// The form for platforms that want an app password. `problem` is what was wrong with the last try, and
// `identifier` what was typed then.
struct app_password_page {
    services::page_brand brand;
    std::string platform_title;
    std::string action; // where the form goes
    std::string problem;
    std::string identifier;
};
http::response render_app_password_page(unsigned status, app_password_page const& shown);

// The accounts that a consent reaches, one box each. `problem` is what was wrong with the last try, and
// `picked` the ids that were chosen then.
struct choice_page {
    services::page_brand brand;
    std::string platform_title;
    std::string action; // where the form goes
    std::vector<services::candidate_view> candidates;
    std::string problem;
    std::vector<std::string> picked;
};
http::response render_choice_page(unsigned status, choice_page const& shown);

// For a choice that the customer's program makes, where the session has no return URL.
http::response render_waiting_page(std::string_view platform_title);

// For the owner of an account that has to be connected again, before a session is begun.
struct reconnect_page {
    services::page_brand brand;
    std::string platform_title;
    std::string username;
    std::string action; // where the button goes
};
http::response render_reconnect_page(reconnect_page const& shown);

// How it ended, for sessions that have no return URL. `names` are those of the connected accounts.
http::response render_connected_page(std::string_view platform_title, std::vector<std::string> const& names);
http::response render_failed_page(problem const& what, std::string_view request_id);

} // namespace connectd::server::api
