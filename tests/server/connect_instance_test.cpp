// A platform that is many servers: the user names one, this server registers an app there, and everything
// later happens there too.
#include "tests/server/pretend_server.hpp"
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

namespace connectd::tests {
namespace {

struct instance : pretend_server {
    explicit instance(authority const& ca) : pretend_server{ca} {
        register_as("app-1");
        set("POST /oauth/token",
            R"({"access_token":"token-1","token_type":"Bearer","scope":"profile write:statuses write:media"})");
        set("GET /api/v1/accounts/verify_credentials",
            R"({"id":"17","username":"ada","display_name":"Ada"})");
        set("POST /oauth/revoke", "{}");
    }
    void register_as(std::string const& id) {
        set("POST /api/v1/apps", R"({"client_id":")" + id + R"(","client_secret":"secret-of-)" + id +
                                     R"(","scopes":["profile","write:statuses","write:media"]})");
    }
    std::size_t registrations() const { return asked("POST /api/v1/apps").size(); }
};

struct certified {
    authority ca;
};

struct instance_server : certified, whole_server {
    instance_server()
        : whole_server{[this](server::config& settings) {
              settings.platforms.erase("mastodon"); // which leads every instance to the sandbox
              settings.outbound.ca_file = ca.file();
              settings.outbound.allow_private_addresses = true;
          }} {}

    answer begin(std::string const& where, boost::json::object body = {}) {
        body["platform"] = "mastodon";
        body["instance"] = where;
        body["return_url"] = return_url;
        return ask("POST", "/v1/connect/sessions", body);
    }
    std::string finish(answer const& begun) {
        auto const state = parameter(begun.text("/authorize_url"), "state");
        return visit("/v1/connect/callback/mastodon?code=a-code&state=" + state).header("location");
    }
    std::string connect(instance const& at) {
        auto const location = finish(begin(at.host()));
        BOOST_TEST(parameter(location, "status") == "connected", location);
        return parameter(location, "account_id");
    }

    instance one{ca};
};

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(connect_instance_test)

BOOST_FIXTURE_TEST_CASE(an_account_comes_in_lives_and_goes_at_its_instance, instance_server) {
    auto const begun = begin("@ada@" + one.host());
    BOOST_REQUIRE_EQUAL(begun.status, 201U);
    BOOST_TEST(begun.text("/instance") == one.url(""));
    auto const url = begun.text("/authorize_url");
    BOOST_TEST(url.starts_with(one.url("/oauth/authorize?")), url);
    BOOST_TEST(parameter(url, "client_id") == "app-1");
    BOOST_TEST(parameter(url, "redirect_uri") == this->url() + "/v1/connect/callback/mastodon");

    auto const location = finish(begun);
    BOOST_TEST(parameter(location, "status") == "connected", location);
    auto const shown = account(parameter(location, "account_id"));
    BOOST_TEST(text(shown, "/instance") == one.url(""));
    BOOST_TEST(text(shown, "/platform_user_id") == "17");
    BOOST_TEST(shown.at("quickstart") == false);

    BOOST_TEST(ask("DELETE", "/v1/accounts/" + text(shown, "/id")).text("/revocation") == "revoked");
    auto const revoked = one.asked("POST /oauth/revoke");
    BOOST_REQUIRE_EQUAL(revoked.size(), 1U);
    BOOST_TEST(says(revoked.front(), "token=token-1"));
    BOOST_TEST(says(revoked.front(), "client_secret=secret-of-app-1"));
}

BOOST_FIXTURE_TEST_CASE(the_app_bears_the_workspaces_name_and_is_kept_sealed, instance_server) {
    begin(one.host());
    auto const asked = one.asked("POST /api/v1/apps");
    BOOST_REQUIRE_EQUAL(asked.size(), 1U);
    BOOST_TEST((says(asked.front(), "client_name=Workspace%20home") ||
                says(asked.front(), "client_name=Workspace+home")),
               asked.front());
    auto const kept = ask("GET", "/v1/credentials?platform=mastodon");
    auto const body = kept.json();
    BOOST_REQUIRE_EQUAL(body.at("data").as_array().size(), 1U);
    BOOST_TEST(body.at_pointer("/data/0/registered") == true);
    BOOST_TEST(text(body, "/data/0/instance") == one.url(""));
    BOOST_TEST(!says(kept.body, "secret-of-app-1"));
}

BOOST_FIXTURE_TEST_CASE(sessions_that_come_together_register_once, instance_server) {
    std::vector<unsigned> statuses(6);
    {
        std::vector<std::jthread> callers;
        for (auto& status : statuses) {
            callers.emplace_back([this, &status] { status = begin(one.host()).status; });
        }
    }
    BOOST_TEST(statuses == std::vector<unsigned>(6, 201U), boost::test_tools::per_element());
    BOOST_TEST(one.registrations() == 1U);
    connect(one);
    BOOST_TEST(one.registrations() == 1U);
}

BOOST_FIXTURE_TEST_CASE(one_id_on_two_instances_is_two_accounts, instance_server) {
    instance const other{ca};
    auto const first = connect(one);
    BOOST_TEST(connect(other) != first);
    BOOST_TEST(connect(one) == first);
    BOOST_TEST(accounts().size() == 2U);
    auto const filtered = ask("GET", "/v1/accounts?instance=" + one.host()).json();
    BOOST_REQUIRE_EQUAL(filtered.at("data").as_array().size(), 1U);
    BOOST_TEST(text(filtered, "/data/0/id") == first);
}

