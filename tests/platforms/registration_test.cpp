// Registering an application at a server named by a user: Mastodon of every age, its forks, and what is no
// Mastodon at all.
#include "platforms/instance.hpp"
#include "platforms/registration.hpp"
#include "tests/platforms/http_fixture.hpp"
#include "tests/platforms/scripted_client.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::tests::header;
using connectd::tests::http_fixture;
using connectd::tests::run;
using connectd::tests::scripted_client;

descriptor a_platform() {
    descriptor made;
    made.name = "mastodon";
    made.instances = instance_kind::host;
    made.endpoints.registration_url = "{instance}/api/v1/apps";
    made.scopes.fallback = {"read:accounts", "write:statuses"};
    return made;
}

struct fixture {
    boost::asio::io_context context{1};
    scripted_client client;
    descriptor mastodon = at_instance(a_platform(), "https://mastodon.example");
    app_registration wanted{
        "Hub & Co", "https://hub.example/cb/mastodon", {"profile", "write:statuses"}, "https://hub.example"};
    deadline until = deadline(std::chrono::hours(1000));

    outcome<registered_app> enter() { return run(context, register_app(client, mastodon, wanted, until)); }
};

constexpr auto unknown_scope =
    R"({"error":"Validation failed: Scopes doesn't match configured on the server."})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(registration_test, fixture)

BOOST_AUTO_TEST_CASE(an_application_is_registered_with_one_request) {
    client.answer(200, R"({"id":"70412","name":"Hub & Co","website":"https://hub.example",
        "scopes":["profile","write:statuses"],"redirect_uri":"https://hub.example/cb/mastodon",
        "redirect_uris":["https://hub.example/cb/mastodon"],"client_id":"u1V","client_secret":"Qz9",
        "client_secret_expires_at":0,"vapid_key":"BCk"})");
    auto const made = enter();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->client_id == "u1V");
    BOOST_TEST(made->client_secret.reveal() == "Qz9");
    BOOST_TEST(made->scopes == (std::vector<std::string>{"profile", "write:statuses"}),
               boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(client.sent.size() == 1u);
    auto const& sent = client.sent[0];
    BOOST_TEST(sent.method == "POST");
    BOOST_TEST(sent.url == "https://mastodon.example/api/v1/apps");
    BOOST_TEST(header(sent, "Content-Type") == "application/x-www-form-urlencoded");
    BOOST_TEST(header(sent, "Authorization") == "");
    BOOST_TEST(sent.body == "client_name=Hub+%26+Co&redirect_uris=https%3A%2F%2Fhub.example%2Fcb%2Fmastodon"
                            "&scopes=profile+write%3Astatuses&website=https%3A%2F%2Fhub.example");
    BOOST_TEST(sent.user_given_url);
}

BOOST_AUTO_TEST_CASE(an_answer_of_the_least_is_enough) {
    wanted.website = "";
    client.answer(200, R"({"client_id":12345678901234567890,"client_secret":"s"})");
    auto const made = enter();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->client_id == "12345678901234567890");
    BOOST_TEST(made->scopes == wanted.scopes, boost::test_tools::per_element());
    BOOST_TEST(client.sent[0].body.ends_with("&scopes=profile+write%3Astatuses"));
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_know_a_scope_is_asked_again) {
    client.answer(422, unknown_scope);
    client.answer(200, R"({"client_id":"c","client_secret":"s"})");
    auto const made = enter();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->scopes == mastodon.scopes.fallback, boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(client.sent.size() == 2u);
    BOOST_TEST(client.sent[1].body.find("&scopes=read%3Aaccounts+write%3Astatuses&") != std::string::npos);
    BOOST_TEST(client.sent[1].user_given_url);
    BOOST_TEST((client.deadlines[1] == until));
}

BOOST_AUTO_TEST_CASE(a_registration_refused_twice_is_refused) {
    client.answer(422, unknown_scope);
    client.answer(422, R"({"error":"Validation failed: Redirect URI must be an absolute URI."})");
    auto const made = enter();
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error().what == verdict::operator_fault);
    BOOST_TEST(made.error().code == errc::request_refused);
    BOOST_TEST(made.error().http_status == 422u);
}

