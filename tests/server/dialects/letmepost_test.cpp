// letmepost's clients against connectd: what its pages show, request by request.
#include "tests/server/dialects/vendor_client.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace connectd::tests {
namespace {

struct letmepost_server : whole_server {
    letmepost_server() {
        pretend.x().apps().put({std::string{sandbox::sandbox::default_client_id},
                                std::string{sandbox::sandbox::default_client_secret},
                                "Sandbox App",
                                true,
                                {url() + "/compat/letmepost/v1/accounts/connect/twitter/complete"}});
    }

    vendor_client letmepost{*this, "/compat/letmepost", "Authorization", "Bearer "};

    answer begin(std::string_view body = {}) {
        return letmepost.ask("POST", "/v1/accounts/connect/twitter", body);
    }
};

constexpr std::string_view back = R"({"returnTo":"https://shop.example/accounts"})";

std::string error(std::string_view code) {
    return R"({"error":{"code":")" + std::string{code} +
           R"(","message":"<any>","rule":"<any>","docUrl":"<any>","requestId":"<id>"}})";
}

constexpr std::string_view shown_account =
    R"({"id":"<any>","profileId":"<any>","platform":"twitter","platformAccountId":"<any>","displayName":"<any>",
        "tokenExpiresAt":"<time>","createdAt":"<time>","updatedAt":"<time>"})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(letmepost_test, letmepost_server)

BOOST_AUTO_TEST_CASE(oauth_is_begun_and_the_browser_completes_it) {
    auto const begun = begin(back);
    BOOST_TEST(
        difference({"POST", "", "", 200, R"({"redirectUrl":"<any>","state":"<any>","platform":"twitter",
        "descriptor":{"kind":"oauth","authorizationUrl":"<any>","state":"<any>","scopes":"<list>","redirectUri":"<any>"}})"},
                   begun) == "");
    BOOST_TEST(begun.text("/state") == parameter(begun.text("/redirectUrl"), "state"));
    BOOST_TEST(begun.text("/descriptor/redirectUri") ==
               url() + "/compat/letmepost/v1/accounts/connect/twitter/complete");
    auto const callback = consent(begun.text("/redirectUrl"));
    BOOST_TEST(visit(callback).header("location") ==
               "https://shop.example/accounts?connected=twitter&accounts=1");
    BOOST_TEST(visit(callback).status == 409U);
    auto const denied = visit(consent(begin(back).text("/redirectUrl"), "ada", "deny"));
    BOOST_TEST(parameter(denied.header("location"), "connect_error") == "platform_rejected");
    BOOST_TEST(parameter(denied.header("location"), "connect_rule") == "consent_denied");
    // A page for a flow without a place to return to.
    BOOST_TEST(visit(consent(begin().text("/redirectUrl"))).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_program_completes_it_with_the_code) {
    auto const complete = [this](std::string_view key) {
        auto const location = consent(begin().text("/redirectUrl"));
        return letmepost.with_key(std::string{key})
            .ask("POST", "/v1/accounts/connect/twitter/complete",
                 R"({"code":")" + parameter(location, "code") + R"(","state":")" +
                     parameter(location, "state") + R"(","redirectUri":"https://ignored.example"})");
    };
    BOOST_TEST(difference({"POST", "", "", 201, shown_account}, complete(home.key)) == "");
    BOOST_TEST(difference({"POST", "", "", 200, shown_account}, complete(home.key)) == "");
    auto const foreign = complete(make_tenant("other").key);
    BOOST_TEST(difference({"POST", "", "", 400, error("validation_failed")}, foreign) == "");
}

BOOST_AUTO_TEST_CASE(accounts_are_listed_shown_and_deleted) {
    visit(consent(begin().text("/redirectUrl")));
    auto const shown = accounts().front();
    auto const path = "/v1/accounts/" + text(shown, "/id");
    auto const of_profile = "/v1/accounts?profileId=" + text(shown, "/profile_id");
    auto const one = R"({"data":[)" + std::string{shown_account} + "]}";
    auto const gone = R"({"id":")" + text(shown, "/id") + R"(","deleted":true})";
    auto const not_found = error("not_found");
    play(letmepost, {{"GET", "/v1/accounts", "", 200, one},
                     {"GET", of_profile, "", 200, one},
                     {"GET", path, "", 200, shown_account},
                     {"DELETE", path, "", 200, gone},
                     {"GET", path, "", 404, not_found},
                     {"DELETE", path, "", 404, not_found},
                     {"GET", "/v1/accounts", "", 200, R"({"data":[]})"},
                     {"GET", "/v1/nowhere", "", 404, not_found}});
}

