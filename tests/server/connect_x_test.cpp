// Connecting an account of X: what the API answers before and after, and where the browser is sent.
#include "server/api/render.hpp"
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace connectd::tests {
namespace {

std::string after(whole_server& with, std::chrono::milliseconds span) {
    return server::api::render_time(with.pretend.clock().now() + span);
}

// In the order of the alphabet: scopes are a set.
std::string words(boost::json::value const& list) {
    std::set<std::string> sorted;
    for (auto const& each : list.as_array()) {
        sorted.emplace(each.as_string());
    }
    std::string text;
    for (auto const& each : sorted) {
        text += (text.empty() ? "" : " ") + each;
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(connect_x_test)

BOOST_FIXTURE_TEST_CASE(the_return_url_says_which_account_was_connected, whole_server) {
    auto const begun = begin_x();
    auto const got = visit(consent(begun.text("/authorize_url")));
    BOOST_TEST(got.status == 302U);
    auto const location = got.header("location");
    BOOST_TEST(location.starts_with("https://shop.example/done?"));
    BOOST_TEST(parameter(location, "cart") == "7");
    BOOST_TEST(parameter(location, "status") == "connected");
    BOOST_TEST(parameter(location, "platform") == "x");
    BOOST_TEST(parameter(location, "session_id") == begun.text("/id"));
    BOOST_TEST(!has_parameter(location, "error"));
    BOOST_TEST(text(account(parameter(location, "account_id")), "/username") == "ada_marlow");
    BOOST_TEST(got.header("cache-control") == "no-store");
    BOOST_TEST(got.header("referrer-policy") == "no-referrer");
}

BOOST_FIXTURE_TEST_CASE(an_account_shows_who_it_is_and_how_long_it_lasts, whole_server) {
    auto const id = connect_x("ada", {{"metadata", {{"plan", "gold"}}}});
    auto const shown = account(id);
    auto const who = pretend.persons().at(*pretend.persons().find("ada"));
    BOOST_TEST(text(shown, "/platform") == "x");
    BOOST_TEST(text(shown, "/platform_user_id") == who->x_id);
    BOOST_TEST(text(shown, "/username") == "ada_marlow");
    BOOST_TEST(text(shown, "/display_name") == "Ada Marlow");
    BOOST_TEST(text(shown, "/avatar_url").starts_with("http"));
    BOOST_TEST(text(shown, "/status") == "active");
    BOOST_TEST(text(shown, "/credentials_id") == home.credentials);
    BOOST_TEST(text(shown, "/metadata/plan") == "gold");
    BOOST_TEST(words(shown.at("scopes")) == "media.write offline.access tweet.read tweet.write users.read");
    BOOST_TEST(shown.at("status_cause").is_null());
    BOOST_TEST(shown.at("last_used_at").is_null());
    // X's access tokens last two hours; the refresh comes before that, but not right away.
    using std::chrono::minutes;
    BOOST_TEST(text(shown, "/access_expires_at") > after(*this, minutes{118}));
    BOOST_TEST(text(shown, "/access_expires_at") <= after(*this, minutes{120}));
    BOOST_TEST(text(shown, "/next_refresh_at") < text(shown, "/access_expires_at"));
    BOOST_TEST(text(shown, "/next_refresh_at") > after(*this, minutes{60}));
}

BOOST_FIXTURE_TEST_CASE(a_name_beyond_ascii_comes_through_unchanged, whole_server) {
    auto const cleo = pretend.persons().at(*pretend.persons().find("cleo"));
    BOOST_TEST(text(account(connect_x("cleo")), "/display_name") == cleo->display_name);
}

BOOST_FIXTURE_TEST_CASE(the_session_can_be_read_before_and_after, whole_server) {
    auto const begun = begin_x({{"metadata", {{"cart", "7"}}}});
    auto const id = begun.text("/id");
    auto const before = session(id);
    BOOST_TEST(text(before, "/status") == "pending");
    BOOST_TEST(text(before, "/url") == url() + "/connect/" + id);
    BOOST_TEST(text(before, "/return_url") == return_url);
    BOOST_TEST(text(before, "/metadata/cart") == "7");
    BOOST_TEST(before.at("account_id").is_null());
    BOOST_TEST(before.at("finished_at").is_null());
    BOOST_TEST(!before.as_object().contains("authorize_url"));

    auto const location = visit(consent(begun.text("/authorize_url"))).header("location");
    auto const done = session(id);
    BOOST_TEST(text(done, "/status") == "completed");
    BOOST_TEST(text(done, "/account_id") == parameter(location, "account_id"));
    BOOST_TEST(!text(done, "/finished_at").empty());
    BOOST_TEST(done.at("error").is_null());
}

BOOST_FIXTURE_TEST_CASE(the_authorize_url_asks_for_the_scopes_wanted_and_no_others, whole_server) {
    auto const begun = begin_x({{"scopes", {"tweet.read", "users.read"}}});
    auto const asked = begun.text("/authorize_url");
    // offline.access comes along: without it there is nothing to refresh with.
    BOOST_TEST(parameter(asked, "scope") == "tweet.read users.read offline.access");
    BOOST_TEST(parameter(asked, "code_challenge_method") == "S256");
    BOOST_TEST(parameter(asked, "client_id") == sandbox::sandbox::default_client_id);
    BOOST_TEST(parameter(asked, "redirect_uri") == url() + "/v1/connect/callback/x");
    auto const location = visit(consent(asked)).header("location");
    auto const shown = account(parameter(location, "account_id"));
    BOOST_TEST(words(shown.at("scopes")) == "offline.access tweet.read users.read");
}

BOOST_FIXTURE_TEST_CASE(the_hosted_page_binds_the_browser, whole_server) {
    auto const begun = begin_x();
    auto const page = visit("/connect/" + begun.text("/id"));
    BOOST_TEST(page.status == 200U);
    BOOST_TEST(page.header("content-type").starts_with("text/html"));
    BOOST_TEST(page.body.find("Workspace home") != std::string::npos);
    BOOST_TEST(page.header("set-cookie").find("HttpOnly") != std::string::npos);
    BOOST_TEST(page.header("set-cookie").find("SameSite=Lax") != std::string::npos);
    auto const cookie = cookie_of(page);
    BOOST_REQUIRE(!cookie.empty());

    auto const callback = consent(begun.text("/authorize_url"));
    BOOST_TEST(visit(callback).status == 400U);
    BOOST_TEST(visit(callback).body.find("state_foreign") != std::string::npos);
    BOOST_TEST(visit(callback, cookie + "x").status == 400U);
    BOOST_TEST(events("code_spent") == 0U);
    BOOST_TEST(text(session(begun.text("/id")), "/status") == "pending");

    auto const got = visit(callback, "theme=dark; " + cookie);
    BOOST_TEST(got.status == 302U);
    BOOST_TEST(parameter(got.header("location"), "status") == "connected");
}

BOOST_FIXTURE_TEST_CASE(the_hosted_page_of_a_finished_session_says_so, whole_server) {
    auto const begun = begin_x();
    visit(consent(begun.text("/authorize_url")));
    BOOST_TEST(visit("/connect/" + begun.text("/id")).status == 409U);
    BOOST_TEST(visit("/connect/cs_00000000000000000000000000").status == 404U);
    BOOST_TEST(visit("/connect/nonsense").status == 404U);
}

BOOST_FIXTURE_TEST_CASE(without_a_return_url_a_page_says_what_happened, whole_server) {
    auto const good = try_connect_x("cleo", {{"return_url", nullptr}});
    BOOST_TEST(good.status == 200U);
    BOOST_TEST(good.header("content-type").starts_with("text/html"));
    BOOST_TEST(good.body.find("<h1>Connected</h1>") != std::string::npos);
    BOOST_TEST(good.body.find("cleo") != std::string::npos);

    auto const begun = begin_x({{"return_url", nullptr}});
    auto const denied = visit(consent(begun.text("/authorize_url"), "ada", "deny"));
    BOOST_TEST(denied.status == 403U);
    BOOST_TEST(denied.body.find("Not connected") != std::string::npos);
    BOOST_TEST(denied.body.find("consent_denied") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_reconnect_keeps_the_account_id, whole_server) {
    auto const id = connect_x("ada");
    auto const before = account(id);
    pretend.clock().advance(std::chrono::hours{1});
    BOOST_TEST(connect_x("ada", {{"account_id", id}}) == id);
    auto const now = account(id);
    BOOST_TEST(text(now, "/created_at") == text(before, "/created_at"));
    BOOST_TEST(text(now, "/connected_at") > text(before, "/connected_at"));
    BOOST_TEST(text(now, "/access_expires_at") > text(before, "/access_expires_at"));
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_reconnect_by_somebody_else_changes_nothing, whole_server) {
    auto const id = connect_x("ada");
    auto const before = account(id);
    auto const begun = begin_x({{"account_id", id}});
    auto const location = visit(consent(begun.text("/authorize_url"), "ben")).header("location");
    BOOST_TEST(parameter(location, "status") == "failed");
    BOOST_TEST(parameter(location, "error") == "identity_mismatch");
    auto const said = parameter(location, "error_description");
    BOOST_TEST(said.find("ada_marlow") != std::string::npos);
    BOOST_TEST(said.find("ben") != std::string::npos);
    BOOST_TEST(!has_parameter(location, "account_id"));
    auto const ended = session(begun.text("/id"));
    BOOST_TEST(text(ended, "/status") == "failed");
    BOOST_TEST(text(ended, "/error/code") == "identity_mismatch");
    BOOST_TEST(text(ended, "/error/description") == said);
    BOOST_TEST(account(id) == before);
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(one_identity_in_one_profile_is_one_account, whole_server) {
    auto const id = connect_x("ada");
    BOOST_TEST(connect_x("ada") == id);
    BOOST_TEST(connect_x("ben") != id);
    BOOST_TEST(accounts().size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(one_identity_in_two_profiles_is_two_accounts, whole_server) {
    auto const profile = ask("POST", "/v1/profiles", {{"name", "Second"}}).text("/id");
    auto const first = connect_x("ada");
    auto const second = connect_x("ada", {{"profile_id", profile}});
    BOOST_TEST(first != second);
    BOOST_TEST(text(account(second), "/profile_id") == profile);
    BOOST_TEST(text(account(first), "/profile_id") != profile);
    BOOST_TEST(text(account(first), "/platform_user_id") == text(account(second), "/platform_user_id"));
}

BOOST_FIXTURE_TEST_CASE(the_old_name_of_the_platform_works_everywhere, whole_server) {
    auto const begun = begin_x({{"platform", "twitter"}});
    BOOST_TEST(begun.text("/platform") == "x");
    auto callback = consent(begun.text("/authorize_url"));
    auto const name = callback.find("/callback/x?");
    BOOST_REQUIRE(name != std::string::npos);
    callback.replace(name, 12, "/callback/twitter?");
    auto const location = visit(callback).header("location");
    BOOST_TEST(parameter(location, "status") == "connected");
    BOOST_TEST(parameter(location, "platform") == "x");
    BOOST_TEST(ask("GET", "/v1/accounts?platform=twitter").json().at("data").as_array().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_public_client_connects_without_a_secret, whole_server) {
    auto const made = ask("POST", "/v1/credentials",
                          {{"platform", "x"}, {"client_id", sandbox::sandbox::public_client_id}});
    BOOST_TEST(made.status == 201U);
    BOOST_TEST(made.json().at("has_secret") == false);
    BOOST_TEST(made.json().at("is_default") == false);
    auto const id = connect_x("ada", {{"credentials_id", made.text("/id")}});
    BOOST_TEST(text(account(id), "/credentials_id") == made.text("/id"));
    auto const grants = pretend.x().grants().list(1, pretend.clock().now());
    BOOST_TEST(grants.at(0).client_id == sandbox::sandbox::public_client_id);
}

BOOST_FIXTURE_TEST_CASE(a_wrong_secret_is_the_operators_to_mend, whole_server) {
    auto const wrong = ask("POST", "/v1/credentials",
                           {{"platform", "x"},
                            {"client_id", sandbox::sandbox::default_client_id},
                            {"client_secret", "not-the-secret"}});
    auto const got = try_connect_x("ada", {{"credentials_id", wrong.text("/id")}});
    BOOST_TEST(parameter(got.header("location"), "error") == "app_refused");
    BOOST_TEST(got.header("location").find("not-the-secret") == std::string::npos);
    BOOST_TEST(accounts().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
