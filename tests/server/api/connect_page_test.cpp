#include "server/api/connect_page.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::server::api {
namespace {

constexpr std::string_view hostile = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;";

// `pictures` where the page shows accounts to choose from.
void check_page(http::response const& answer, unsigned status, bool pictures = false) {
    BOOST_TEST(answer.status == status);
    BOOST_TEST(answer.headers.find("Content-Type").value_or("").starts_with("text/html"));
    auto const policy = answer.headers.find("Content-Security-Policy").value_or("");
    BOOST_TEST(policy.find("default-src 'none'") != std::string_view::npos);
    BOOST_TEST(policy.find("frame-ancestors 'none'") != std::string_view::npos);
    BOOST_TEST(policy.find("base-uri 'none'") != std::string_view::npos);
    BOOST_TEST(policy.find("script-src") == std::string_view::npos); // the default allows none
    BOOST_TEST(answer.headers.find("Referrer-Policy").value_or("") == "no-referrer");
    BOOST_TEST(answer.headers.find("Cache-Control").value_or("") == "no-store");
    BOOST_TEST(answer.body.starts_with("<!doctype html>"));
    BOOST_TEST(answer.body.find("<script") == std::string::npos);
    BOOST_TEST((policy.find("img-src https:") != std::string_view::npos) == pictures);
    BOOST_TEST((pictures || answer.body.find("<img") == std::string::npos));
    BOOST_TEST(answer.body.find("http:") == std::string::npos);
}

} // namespace

BOOST_AUTO_TEST_SUITE(connect_page_test)

