// The sandbox as a whole: ports, threads, its configuration lines, and its end.
#include "tests/sandbox/stage.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace connectd::tests {
namespace {

BOOST_AUTO_TEST_SUITE(sandbox_test)

BOOST_AUTO_TEST_CASE(the_configuration_names_every_endpoint_of_this_sandbox) {
    stage on;
    auto const text = on.pretend.config_snippet();
    for (auto const& line : {"[platforms.x]", "[platforms.bluesky]", "[outbound]",
                             "allow_private_addresses = true", "allow_http = true"})
        BOOST_TEST(text.find(line) != std::string::npos, line);
    BOOST_TEST(text.find("token_url = \"" + on.pretend.x_url() + "/2/oauth2/token\"") != std::string::npos);
    BOOST_TEST(text.find("plc_url = \"" + on.pretend.bluesky_url() + "/plc\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_sandboxes_know_nothing_of_each_other) {
    stage one;
    stage other;
    BOOST_TEST(one.pretend.x_url() != other.pretend.x_url());
    auto const got = one.connect();
    BOOST_TEST(other.x.get("/2/users/me", {bearer(got.text("/access_token"))}).status == 401);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_said_at_once) {
    stage on;
    auto options = stage::defaults();
    auto const url = on.pretend.x_url();
    options.ports["x"] = static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    BOOST_CHECK_THROW(sandbox::sandbox{options}, boost::system::system_error);
    options.ports["x"] = 0;
    options.address = "nowhere";
    BOOST_CHECK_THROW(sandbox::sandbox{options}, boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(it_stops_with_connections_open_and_a_second_time) {
    stage on;
    BOOST_TEST(on.x.get("/2/nothing").status == 404);
    on.pretend.stop();
    BOOST_TEST(on.x.send("GET", "/2/nothing").status == 0U);
    on.pretend.stop();
}

// Goal: the stores hold together when several threads serve them. Method: four clients connect, refresh and
// call at once on two serving threads; every step must succeed, and every identity must be the one that was
// asked for.
BOOST_AUTO_TEST_CASE(many_clients_on_several_threads) {
    auto options = stage::defaults();
    options.threads = 2;
    options.enforce_rate_limits = false;
    stage on{options};
    std::atomic<int> good = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back([&on, &good, i] {
            std::string const person = i % 2 == 0 ? "ada" : "ben";
            client x{on.pretend.x_url()};
            client control{on.pretend.control_url()};
            for (int round = 0; round < 20; ++round) {
                auto const url = on.pretend.x_url() + stage::authorize_target();
                auto const given = control.post_json("/x/consent", R"({"authorize_url":")" + url +
                                                                       R"(","person":")" + person + R"("})");
                auto const got =
                    x.post_form("/2/oauth2/token",
                                query_of({{"grant_type", "authorization_code"},
                                          {"code", parameter_of(given.text("/location"), "code")},
                                          {"redirect_uri", std::string{stage::redirect_uri}},
                                          {"code_verifier", std::string{stage::verifier}}}),
                                {basic()});
                auto const again = x.post_form(
                    "/2/oauth2/token", "grant_type=refresh_token&refresh_token=" + got.text("/refresh_token"),
                    {basic()});
                auto const me = x.get("/2/users/me", {bearer(again.text("/access_token"))});
                good += me.text("/data/username").starts_with(person) ? 1 : 0;
            }
        });
    for (auto& each : clients)
        each.join();
    BOOST_TEST(good == 80);
    BOOST_TEST(on.events("refresh_replayed") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
