// A platform that connectd has never heard of: one JSON file in the operator's folder, and behind it a strict
// OAuth 2.0 server, which is the sandbox's X under another name. What the built-in catalog says of X plays no
// part.
#include "tests/server/whole_server.hpp"
#include "tests/support/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace connectd::tests {
namespace {

// As an operator writes it from the documentation of the platform; HERE is where that is.
constexpr std::string_view chirp = R"({
  "name": "chirp",
  "title": "Chirp",
  "endpoints": {
    "authorize_url": "HERE/i/oauth2/authorize",
    "token_url": "HERE/2/oauth2/token",
    "revoke_url": "HERE/2/oauth2/revoke",
    "identity_url": "HERE/2/users/me",
    "api_base": "HERE/2"
  },
  "client": {"authentication": "basic"},
  "scopes": {"default": ["tweet.read", "tweet.write", "users.read", "offline.access"]},
  "refresh": {"model": "rotating", "lead_time": 300},
  "identity": {"id": "/data/id", "username": "/data/username", "display_name": "/data/name"}
})";

struct operators_folder {
    scratch_folder files;
};

struct chirp_server : operators_folder, whole_server {
    chirp_server()
        : whole_server{[this](server::config& made) {
              std::string text{chirp};
              for (auto at = text.find("HERE"); at != std::string::npos; at = text.find("HERE"))
                  text.replace(at, 4, pretend.url("x"));
              files.write("chirp.json", text);
              made.platforms_dir = files.path();
          }} {}

    // An app at Chirp, its credentials here, a session, the consent and the callback.
    answer connect() {
        pretend.x().apps().put(
            {"chirp-app", "chirp-secret", "Bakery", true, {url() + "/v1/connect/callback/chirp"}});
        auto const stored =
            ask("POST", "/v1/credentials",
                {{"platform", "chirp"}, {"client_id", "chirp-app"}, {"client_secret", "chirp-secret"}});
        BOOST_TEST(stored.status == 201U, stored.body);
        auto const begun =
            ask("POST", "/v1/connect/sessions", {{"platform", "chirp"}, {"return_url", return_url}});
        BOOST_REQUIRE_EQUAL(begun.status, 201U);
        return visit(consent(begun.text("/authorize_url")));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(own_platform_test)

BOOST_FIXTURE_TEST_CASE(one_file_adds_a_platform_that_connects_stays_alive_and_disconnects, chirp_server) {
    auto const listed = ask("GET", "/v1/platforms/chirp");
    BOOST_TEST(listed.text("/title") == "Chirp");
    BOOST_TEST(listed.text("/refresh/model") == "rotating");
    BOOST_TEST(listed.text("/redirect_uri") == url() + "/v1/connect/callback/chirp");

    auto const location = connect().header("location");
    BOOST_TEST(parameter(location, "status") == "connected");
    BOOST_TEST(parameter(location, "platform") == "chirp");
    auto const id = parameter(location, "account_id");
    auto const shown = account(id);
    BOOST_TEST(text(shown, "/platform") == "chirp");
    BOOST_TEST(text(shown, "/platform_user_id") == "1450000000000000001");
    BOOST_TEST(text(shown, "/username") == "ada_marlow");
    BOOST_TEST(shown.at("scopes").as_array().size() == 4U);
    BOOST_TEST(text(shown, "/next_refresh_at") < text(shown, "/access_expires_at"));

    BOOST_TEST(ask("GET", "/v1/accounts/" + id + "/health").text("/verdict") == "ok");
    BOOST_TEST(ask("POST", "/v1/accounts/" + id + "/refresh").status == 200U);
    BOOST_TEST(events("refresh_spent") == 1U);
    BOOST_TEST(ask("GET", "/v1/accounts/" + id + "/health").text("/verdict") == "ok");

    auto const gone = ask("DELETE", "/v1/accounts/" + id);
    BOOST_TEST(gone.text("/revocation") == "revoked");
    BOOST_TEST(events("token_revoked") == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