BOOST_AUTO_TEST_CASE(the_consent_page_leads_to_the_platform) {
    auto const answer = render_consent_page({.brand = {.name = "Acme"},
                                             .platform_title = "X",
                                             .authorize_url = "https://x.com/authorize?a=1&b=2"});
    check_page(answer, 200);
    BOOST_TEST(answer.body.find("href=\"https://x.com/authorize?a=1&amp;b=2\"") != std::string::npos);
    BOOST_TEST(answer.body.find("Connect your X account to Acme") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_hostile_workspace_cannot_write_into_the_consent_page) {
    std::string const text{hostile};
    auto const answer = render_consent_page({.brand = {.name = text, .color = text},
                                             .platform_title = text,
                                             .authorize_url = "https://x.com/?" + text});
    check_page(answer, 200);
    BOOST_TEST(answer.body.find("onerror='") == std::string::npos);
    BOOST_TEST(answer.body.find("&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
    BOOST_TEST(answer.body.find("&amp;amp;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_reconnect_page_names_the_account_and_begins_nothing_by_itself) {
    auto const answer = render_reconnect_page({.brand = {.name = "Acme"},
                                               .platform_title = "X",
                                               .username = "ada_marlow",
                                               .action = "/reconnect/abc"});
    check_page(answer, 200);
    BOOST_TEST(answer.body.find("Connect your X account again to Acme") != std::string::npos);
    BOOST_TEST(answer.body.find("<strong>ada_marlow</strong>") != std::string::npos);
    BOOST_TEST(answer.body.find("method=\"post\" action=\"/reconnect/abc\"") != std::string::npos);

    std::string const text{hostile};
    auto const attacked = render_reconnect_page(
        {.brand = {.name = text}, .platform_title = text, .username = text, .action = text});
    check_page(attacked, 200);
    BOOST_TEST(attacked.body.find("onerror='") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_form_shows_the_last_try_and_never_the_password) {
    auto const answer = render_app_password_page(422, {.brand = {.name = "Acme"},
                                                       .platform_title = "Bluesky",
                                                       .action = "/connect/cs_1",
                                                       .problem = "Not an app password.",
                                                       .identifier = "ann.example"});
    check_page(answer, 422);
    BOOST_TEST(answer.body.find("method=\"post\" action=\"/connect/cs_1\"") != std::string::npos);
    BOOST_TEST(answer.body.find("value=\"ann.example\"") != std::string::npos);
    BOOST_TEST(answer.body.find("role=\"alert\">Not an app password.") != std::string::npos);
    auto const password = answer.body.substr(answer.body.find("name=\"app_password\""));
    auto const field = password.substr(0, password.find('>'));
    BOOST_TEST(field.find("type=\"password\"") != std::string::npos);
    BOOST_TEST(field.find("value=") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_hostile_handle_cannot_write_into_the_form) {
    std::string const text{hostile};
    auto const answer = render_app_password_page(200, {.brand = {.name = text},
                                                       .platform_title = text,
                                                       .action = text,
                                                       .problem = text,
                                                       .identifier = text});
    check_page(answer, 200);
    BOOST_TEST(answer.body.find("value=\"&quot;&gt;&lt;script&gt;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_first_form_shows_no_problem) {
    auto const answer = render_app_password_page(200, {.brand = {.name = {}},
                                                       .platform_title = "Bluesky",
                                                       .action = "/connect/cs_1",
                                                       .problem = {},
                                                       .identifier = {}});
    BOOST_TEST(answer.body.find("role=\"alert\"") == std::string::npos);
    BOOST_TEST(answer.body.find(" to </h1>") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_choice_has_a_box_for_every_account) {
    auto const answer = render_choice_page(
        422, {.brand = {.name = "Acme"},
              .platform_title = "Flock",
              .action = "/connect/cs_1",
              .candidates = {{"1", "page", "bakery", "Harbour Bakery", "https://flock.example/1.png"},
                             {"2", "page", "", "\xc3\x89mile", "http://flock.example/2.png"},
                             {"3", "organization", "three", "", ""}},
              .problem = "Choose at least one.",
              .picked = {"2"}});
    check_page(answer, 422, true);
    auto const& body = answer.body;
    auto const has = [&](std::string_view text) { return body.find(text) != std::string::npos; };
    BOOST_TEST(has("<h1>Choose what to connect to Acme</h1>"));
    BOOST_TEST(has("method=\"post\" action=\"/connect/cs_1\""));
    BOOST_TEST(has("role=\"alert\">Choose at least one."));
    BOOST_TEST(has("<fieldset><legend>"));
    BOOST_TEST(has("type=\"checkbox\" name=\"candidate\" value=\"1\">"));
    BOOST_TEST(has("type=\"checkbox\" name=\"candidate\" value=\"2\" checked>"));
    BOOST_TEST(has("Harbour Bakery<small>bakery &middot; page</small>"));
    BOOST_TEST(has("three<small>organization</small>")); // the name it has, once
    // Pictures come over https or not at all; the first letter stands behind them.
    BOOST_TEST(has(">H<img src=\"https://flock.example/1.png\" alt=\"\""));
    BOOST_TEST(has("aria-hidden=\"true\">\xc3\x89</span>"));
    BOOST_TEST(!has("2.png"));
    BOOST_TEST(has("name=\"action\" value=\"connect\""));
    BOOST_TEST(has("name=\"action\" value=\"cancel\""));
}

BOOST_AUTO_TEST_CASE(a_hostile_account_cannot_write_into_the_choice) {
    std::string const text{hostile};
    auto const answer =
        render_choice_page(200, {.brand = {.name = text},
                                 .platform_title = text,
                                 .action = text,
                                 .candidates = {{text, text, text, text, "https://x.example/" + text}},
                                 .problem = text,
                                 .picked = {text}});
    check_page(answer, 200, true);
    BOOST_TEST(answer.body.find("onerror='") == std::string::npos);
    BOOST_TEST(answer.body.find("<script>alert") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_last_page_names_all_accounts) {
    auto const one = render_connected_page("Flock", {"Harbour Bakery"});
    BOOST_TEST(one.body.find("Your Flock account <strong>Harbour Bakery</strong> is connected") !=
               std::string::npos);
    auto const two = render_connected_page("Flock", {"Harbour Bakery", "Mill"});
    BOOST_TEST(
        two.body.find("accounts <strong>Harbour Bakery</strong>, <strong>Mill</strong> are connected") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_last_pages_escape_what_platforms_say) {
    auto const good = render_connected_page("X", {std::string{hostile}});
    check_page(good, 200);
    check_page(render_connected_page("X", {std::string{hostile}, std::string{hostile}}), 200);
    check_page(render_waiting_page(hostile), 200);
    auto const bad = render_failed_page({409, "session_used", std::string{hostile}, {}}, hostile);
    check_page(bad, 409);
    BOOST_TEST(bad.body.find("session_used") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::api
