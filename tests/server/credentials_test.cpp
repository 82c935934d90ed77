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

BOOST_FIXTURE_TEST_CASE(what_can_be_changed_and_what_cannot, credentials_server) {
    auto const second = store("second");
    auto const path = "/v1/credentials/" + second.text("/id");
    auto const changed = ask("PATCH", path, {{"name", "Ours"}, {"is_default", true}, {"pkce", "none"}});
    BOOST_TEST(changed.status == 200U);
    BOOST_TEST(changed.text("/pkce") == "none");
    BOOST_TEST(listed() == "sandbox-app second*");
    BOOST_TEST(ask("GET", path).body == changed.body);
    BOOST_TEST(ask("PATCH", path, {{"pkce", nullptr}}).json().at("pkce").is_null());
    auto const wrong = [&](boost::json::object const& body) {
        auto const got = ask("PATCH", path, body);
        return refusal(got) + ": " + field_errors(got);
    };
    for (auto const* const fixed : {"platform", "client_id", "client_secret", "instance", "issuer"}) {
        BOOST_TEST(wrong({{fixed, "x"}}) == "422 field_fixed: /" + std::string{fixed} + " field_fixed");
    }
    BOOST_TEST(wrong({{"is_default", false}}) == "422 field_invalid: /is_default field_invalid");
    BOOST_TEST(wrong({{"pkce", "S512"}}) == "422 field_invalid: /pkce field_invalid");
    BOOST_TEST(wrong({{"name", " "}}) == "422 field_invalid: /name field_invalid");
    BOOST_TEST(ask("PATCH", "/v1/credentials/" + home.credentials, {{"is_default", true}}).status == 200U);
    BOOST_TEST(listed() == "sandbox-app* second");
}

// The customer changes the secret here and at the platform, in whichever order.
BOOST_FIXTURE_TEST_CASE(a_rotated_secret_and_the_one_before_are_tried, credentials_server) {
    auto const account = connect_x("ada");
    auto const rotate = "/v1/credentials/" + home.credentials + "/rotate-secret";
    auto const at_platform = [&](std::string_view secret) {
        pretend.x().apps().put({std::string{sandbox::sandbox::default_client_id},
                                std::string{secret},
                                "Sandbox App",
                                true,
                                {url() + "/v1/connect/callback/x"}});
    };
    auto const refresh = [&] { return ask("POST", "/v1/accounts/" + account + "/refresh"); };
    auto const rotated =
        ask("POST", rotate, {{"client_secret", "the-new-secret"}, {"overlap_seconds", 3600}});
    BOOST_TEST(rotated.status == 200U);
    BOOST_TEST(!rotated.text("/previous_secret_until").empty());
    BOOST_TEST(rotated.body.find("the-new-secret") == std::string::npos);
    BOOST_TEST(refresh().status == 200U); // with the old one
    connect_x("ben");
    at_platform("the-new-secret");
    BOOST_TEST(refresh().status == 200U);
    at_platform(sandbox::sandbox::default_client_secret);
    pretend.clock().advance(std::chrono::hours{2});
    BOOST_TEST(refusal(refresh()) == "422 app_refused");
    BOOST_TEST(
        ask("GET", "/v1/credentials/" + home.credentials).json().at("previous_secret_until").is_null());
    BOOST_TEST(text(this->account(account), "/status") == "active");
    BOOST_TEST(refusal(ask("POST", rotate, {{"client_secret", "s"}, {"overlap_seconds", 9'000'000}})) ==
               "422 field_invalid");
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
