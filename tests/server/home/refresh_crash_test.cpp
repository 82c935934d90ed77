// Goal: a process that is killed while a platform has its refresh token ends, after the next start, with a
// living token where the platform allows it, and otherwise with an account that says what happened. Method:
// the real program over the sandbox, which holds back its answer until the program is dead.
#include "tests/server/home/support.hpp"
#include "tests/support/client.hpp"
#include "tests/support/eventually.hpp"
#include "tools/sandbox/sandbox.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>

namespace connectd::server::testing {
namespace {

using tests::eventually;

sandbox::sandbox_options two_platforms() {
    sandbox::sandbox_options options;
    options.only = {"x", "bluesky"};
    return options;
}

struct crash_fixture {
    scratch_folder const scratch;
    sandbox::sandbox pretend{two_platforms()};
    std::optional<running_server> server;
    std::string key;

    crash_fixture() {
        write_text(scratch.path() / "connectd.toml", pretend.config_snippet());
        start();
        auto const root = read_file(scratch.path() / "data" / "root.key");
        auto const owner = server->make_workspace(root, "acme").json().at("id").as_string();
        key =
            post(root, "/v1/workspaces/" + std::string{owner} + "/api-keys", {{"name", "all"}}).text("/key");
    }

    void start() {
        server.emplace(scratch.path() / "data", std::vector<std::string>{},
                       std::vector<std::string>{"--config", (scratch.path() / "connectd.toml").string()});
        BOOST_REQUIRE_MESSAGE(server->ready(), server->said());
        auto& apps = pretend.x().apps();
        auto app = *apps.find(sandbox::sandbox::default_client_id);
        app.redirect_uris = {url() + "/v1/connect/callback/x"};
        apps.put(app);
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(server->port()); }
    tests::answer post(std::string const& by, std::string const& path, boost::json::object const& body) {
        return tests::client{url()}.post_json(path, boost::json::serialize(body),
                                              {{"Authorization", "Bearer " + by}});
    }
    tests::answer get(std::string const& path) {
        return tests::client{url()}.get(path, {{"Authorization", "Bearer " + key}});
    }
    std::string account(std::string const& id, std::string const& member) {
        return get("/v1/accounts/" + id).text("/" + member);
    }

    std::string connect_bluesky() {
        return post(key, "/v1/connect/bluesky",
                    {{"identifier", "ada.sandbox.test"}, {"app_password", "ada2-demo-pass-word"}})
            .text("/id");
    }
    std::string connect_x() {
        post(key, "/v1/credentials",
             {{"platform", "x"},
              {"client_id", sandbox::sandbox::default_client_id},
              {"client_secret", sandbox::sandbox::default_client_secret}});
        auto const authorize = post(key, "/v1/connect/sessions", {{"platform", "x"}}).text("/authorize_url");
        boost::json::object const wanted{
            {"authorize_url", authorize}, {"person", "ada"}, {"decision", "approve"}};
        auto const location = tests::client{pretend.control_url()}
                                  .post_json("/x/consent", boost::json::serialize(wanted))
                                  .text("/location");
        BOOST_TEST(tests::fetch(url(), "GET", location.substr(url().size())).status == 200U);
        return std::string{
            get("/v1/accounts?platform=x").json().at("data").as_array().at(0).at("id").as_string()};
    }

    // Kills the server while its refresh waits for the platform's answer.
    void crash_in_refresh(std::string const& id, std::string_view platform, std::string_view endpoint,
                          bool processed) {
        sandbox::fault held;
        held.platform = platform;
        held.endpoint = endpoint;
        held.kind = sandbox::fault_kind::hang;
        held.after_processing = processed;
        held.times = 1;
        pretend.faults().add(held);
        tests::client caller{url()};
        caller.write_request("POST", "/v1/accounts/" + id + "/refresh", {{"Authorization", "Bearer " + key}});
        BOOST_REQUIRE(eventually([&] { return pretend.faults().list().front().hits == 1; }));
        server->process().kill_hard();
        BOOST_TEST(server->process().wait_for_end() == -SIGKILL);
        pretend.clock().advance(std::chrono::seconds{10}); // the ends of Bluesky's tokens are whole seconds
        start();
    }
    std::size_t seen(std::string_view event) {
        auto const all = pretend.log().events(0, 10'000);
        return static_cast<std::size_t>(std::ranges::count(all, event, &sandbox::event_record::kind));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(refresh_crash_test, crash_fixture)

BOOST_AUTO_TEST_CASE(a_spent_token_that_the_platform_forgives_is_made_good_after_the_start) {
    auto const id = connect_bluesky();
    auto const before = account(id, "access_expires_at");
    crash_in_refresh(id, "bluesky", "refreshSession", true);
    BOOST_TEST(eventually([&] { return account(id, "access_expires_at") > before; }));
    BOOST_TEST(account(id, "status") == "active");
    BOOST_TEST(seen("refresh_reused_in_grace") == 1U);
    BOOST_TEST(get("/v1/accounts/" + id + "/health").text("/verdict") == "ok");
}

BOOST_AUTO_TEST_CASE(a_spent_token_that_is_not_forgiven_is_said_to_be_lost) {
    auto const id = connect_x();
    crash_in_refresh(id, "x", "refresh", true);
    BOOST_TEST(eventually([&] { return account(id, "status") == "token_expired"; }));
    BOOST_TEST(account(id, "status_cause") == "refresh_outcome_lost");
    BOOST_TEST(seen("refresh_replayed") == 1U); // the one try that is allowed
}

BOOST_AUTO_TEST_CASE(a_token_that_had_not_arrived_is_spent_after_the_start) {
    auto const id = connect_x();
    auto const before = account(id, "access_expires_at");
    crash_in_refresh(id, "x", "refresh", false);
    BOOST_TEST(eventually([&] { return account(id, "access_expires_at") > before; }));
    BOOST_TEST(account(id, "status") == "active");
    BOOST_TEST(seen("refresh_replayed") == 0U);
    BOOST_TEST(get("/v1/accounts/" + id + "/health").text("/verdict") == "ok");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::testing