BOOST_FIXTURE_TEST_CASE(a_reconnect_goes_to_the_instance_of_the_account, instance_server) {
    instance const other{ca};
    auto const id = connect(one);
    auto const again = ask("POST", "/v1/connect/sessions", {{"platform", "mastodon"}, {"account_id", id}});
    BOOST_TEST(again.text("/instance") == one.url(""));
    auto const elsewhere = begin(other.host(), {{"account_id", id}});
    BOOST_TEST(refusal(elsewhere) == "422 field_invalid");
    BOOST_TEST(field_errors(elsewhere) == "/instance field_invalid");
}

BOOST_FIXTURE_TEST_CASE(an_instance_that_forgot_the_app_gets_a_new_one, instance_server) {
    auto const begun = begin(one.host());
    one.set("POST /oauth/token", R"({"error":"invalid_client"})", "401 Unauthorized");
    auto const location = finish(begun);
    BOOST_TEST(parameter(location, "error") == "app_forgotten", location);
    BOOST_TEST(says(parameter(location, "error_description"), "registers a new one"));
    one.register_as("app-2");
    BOOST_TEST(parameter(begin(one.host()).text("/authorize_url"), "client_id") == "app-2");
    BOOST_TEST(one.registrations() == 2U);
}

BOOST_FIXTURE_TEST_CASE(credentials_of_an_instance_can_be_stored_by_hand, instance_server) {
    auto const made = ask("POST", "/v1/credentials",
                          {{"platform", "mastodon"},
                           {"instance", one.host()},
                           {"client_id", "own-app"},
                           {"client_secret", "own-secret"}});
    BOOST_REQUIRE_EQUAL(made.status, 201U);
    BOOST_TEST(made.json().at("registered") == false);
    BOOST_TEST(parameter(begin(one.host()).text("/authorize_url"), "client_id") == "own-app");
    BOOST_TEST(one.registrations() == 0U);
    auto const nowhere = ask("POST", "/v1/credentials",
                             {{"platform", "mastodon"}, {"client_id", "a"}, {"client_secret", "s"}});
    BOOST_TEST(field_errors(nowhere) == "/instance field_invalid");
}

BOOST_FIXTURE_TEST_CASE(the_hosted_page_leads_to_the_instance, instance_server) {
    auto const begun = begin(one.host());
    auto const page = visit("/connect/" + begun.text("/id"));
    BOOST_TEST(says(page.body, "\"" + one.url("/oauth/authorize?")), page.body);
    auto const state = parameter(begun.text("/authorize_url"), "state");
    auto const ended = visit("/v1/connect/callback/mastodon?code=a-code&state=" + state, cookie_of(page));
    BOOST_TEST(parameter(ended.header("location"), "status") == "connected");
}

// A server that has moved comes back to another redirect URI, which the app of before does not allow.
BOOST_FIXTURE_TEST_CASE(the_sandbox_takes_an_app_registered_for_where_the_server_is, whole_server) {
    boost::json::object const wanted{
        {"platform", "mastodon"}, {"instance", "mastodon.sandbox.test"}, {"return_url", return_url}};
    std::string first;
    for (int address = 0; address < 2; ++address) {
        for (int session = 0; session < 2; ++session) {
            auto const begun = ask("POST", "/v1/connect/sessions", wanted);
            auto const back = consent(begun.text("/authorize_url"), "ada", "approve", "mastodon");
            auto const location = visit(back).header("location");
            BOOST_TEST(parameter(location, "status") == "connected", location);
            first = first.empty() ? parameter(location, "account_id") : first;
            BOOST_TEST(parameter(location, "account_id") == first);
        }
        BOOST_TEST(requests("apps") == static_cast<std::size_t>(address) + 1U);
        restart();
    }
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + first).text("/revocation") == "revoked");
}

BOOST_FIXTURE_TEST_CASE(what_is_no_instance_is_refused_by_name, instance_server) {
    for (std::string const wrong : {"", "not a host", "ftp://a.example", "https://a:b@c.example"}) {
        auto const got = begin(wrong);
        BOOST_TEST(refusal(got) == "422 field_invalid", wrong);
        BOOST_TEST(field_errors(got) == "/instance field_invalid", wrong);
    }
    auto const none = ask("POST", "/v1/connect/sessions", {{"platform", "mastodon"}});
    BOOST_TEST(field_errors(none) == "/instance field_invalid");
    auto const single = ask("POST", "/v1/connect/sessions", {{"platform", "x"}, {"instance", one.host()}});
    BOOST_TEST(field_errors(single) == "/instance field_invalid");
    one.set("POST /api/v1/apps", "<html>", "404 Not Found");
    BOOST_TEST(field_errors(begin(one.host())) == "/instance field_invalid");
}

struct guarded_server : whole_server {
    guarded_server()
        : whole_server{[](server::config& settings) {
              settings.platforms.erase("mastodon");
              settings.outbound.allow_private_addresses = false;
          }} {}
};

BOOST_FIXTURE_TEST_CASE(a_private_address_is_not_called, guarded_server) {
    authority const ca;
    instance const inside{ca};
    auto const got =
        ask("POST", "/v1/connect/sessions", {{"platform", "mastodon"}, {"instance", inside.host()}});
    BOOST_TEST(refusal(got) == "422 field_invalid");
    BOOST_TEST(field_errors(got) == "/instance field_invalid");
    BOOST_TEST(says(got.text("/detail"), "private network"), got.body);
    BOOST_TEST(inside.registrations() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