BOOST_AUTO_TEST_CASE(there_is_no_second_try_without_other_scopes) {
    client.answer(422, unknown_scope);
    wanted.scopes = mastodon.scopes.fallback;
    BOOST_TEST(enter().error().code == errc::request_refused);
    client.answer(422, unknown_scope);
    wanted.scopes = {"profile"};
    mastodon.scopes.fallback.clear();
    BOOST_TEST(enter().error().code == errc::request_refused);
    BOOST_TEST(client.sent.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_server_of_another_kind_is_no_instance) {
    client.answer(404, "<html>Not here</html>");
    client.answer(405, R"({"error":"method"})");
    client.answer(301, "", {{"Location", "https://www.mastodon.example/api/v1/apps"}});
    client.answer(200, "<html>Welcome to our shop</html>");
    while (!client.done()) {
        auto const made = enter();
        BOOST_TEST_REQUIRE(!made.has_value());
        BOOST_TEST(made.error().what == verdict::refused);
        BOOST_TEST(made.error().code == errc::invalid_instance);
    }
    BOOST_TEST(client.sent.size() == 4u);
}

BOOST_AUTO_TEST_CASE(trouble_at_the_server_passes) {
    client.answer(429, R"({"error":"Too many requests"})", {{"Retry-After", "30"}});
    auto const throttled = enter();
    BOOST_TEST(throttled.error().code == errc::rate_limited);
    BOOST_TEST((throttled.error().retry_after == std::chrono::seconds(30)));
    client.answer(503, "");
    BOOST_TEST(enter().error().what == verdict::temporary);
    client.answer(403, "<html>Checking your browser</html>");
    BOOST_TEST(enter().error().what == verdict::temporary);
    client.fail(errc::timed_out);
    BOOST_TEST(enter().error().what == verdict::temporary);
    client.fail(errc::resolve_failed);
    BOOST_TEST(enter().error().code == errc::resolve_failed);
}

BOOST_AUTO_TEST_CASE(credentials_that_cannot_be_kept_are_no_registration) {
    for (std::string const body :
         {R"({})", R"([])", R"({"client_id":"c"})", R"({"client_secret":"s"})",
          R"({"client_id":"","client_secret":"s"})", R"({"client_id":"a\u0000b","client_secret":"s"})",
          R"({"client_id":["c"],"client_secret":"s"})"}) {
        client.answer(200, body);
        auto const made = enter();
        BOOST_TEST_REQUIRE(!made.has_value(), body);
        BOOST_TEST(made.error().what == verdict::temporary);
        BOOST_TEST(made.error().code == errc::malformed_answer);
    }
    client.answer(200, R"({"client_id":")" + std::string(600, 'c') + R"(","client_secret":"s"})");
    BOOST_TEST(!enter().has_value());
    client.answer(200, R"({"client_id":"c","client_secret":")" + std::string(5000, 's') + "\"}");
    BOOST_TEST(!enter().has_value());
}

BOOST_AUTO_TEST_CASE(scopes_that_are_no_list_of_words_are_passed_over) {
    client.answer(200, R"({"client_id":"c","client_secret":"s","scopes":["profile",7,null,"","a\u0007b"]})");
    BOOST_TEST(enter().value().scopes == (std::vector<std::string>{"profile", "7", "a b"}),
               boost::test_tools::per_element());
    client.answer(200, R"({"client_id":"c","client_secret":"s","scopes":"profile"})");
    BOOST_TEST(enter().value().scopes == wanted.scopes, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(an_instance_inside_our_own_network_is_never_asked, http_fixture) {
    std::atomic<int> asked = 0;
    connectd::tests::scripted_server inner([&](auto& who) {
        who.read_request();
        ++asked;
    });
    http::pool by(context, names);
    for (std::string const server : {"inner.example", "127.0.0.1", "[::1]"}) {
        auto const origin = parse_instance(server + ":" + std::to_string(inner.port())).value();
        auto const there = at_instance(a_platform(), origin);
        auto const made =
            run(context, register_app(by, there, {"Hub", "https://hub.example/cb", {"profile"}, ""},
                                      connectd::tests::late()));
        BOOST_TEST_REQUIRE(!made.has_value());
        BOOST_TEST(made.error().what == verdict::refused);
        BOOST_TEST(made.error().code == errc::address_refused);
    }
    BOOST_TEST(inner.connections() == 0u);
    BOOST_TEST(asked == 0);
}

BOOST_AUTO_TEST_SUITE_END()
