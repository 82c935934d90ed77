// The server as a process has it: starting again on what was stored, its own state, stopping, and clients
// that are slow or silent.
#include "server/key_files.hpp"
#include "server/start_error.hpp"
#include "tests/server/whole_server.hpp"
#include "tests/support/eventually.hpp"

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <list>
#include <string>
#include <thread>

namespace connectd::tests {
namespace {

bool refuses_connections(std::string const& url) {
    try {
        client const one{url};
        return false;
    } catch (boost::system::system_error const&) {
        return true;
    }
}

sandbox::fault hanging(std::string_view endpoint) {
    sandbox::fault made;
    made.platform = "x";
    made.endpoint = endpoint;
    made.kind = sandbox::fault_kind::hang;
    return made;
}

struct impatient_server : whole_server {
    impatient_server()
        : whole_server{[](server::config& made) {
              made.limits.header_timeout = std::chrono::milliseconds{300};
              made.limits.body_timeout = std::chrono::milliseconds{300};
          }} {}
};

struct hurried_server : whole_server {
    hurried_server()
        : whole_server{[](server::config& made) { made.shutdown_grace = std::chrono::milliseconds{200}; }} {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(server_life_test)

BOOST_FIXTURE_TEST_CASE(everything_is_there_after_a_restart, whole_server) {
    auto const x = connect_x("ada");
    auto const sky = connect_bluesky("ben");
    auto const pending = begin_x();
    auto const done = try_connect_x("cleo").header("location");
    auto const shown = accounts();
    BOOST_REQUIRE(shown.size() == 3U);
    restart();
    BOOST_TEST(accounts() == shown);
    BOOST_TEST(text(session(pending.text("/id")), "/status") == "pending");
    BOOST_TEST(text(session(parameter(done, "session_id")), "/status") == "completed");
    BOOST_TEST(ask_as(root_key, "GET", "/v1/workspaces").json().at("data").as_array().size() == 1U);
    BOOST_TEST(ask("GET", "/v1/credentials").json().at("data").as_array().size() == 1U);

    // The tokens still open, and so does the app's secret: both are needed to revoke.
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + x).text("/revocation") == "revoked");
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + sky).text("/revocation") == "revoked");
    BOOST_TEST(events("token_revoked") == 2U);
    connect_x("ada");
}

BOOST_FIXTURE_TEST_CASE(a_callback_finds_its_session_after_a_restart, whole_server) {
    auto const begun = begin_x();
    auto const used = consent(begin_x().text("/authorize_url"), "ben");
    BOOST_TEST(visit(used).status == 302U);
    auto const before = url();
    auto authorize = begun.text("/authorize_url");
    restart();
    BOOST_TEST(visit(used).status == 409U);
    // The port is another now, which no installation's is: the old redirect URI stays registered for this.
    auto& apps = pretend.x().apps();
    auto app = *apps.find(sandbox::sandbox::default_client_id);
    app.redirect_uris.push_back(before + "/v1/connect/callback/x");
    apps.put(app);
    auto const location = visit(consent(authorize)).header("location");
    BOOST_TEST(parameter(location, "session_id") == begun.text("/id"));
    BOOST_TEST(parameter(location, "error") == (url() == before ? "" : "code_refused"));
}

BOOST_FIXTURE_TEST_CASE(a_folder_belongs_to_one_server, whole_server) {
    BOOST_CHECK_THROW((server::app{settings(), pretend.clock()}), server::start_error);
    BOOST_TEST(ask("GET", "/v1/accounts").status == 200U);
}

BOOST_FIXTURE_TEST_CASE(a_missing_or_wrong_master_key_stops_the_start_and_changes_nothing, whole_server) {
    auto const id = connect_x("ada");
    leave();
    auto const key = folder() / server::master_key_name;
    auto const kept = folder() / "kept.key";
    std::filesystem::rename(key, kept);
    BOOST_CHECK_THROW(start(), server::start_error);
    BOOST_TEST(!std::filesystem::exists(key));
    {
        whole_server const other;
        std::filesystem::copy_file(other.folder() / server::master_key_name, key);
    }
    BOOST_CHECK_THROW(start(), server::start_error);
    std::filesystem::remove(key);
    std::filesystem::rename(kept, key);
    start();
    BOOST_TEST(text(account(id), "/status") == "active");
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + id).text("/revocation") == "revoked");
}

