// Pinterest's consent and tokens: commas between scopes, Basic only, numbers for errors, and a refresh that
// rotates and begins the sixty days anew.
#include "tests/sandbox/pinterest_visit.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;

constexpr std::int64_t day = 86'400;

std::int64_t number(answer const& got, std::string_view pointer) {
    return got.json().at_pointer(pointer).to_number<std::int64_t>();
}

BOOST_FIXTURE_TEST_SUITE(pinterest_oauth_test, pinterest_visit)

BOOST_AUTO_TEST_CASE(approval_and_denial_go_back_with_the_state) {
    auto const yes = decide(authorize_target());
    BOOST_TEST(parameter_of(yes, "code").size() > 20);
    BOOST_TEST(parameter_of(yes, "state") == "s1");
    auto const no = decide(authorize_target(), "ada", "deny");
    BOOST_TEST(parameter_of(no, "error") == "access_denied");
    BOOST_TEST(parameter_of(no, "state") == "s1");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_stays_on_the_page) {
    for (auto const& each : std::vector<parameters>{{{"client_id", "nobody"}},
                                                    {{"redirect_uri", "https://app.example/callback"}},
                                                    {{"response_type", "token"}},
                                                    {{"scope", "boards:read pins:read"}},
                                                    {{"scope", "boards:everything"}},
                                                    {{"scope", ""}}}) {
        auto const page = site.get(authorize_target(each));
        BOOST_TEST(page.status == 400, each.begin()->second);
        BOOST_TEST(page.header("location").empty());
    }
    BOOST_TEST(site.get(authorize_target({{"code_challenge", "any"}, {"refreshable", "true"}})).status ==
               200);
}

BOOST_AUTO_TEST_CASE(a_good_exchange_answers_all_its_members) {
    auto const got = connect();
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.text("/access_token").starts_with("pina_"));
    BOOST_TEST(got.text("/refresh_token").starts_with("pinr."));
    BOOST_TEST(got.text("/response_type") == "authorization_code");
    BOOST_TEST(got.text("/token_type") == "bearer");
    BOOST_TEST(number(got, "/expires_in") == 30 * day);
    BOOST_TEST(number(got, "/refresh_token_expires_in") == 60 * day);
    auto const now =
        std::chrono::duration_cast<std::chrono::seconds>(pretend.clock().now().time_since_epoch());
    BOOST_TEST(std::abs(number(got, "/refresh_token_expires_at") - now.count() - 60 * day) < 60);
    BOOST_TEST(got.text("/scope") == "user_accounts:read boards:read boards:write pins:read pins:write");
    BOOST_TEST(control.send("PUT", "/pinterest/switches", {}, R"({"on":["comma_scopes"]})").status == 200);
    BOOST_TEST(connect().text("/scope") == all_scopes);
}

BOOST_AUTO_TEST_CASE(only_basic_is_read) {
    auto const given = code(authorize_target());
    auto const form = query_of({{"grant_type", "authorization_code"},
                                {"code", given},
                                {"redirect_uri", std::string{stage::redirect_uri}},
                                {"client_id", "sandbox-app"},
                                {"client_secret", "sandbox-app-secret"}});
    auto const refused = site.post_form(token_path, form);
    BOOST_TEST(number_of(refused) == "401 2");
    BOOST_TEST(refused.text("/message") == "Authentication failed.");
    BOOST_TEST(refused.text("/status") == "failure");
    BOOST_TEST(!refused.json().as_object().contains("error"));
    BOOST_TEST(number_of(exchange(given, {}, basic("sandbox-app", "wrong"))) == "401 2");
    BOOST_TEST(number_of(exchange(given, {}, basic("nobody", "s"))) == "401 2");
    BOOST_TEST(number_of(exchange(given, {}, bearer("token"))) == "401 2");
    BOOST_TEST(exchange(given).status == 200);
}