BOOST_AUTO_TEST_CASE(bluesky_is_credentials) {
    auto const who = pretend.persons().at(pretend.persons().find("ada").value());
    auto const with = [&](std::string_view member, std::string_view password) {
        return R"({")" + std::string{member} + R"(":")" + who->handle + R"(","appPassword":")" +
               std::string{password} + "\"}";
    };
    constexpr std::string_view path = "/v1/accounts/connect/bluesky/complete";
    auto const good = with("identifier", who->app_passwords.front().password);
    auto const old = with("handle", who->app_passwords.front().password);
    auto const wrong = with("identifier", "aaaa-bbbb-cccc-dddd");
    constexpr std::string_view connected =
        R"({"id":"<any>","profileId":"<any>","platform":"bluesky","platformAccountId":"<any>",
            "displayName":"<any>","tokenExpiresAt":"<time>","createdAt":"<time>","updatedAt":"<time>"})";
    auto const refused = error("platform_auth_failed");
    auto const invalid = error("validation_failed");
    play(letmepost, {{"POST", path, good, 201, connected},
                     {"POST", path, old, 200, connected},
                     {"POST", path, wrong, 401, refused},
                     {"POST", path, "{}", 400, invalid}});
    auto const form = letmepost.ask("POST", "/v1/accounts/connect/bluesky");
    BOOST_TEST(form.text("/descriptor/kind") == "credentials");
    BOOST_TEST(form.text("/descriptor/fields/1/name") == "appPassword");
}

BOOST_AUTO_TEST_CASE(errors_have_the_vendors_form) {
    auto const unauthenticated = error("unauthenticated");
    for (std::string_view const key : {"", "lmp_live_0123456789"}) {
        play(letmepost.with_key(std::string{key}), {{"GET", "/v1/accounts", "", 401, unauthenticated}});
    }
    auto const unauthorized = error("unauthorized");
    play(letmepost.with_key(make_key(home, {"proxy"})), {{"GET", "/v1/accounts", "", 403, unauthorized}});
    auto const unknown = error("not_found");
    auto const disabled = error("platform_not_enabled");
    play(letmepost, {{"POST", "/v1/accounts/connect/myspace", "", 404, unknown},
                     {"POST", "/v1/accounts/connect/linkedin", "", 403, disabled}});
}

BOOST_AUTO_TEST_CASE(profiles_have_slugs) {
    constexpr std::string_view shown =
        R"({"id":"<any>","name":"North Star","slug":"north-star","createdAt":"<time>","updatedAt":"<time>"})";
    auto const made = letmepost.ask("POST", "/v1/profiles", R"({"name":"North Star"})");
    BOOST_TEST(difference({"POST", "", "", 201, shown}, made) == "");
    auto const path = "/v1/profiles/" + made.text("/id");
    auto const gone = R"({"id":")" + made.text("/id") + R"(","deleted":true})";
    auto const again = letmepost.ask("POST", "/v1/profiles", R"({"name":"Other","slug":"north-star"})");
    BOOST_TEST(again.status == 409U);
    BOOST_TEST(again.text("/error/code") == "validation_failed");
    BOOST_TEST(again.text("/error/rule") == "profile.slug.unique");
    auto const all = letmepost.ask("GET", "/v1/profiles");
    BOOST_TEST(all.text("/data/0/slug") == "default");
    visit(consent(begin(R"({"profileId":")" + made.text("/id") + "\"}").text("/redirectUrl")));
    BOOST_TEST(letmepost.ask("DELETE", path).text("/error/rule") == "profile.delete.not_empty");
    letmepost.ask("DELETE", "/v1/accounts/" + text(accounts().front(), "/id"));
    auto const not_found = error("not_found");
    play(letmepost,
         {{"GET", path, "", 200, shown}, {"DELETE", path, "", 200, gone}, {"GET", path, "", 404, not_found}});
}

BOOST_AUTO_TEST_CASE(a_key_has_one_limit_for_all_apis) {
    whole_server limited{[](server::config& settings) {
        settings.api.requests_per_key = 3;
        settings.api.requests_window = std::chrono::hours{1};
    }};
    vendor_client const client{limited, "/compat/letmepost", "Authorization", "Bearer "};
    // The first was the one that stored the tenant's app.
    BOOST_TEST(limited.ask("GET", "/v1/accounts").status == 200U);
    BOOST_TEST(client.ask("GET", "/v1/accounts").status == 200U);
    auto const refused = client.ask("GET", "/v1/accounts");
    auto const limit = error("rate_limited");
    BOOST_TEST(difference({"GET", "", "", 429, limit}, refused) == "");
    BOOST_TEST(!refused.header("retry-after").empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