BOOST_FIXTURE_TEST_CASE(the_server_tells_how_it_is, whole_server) {
    auto const health = ask_as("", "GET", "/healthz");
    BOOST_TEST(health.status == 200U);
    BOOST_TEST(health.text("/status") == "ok");
    auto const ready = ask_as("", "GET", "/readyz");
    BOOST_TEST(ready.status == 200U);
    BOOST_TEST(ready.text("/status") == "ready");

    connect_x("ada");
    auto const metrics = ask_as("", "GET", "/metrics");
    BOOST_TEST(metrics.status == 200U);
    BOOST_TEST(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
    BOOST_TEST(metrics.body.find("connectd_store_writable 1\n") != std::string::npos);
    BOOST_TEST(metrics.body.find("/v1/connect/callback/{platform}") != std::string::npos);
    for (auto const& secret : issued_secrets()) {
        BOOST_TEST(metrics.body.find(secret) == std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(key_files_are_for_their_owner_only, whole_server) {
    using std::filesystem::perms;
    for (auto const* const name : {server::master_key_name, server::root_key_name}) {
        auto const mode = std::filesystem::status(folder() / name).permissions();
        BOOST_TEST((mode == (perms::owner_read | perms::owner_write)), name);
    }
}

BOOST_FIXTURE_TEST_CASE(stopping_finishes_a_callback_that_is_under_way, whole_server) {
    for (auto const* const endpoint : {"token", "users_me"}) {
        auto const begun = begin_x();
        auto const callback = consent(begun.text("/authorize_url"), "fresh");
        pretend.faults().add(hanging(endpoint));
        client browser{url()};
        browser.write_request("GET", callback);
        BOOST_REQUIRE(eventually([&] { return held() == 1; }));
        std::jthread stopper{[&] { stop(); }};
        BOOST_TEST(eventually([&] { return refuses_connections(url()); }));
        pretend.faults().clear();
        auto const got = browser.read();
        stopper.join();
        BOOST_TEST(got.status == 302U);
        auto const id = parameter(got.header("location"), "account_id");
        restart();
        BOOST_TEST(text(account(id), "/status") == "active");
        BOOST_TEST(text(session(begun.text("/id")), "/status") == "completed");
    }
}

BOOST_FIXTURE_TEST_CASE(stopping_finishes_a_callback_whose_browser_has_left, whole_server) {
    auto const begun = begin_x();
    auto const callback = consent(begun.text("/authorize_url"));
    pretend.faults().add(hanging("users_me"));
    client browser{url()};
    browser.write_request("GET", callback);
    BOOST_REQUIRE(eventually([&] { return held() == 1; }));
    browser.leave();
    std::jthread stopper{[&] { stop(); }};
    BOOST_TEST(eventually([&] { return refuses_connections(url()); }));
    pretend.faults().clear();
    stopper.join();
    restart();
    BOOST_TEST(text(session(begun.text("/id")), "/status") == "completed");
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(stopping_does_not_wait_for_ever, hurried_server) {
    auto const begun = begin_x();
    auto const callback = consent(begun.text("/authorize_url"));
    pretend.faults().add(hanging("token"));
    client browser{url()};
    browser.write_request("GET", callback);
    BOOST_REQUIRE(eventually([&] { return held() == 1; }));
    stop();
    BOOST_TEST(browser.read().status == 0U); // cut off
    pretend.faults().clear();
    restart();
    BOOST_TEST(accounts().empty());
    BOOST_TEST(text(session(begun.text("/id")), "/status") == "pending");
    connect_x("ada");
}

BOOST_FIXTURE_TEST_CASE(a_client_that_does_not_finish_its_request_is_told_so, impatient_server) {
    client head{url()};
    head.write("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ");
    BOOST_TEST(refusal(head.read()) == "408 request_timeout");
    client body{url()};
    body.write("POST /v1/profiles HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + home.key +
               "\r\nContent-Length: 100\r\n\r\n{\"na");
    BOOST_TEST(refusal(body.read()) == "408 request_timeout");
    BOOST_TEST(ask("GET", "/v1/profiles").json().at("data").as_array().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(silent_connections_do_not_stop_others, whole_server) {
    std::list<client> silent;
    while (silent.size() < 200) {
        silent.emplace_back(url());
    }
    BOOST_TEST(ask("GET", "/healthz").status == 200U);
    connect_x("ada");
    BOOST_TEST(silent.back().get("/healthz").status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