BOOST_AUTO_TEST_CASE(dead_and_wrong_grants_are_283) {
    auto const given = code(authorize_target());
    BOOST_TEST(number_of(exchange(given, {{"redirect_uri", "https://app.example/"}})) == "401 283");
    BOOST_TEST(exchange(given).status == 200);
    BOOST_TEST(number_of(exchange(given)) == "401 283");
    BOOST_TEST(number_of(exchange("nonsense")) == "401 283");
    auto const late = code(authorize_target());
    ahead(std::chrono::minutes{10});
    BOOST_TEST(number_of(exchange(late)) == "401 283");
    BOOST_TEST(number_of(refresh("pinr.nonsense")) == "401 283");
    auto const got = connect();
    BOOST_TEST(number_of(refresh(got.text("/access_token"))) == "401 283");
    control.post_json("/people/ada/revoke", R"({"platform":"pinterest"})");
    BOOST_TEST(number_of(refresh(got.text("/refresh_token"))) == "401 283");
    BOOST_TEST(number_of(account(got.text("/access_token"))) == "401 2");
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named) {
    auto const given = code(authorize_target());
    for (auto const* const name : {"code", "redirect_uri", "grant_type"}) {
        auto const refused = exchange(given, {{name, ""}});
        BOOST_TEST(number_of(refused) == "400 1");
        BOOST_TEST(refused.text("/message").ends_with(name));
    }
    BOOST_TEST(number_of(exchange(given, {{"grant_type", "client_credentials"}})) == "400 1");
    BOOST_TEST(site.post_form("/v5/oauth/token/", "", {basic()}).status == 404);
    BOOST_TEST(site.get(token_path).status == 405);
}

BOOST_AUTO_TEST_CASE(a_refresh_rotates_and_begins_the_sixty_days_anew) {
    auto last = connect();
    for (int i = 0; i < 3; ++i) {
        ahead(hours{24 * 59});
        auto const next = refresh(last.text("/refresh_token"));
        BOOST_TEST(next.status == 200);
        BOOST_TEST(next.text("/response_type") == "refresh_token");
        BOOST_TEST(next.text("/refresh_token") != last.text("/refresh_token"));
        BOOST_TEST(number(next, "/refresh_token_expires_in") == 60 * day);
        BOOST_TEST(account(next.text("/access_token")).status == 200);
        last = next;
    }
    ahead(hours{24 * 60});
    BOOST_TEST(number_of(refresh(last.text("/refresh_token"))) == "401 283");
}

BOOST_AUTO_TEST_CASE(a_spent_refresh_token_is_dead_and_its_successor_lives) {
    auto const first = connect();
    auto const second = refresh(first.text("/refresh_token"));
    BOOST_TEST(number_of(refresh(first.text("/refresh_token"))) == "401 283");
    BOOST_TEST(account(second.text("/access_token")).status == 200);
    BOOST_TEST(refresh(second.text("/refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_refresh_may_narrow_the_scopes) {
    auto const got = connect();
    auto const less = refresh(got.text("/refresh_token"), {{"scope", "user_accounts:read,boards:read"}});
    BOOST_TEST(less.text("/scope") == "user_accounts:read boards:read");
    auto const narrow = connect("ada", {{"scope", "user_accounts:read"}});
    BOOST_TEST(number_of(refresh(narrow.text("/refresh_token"), {{"scope", "pins:write"}})) == "400 1");
    BOOST_TEST(number_of(refresh(narrow.text("/refresh_token"), {{"scope", "pins:everything"}})) == "400 1");
    BOOST_TEST(refresh(narrow.text("/refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(an_old_app_that_does_not_ask_gets_a_token_that_ends_after_a_year) {
    auto const legacy = connect_app("1445", R"(["old"])", {{"continuous_refresh", ""}});
    BOOST_TEST(number(legacy, "/refresh_token_expires_in") == 365 * day);
    ahead(hours{24 * 300});
    auto const again = refresh(legacy.text("/refresh_token"), {}, basic("1445", "s"));
    BOOST_TEST(again.status == 200);
    BOOST_TEST(!again.json().as_object().contains("refresh_token"));
    BOOST_TEST(refresh(legacy.text("/refresh_token"), {}, basic("1445", "s")).status == 200);
    ahead(hours{24 * 65});
    BOOST_TEST(number_of(refresh(legacy.text("/refresh_token"), {}, basic("1445", "s"))) == "401 283");
    auto const modern = connect_app("1446", R"(["old"])");
    BOOST_TEST(number(modern, "/refresh_token_expires_in") == 60 * day);
}

BOOST_AUTO_TEST_CASE(tokens_of_users_cannot_be_revoked) {
    auto const got = connect();
    auto const form = "token=" + got.text("/refresh_token");
    auto const refused = site.post_form("/v5/oauth/token/revoke", form, {basic()});
    BOOST_TEST(number_of(refused) == "403 29");
    BOOST_TEST(refused.text("/message") == "You are not permitted to access that resource.");
    BOOST_TEST(number_of(site.post_form("/v5/oauth/token/revoke", form)) == "401 2");
    BOOST_TEST(refresh(got.text("/refresh_token")).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
