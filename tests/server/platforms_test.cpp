// What a customer's program can learn about the platforms.
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace connectd::tests {
namespace {

std::string names(answer const& got) {
    std::string list;
    auto const body = got.json();
    for (auto const& each : body.at("data").as_array()) {
        list += (list.empty() ? "" : " ") + text(each, "/name");
    }
    return list;
}

struct switches {
    bool x = true;
};

// X is switched off after the tenant has stored its app for it.
struct server_without_x : switches, whole_server {
    server_without_x()
        : whole_server{[this](server::config& settings) { settings.platforms["twitter"].enabled = x; }} {
        x = false;
        restart();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(platforms_test)

BOOST_FIXTURE_TEST_CASE(the_list_shows_every_platform_in_pages, whole_server) {
    auto const all = ask("GET", "/v1/platforms?limit=100");
    BOOST_TEST(all.status == 200U);
    BOOST_TEST(all.json().at("next_cursor").is_null());
    auto const whole = names(all);
    BOOST_TEST((" " + whole + " ").find(" bluesky ") < (" " + whole + " ").find(" x "));

    std::string joined;
    std::string query = "?limit=1";
    for (bool more = true; more;) {
        auto const part = ask("GET", "/v1/platforms" + query);
        joined += (joined.empty() ? "" : " ") + names(part);
        more = part.json().at("next_cursor").is_string();
        query = "?limit=1&cursor=" + part.text("/next_cursor");
    }
    BOOST_TEST(joined == whole);
    BOOST_TEST(refusal(ask("GET", "/v1/platforms?limit=0")) == "422 field_invalid");
    BOOST_TEST(refusal(ask("GET", "/v1/platforms?cursor=bm90LWhlcmU")) == "422 field_invalid");
    BOOST_TEST(refusal(ask("GET", "/v1/platforms?name=x")) == "422 field_invalid");
}

BOOST_FIXTURE_TEST_CASE(a_platform_says_what_it_takes_to_connect_it, whole_server) {
    auto const x = ask("GET", "/v1/platforms/x").json();
    BOOST_TEST(text(x, "/title") == "X");
    BOOST_TEST(text(x, "/connect") == "oauth2");
    BOOST_TEST(text(x, "/redirect_uri") == url() + "/v1/connect/callback/x");
    BOOST_TEST(text(x, "/refresh/model") == "rotating");
    BOOST_TEST(x.at_pointer("/refresh/access_lifetime") == 7200);
    BOOST_TEST(x.at_pointer("/refresh/refresh_lifetime").is_null());
    BOOST_TEST(text(x, "/client_authentication") == "basic");
    BOOST_TEST(text(x, "/pkce") == "S256");
    BOOST_TEST(!x.at_pointer("/scopes/default").as_array().empty());
    BOOST_TEST(x.at_pointer("/capabilities/refresh") == true);
    BOOST_TEST(x.at("available") == true);
    BOOST_TEST(x.at("wants_instance") == false);
    BOOST_TEST(x.at("credentials_required") == true);
    BOOST_TEST(x.at("credentials_configured") == true);
    auto const bluesky = ask("GET", "/v1/platforms/bluesky").json();
    BOOST_TEST(text(bluesky, "/connect") == "app_password");
    BOOST_TEST(bluesky.at("redirect_uri").is_null());
    BOOST_TEST(bluesky.at("credentials_required") == false);
    BOOST_TEST(ask("GET", "/v1/platforms/twitter").text("/name") == "x");
    BOOST_TEST(refusal(ask("GET", "/v1/platforms/myspace")) == "404 platform_not_found");
}

BOOST_FIXTURE_TEST_CASE(credentials_are_those_of_the_workspace_that_asks, whole_server) {
    auto const key = ask_as(root_key, "POST", "/v1/workspaces", {{"slug", "new"}, {"name", "New"}});
    auto const made = ask_as(root_key, "POST", "/v1/workspaces/" + key.text("/id") + "/api-keys",
                             {{"name", "all"}, {"scopes", {"credentials:read"}}});
    auto const x = ask_as(made.text("/key"), "GET", "/v1/platforms/x").json();
    BOOST_TEST(x.at("credentials_configured") == false);
    auto const narrow = make_key(home, {"accounts:read"});
    BOOST_TEST(refusal(ask_as(narrow, "GET", "/v1/platforms")) == "403 scope_missing");
    BOOST_TEST(refusal(ask_as(root_key, "GET", "/v1/platforms")) == "403 workspace_key_required");
}

BOOST_FIXTURE_TEST_CASE(a_platform_that_is_switched_off_is_refused_and_shown, server_without_x) {
    BOOST_TEST(ask("GET", "/v1/platforms/x").json().at("available") == false);
    auto const session = ask("POST", "/v1/connect/sessions", {{"platform", "twitter"}});
    BOOST_TEST(refusal(session) == "403 platform_not_available");
    BOOST_TEST(session.text("/detail").find("X is switched off") != std::string::npos);
    auto const app = ask("POST", "/v1/credentials", {{"platform", "x"}, {"client_id", "a"}});
    BOOST_TEST(refusal(app) == "403 platform_not_available");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
