// A workspace's own apps at the platforms.
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace connectd::tests {
namespace {

struct credentials_server : whole_server {
    // Each a little later than the one before: ids of one millisecond are in no particular order.
    answer store(std::string_view client_id, std::string_view secret = "a-secret-of-the-app") {
        pretend.clock().advance(std::chrono::seconds{1});
        return ask("POST", "/v1/credentials",
                   {{"platform", "x"}, {"client_id", client_id}, {"client_secret", secret}});
    }

    // The client ids of the list, the default one with a star.
    std::string listed(std::string const& query = {}) {
        std::string names;
        auto const got = ask("GET", "/v1/credentials" + query).json();
        for (auto const& each : got.at("data").as_array()) {
            names += (names.empty() ? "" : " ") + text(each, "/client_id") +
                     (each.at("is_default") == true ? "*" : "");
        }
        return names;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(credentials_test)

BOOST_FIXTURE_TEST_CASE(credentials_show_everything_but_the_secret, credentials_server) {
    auto const made = store("mine");
    BOOST_TEST(made.status == 201U);
    BOOST_TEST(made.text("/client_id") == "mine");
    BOOST_TEST(made.text("/redirect_uri") == url() + "/v1/connect/callback/x");
    BOOST_TEST(made.json().at("has_secret") == true);
    BOOST_TEST(made.body.find("a-secret-of-the-app") == std::string::npos);
    BOOST_TEST(ask("GET", "/v1/credentials").body.find("a-secret-of-the-app") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(the_first_of_a_platform_is_the_default_and_hands_it_on, credentials_server) {
    store("second");
    store("third");
    BOOST_TEST(listed() == "sandbox-app* second third");
    BOOST_TEST(listed("?platform=twitter") == "sandbox-app* second third");
    BOOST_TEST(listed("?platform=bluesky").empty());
    BOOST_TEST(ask("DELETE", "/v1/credentials/" + home.credentials).status == 204U);
    BOOST_TEST(listed() == "second* third");
    BOOST_TEST(parameter(begin_x().text("/authorize_url"), "client_id") == "second");
    BOOST_TEST(refusal(ask("DELETE", "/v1/credentials/" + home.credentials)) == "404 credentials_not_found");
    auto const fourth = store("fourth");
    BOOST_TEST(ask("DELETE", "/v1/credentials/" + fourth.text("/id")).status == 204U);
    BOOST_TEST(listed() == "second* third");
}

BOOST_FIXTURE_TEST_CASE(credentials_in_use_stay_unless_forced, credentials_server) {
    auto const id = connect_x("ada");
    auto const path = "/v1/credentials/" + home.credentials;
    auto const kept = ask("DELETE", path);
    BOOST_TEST(refusal(kept) == "409 credentials_in_use");
    BOOST_TEST(refusal(ask("DELETE", path + "?force=false")) == "409 credentials_in_use");
    BOOST_TEST(refusal(ask("DELETE", path + "?force=yes")) == "422 field_invalid");
    BOOST_TEST(ask("DELETE", path + "?force=true").status == 204U);
    BOOST_TEST(listed().empty());
    BOOST_TEST(text(account(id), "/status") == "active");
}

BOOST_FIXTURE_TEST_CASE(credentials_are_free_when_their_accounts_are_gone, credentials_server) {
    auto const id = connect_x("ada");
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + id).status == 200U);
    BOOST_TEST(ask("DELETE", "/v1/credentials/" + home.credentials).status == 204U);
}

BOOST_FIXTURE_TEST_CASE(a_session_whose_credentials_are_gone_ends_well, credentials_server) {
    auto const begun = begin_x();
    auto const callback = consent(begun.text("/authorize_url"));
    BOOST_TEST(ask("DELETE", "/v1/credentials/" + home.credentials).status == 204U);
    auto const location = visit(callback).header("location");
    BOOST_TEST(parameter(location, "status") == "failed");
    BOOST_TEST(parameter(location, "error") == "credentials_missing");
    BOOST_TEST(text(session(begun.text("/id")), "/status") == "failed");
    BOOST_TEST(accounts().empty());
}

BOOST_FIXTURE_TEST_CASE(credentials_of_the_wrong_platform_are_refused, credentials_server) {
    auto const unknown = ask("POST", "/v1/credentials", {{"platform", "myspace"}, {"client_id", "a"}});
    BOOST_TEST(refusal(unknown) == "422 platform_unknown");
}

BOOST_FIXTURE_TEST_CASE(lists_of_credentials_have_pages, credentials_server) {
    for (auto const* const name : {"b", "c", "d", "e"}) {
        store(name);
    }
    auto const first = ask("GET", "/v1/credentials?limit=2");
    BOOST_TEST(first.json().at("data").as_array().size() == 2U);
    auto const cursor = first.text("/next_cursor");
    BOOST_TEST(listed("?limit=2&cursor=" + cursor) == "c d");
    BOOST_TEST(listed("?limit=100&cursor=" + cursor) == "c d e");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
