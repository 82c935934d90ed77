// Accounts that stay alive by themselves: the whole server over the sandbox, whose clock is moved through
// days while the sandbox watches over every token that is spent.
#include "server/api/render.hpp"
#include "tests/server/whole_server.hpp"
#include "tests/support/eventually.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

namespace connectd::tests {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

struct refresh_server : whole_server {
    explicit refresh_server(std::chrono::milliseconds grace = std::chrono::seconds{60})
        : whole_server{[grace](server::config& made) {
              made.refresh.interval = 10ms; // of real time, while the clock leaps
              made.shutdown_grace = grace;
          }} {}

    void pass(std::chrono::milliseconds time) { BOOST_REQUIRE(pretend.clock().advance(time)); }
    answer refresh(std::string_view id) {
        return ask("POST", "/v1/accounts/" + std::string{id} + "/refresh");
    }
    answer health(std::string_view id) { return ask("GET", "/v1/accounts/" + std::string{id} + "/health"); }
    // The access token has longer to live than any that is due to be refreshed.
    bool is_fresh(std::string_view id) {
        return text(account(id), "/access_expires_at") >
               server::api::render_time(pretend.clock().now() + 15min);
    }
    std::string status(std::string_view id) { return text(account(id), "/status"); }
    // Every attempt that was due is over: the next one lies ahead.
    bool is_planned(std::string_view id) {
        return text(account(id), "/next_refresh_at") > server::api::render_time(pretend.clock().now());
    }
    bool was_told(std::string_view id, std::string_view type) {
        auto const all = told_of(id);
        return std::ranges::find(all, type) != all.end();
    }

    void break_down(std::string_view platform, std::string_view endpoint, sandbox::fault_kind how,
                    std::optional<std::uint64_t> times = {}) {
        sandbox::fault made;
        made.platform = platform;
        made.endpoint = endpoint;
        made.kind = how;
        made.times = times;
        if (how == sandbox::fault_kind::status) {
            made.status = 503;
        }
        pretend.faults().add(made);
    }
};

struct hurried_server : refresh_server {
    hurried_server() : refresh_server{100ms} {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(refresh_test)

BOOST_FIXTURE_TEST_CASE(accounts_stay_alive_for_days_and_no_token_is_spent_twice, refresh_server) {
    auto const x = connect_x("ada");
    auto const sky = connect_bluesky("ben");
    for (std::chrono::minutes passed{0}; passed < days{5}; passed += 116min) {
        pass(116min);
        BOOST_REQUIRE(eventually([&] { return is_fresh(x) && is_fresh(sky); }));
    }
    BOOST_TEST(status(x) == "active");
    BOOST_TEST(status(sky) == "active");
    BOOST_TEST(events("refresh_spent") > 100U);
    BOOST_TEST(events("refresh_replayed") == 0U);
    BOOST_TEST(events("refresh_reused_in_grace") == 0U);
    BOOST_TEST(events("refresh_refused") == 0U);
    BOOST_TEST(health(x).text("/verdict") == "ok");
    BOOST_TEST(health(sky).text("/verdict") == "ok");
    restart();
    pass(116min);
    BOOST_TEST(eventually([&] { return is_fresh(x) && is_fresh(sky); }));
    BOOST_TEST(events("refresh_replayed") == 0U);
}

BOOST_FIXTURE_TEST_CASE(what_came_due_while_no_server_ran_is_done_at_the_start, refresh_server) {
    auto const x = connect_x("ada");
    auto const sky = connect_bluesky("ben");
    leave();
    pass(days{30});
    start();
    BOOST_TEST(eventually([&] { return is_fresh(x) && is_fresh(sky); }));
    BOOST_TEST(health(x).text("/verdict") == "ok");
}

BOOST_FIXTURE_TEST_CASE(an_account_shows_its_next_refresh_and_can_be_refreshed_by_hand, refresh_server) {
    auto const id = connect_x("ada");
    pass(30min);
    auto const before = account(id);
    auto const got = refresh(id);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.text("/id") == id);
    BOOST_TEST(got.text("/access_expires_at") > text(before, "/access_expires_at"));
    BOOST_TEST(got.text("/next_refresh_at") > text(before, "/next_refresh_at"));
    BOOST_TEST(account(id) == got.json());
    BOOST_TEST(events("refresh_spent") == 1U);
    BOOST_TEST(was_told(id, "token.refreshed"));
    for (auto const& secret : issued_secrets()) {
        BOOST_TEST(got.body.find(secret) == std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(refreshing_and_checking_want_their_scopes_and_their_tenant, refresh_server) {
    auto const id = connect_x("ada");
    auto const path = "/v1/accounts/" + id;
    auto const reader = make_key(home, {"accounts:read"});
    auto const writer = make_key(home, {"accounts:write"});
    BOOST_TEST(refusal(ask_as(reader, "POST", path + "/refresh")) == "403 scope_missing");
    BOOST_TEST(refusal(ask_as(writer, "GET", path + "/health")) == "403 scope_missing");
    auto const other = make_tenant("other");
    BOOST_TEST(refusal(ask_as(other.key, "POST", path + "/refresh")) == "404 account_not_found");
    BOOST_TEST(refusal(ask_as(other.key, "GET", path + "/health")) == "404 account_not_found");
    BOOST_TEST(ask_as(writer, "POST", path + "/refresh").status == 200U);
    BOOST_TEST(ask_as(reader, "GET", path + "/health").status == 200U);
}

BOOST_FIXTURE_TEST_CASE(many_who_ask_at_once_spend_one_token, refresh_server) {
    auto const id = connect_x("ada");
    break_down("x", "refresh", sandbox::fault_kind::hang, 1);
    std::vector<std::jthread> askers;
    std::atomic<int> good{0};
    for (int number = 0; number < 6; ++number) {
        askers.emplace_back([&] { good += refresh(id).status == 200 ? 1 : 0; });
    }
    BOOST_REQUIRE(eventually([&] { return held() == 1; }));
    pretend.faults().clear();
    askers.clear();
    BOOST_TEST(good == 6);
    BOOST_TEST(events("refresh_replayed") == 0U);
    BOOST_TEST(health(id).text("/verdict") == "ok");
}

BOOST_FIXTURE_TEST_CASE(a_grant_that_its_owner_has_ended_is_said_with_its_cause, refresh_server) {
    auto const id = connect_x("ada");
    pretend.x().grants().end_by_user(*pretend.persons().find("ada"), sandbox::sandbox::default_client_id,
                                     pretend.clock().now());
    auto const got = refresh(id);
    BOOST_TEST(refusal(got) == "424 reconnect_needed");
    auto const shown = account(id);
    BOOST_TEST(text(shown, "/status") == "token_expired");
    BOOST_TEST(text(shown, "/status_cause") == "grant_refused");
    BOOST_TEST(shown.at("next_refresh_at").is_null());
    BOOST_TEST(was_told(id, "token.revoked"));
    auto const event = last_told_of(id);
    BOOST_TEST(text(event, "/cause") == "grant_refused");
    BOOST_TEST(text(event, "/reconnect_url").starts_with(url() + "/reconnect/"));
    BOOST_TEST(!event.at("retryable").as_bool());
    BOOST_TEST(rows(storage::family::refresh_due) == 0U);
    BOOST_TEST(health(id).text("/verdict") == "refused");

    BOOST_TEST(connect_x("ada") == id); // the way back
    BOOST_TEST(status(id) == "active");
    BOOST_TEST(refresh(id).status == 200U);
}

BOOST_FIXTURE_TEST_CASE(the_link_of_an_event_leads_back_to_a_living_account, refresh_server) {
    auto const id = connect_x("ada", {{"scopes", {"tweet.read", "users.read"}}});
    pretend.x().grants().end_by_user(*pretend.persons().find("ada"), sandbox::sandbox::default_client_id,
                                     pretend.clock().now());
    refresh(id);
    auto const link = text(last_told_of(id), "/reconnect_url").substr(url().size());
    auto const sessions = rows(storage::family::sessions);
    auto const page = visit(link);
    BOOST_TEST(page.status == 200U);
    BOOST_TEST(page.body.find("ada_marlow") != std::string::npos);
    BOOST_TEST(rows(storage::family::sessions) == sessions); // looking begins nothing

    auto const begun = submit(link, {});
    BOOST_TEST(begun.status == 303U);
    auto const hosted = visit(begun.header("location").substr(url().size()));
    BOOST_TEST(hosted.status == 200U);
    auto const from = hosted.body.find("href=\"") + 6;
    auto authorize = hosted.body.substr(from, hosted.body.find('"', from) - from);
    for (auto at = authorize.find("&amp;"); at != std::string::npos; at = authorize.find("&amp;")) {
        authorize.replace(at, 5, "&");
    }
    auto const scopes = parameter(authorize, "scope"); // in the order that X granted them in
    BOOST_TEST(scopes.size() == std::string_view{"tweet.read users.read offline.access"}.size());
    for (auto const* const scope : {"tweet.read", "users.read", "offline.access"}) {
        BOOST_TEST(scopes.find(scope) != std::string::npos);
    }
    auto const back = visit(consent(authorize, "ada"), cookie_of(hosted));
    BOOST_TEST(back.body.find("<h1>Connected</h1>") != std::string::npos);
    BOOST_TEST(status(id) == "active");
    BOOST_TEST(health(id).text("/verdict") == "ok");

    BOOST_TEST(visit("/reconnect/nonsense").status == 404U);
    BOOST_TEST(submit("/reconnect/" + link.substr(link.size() - 20), {}).status == 404U);
    ask("DELETE", "/v1/accounts/" + id);
    BOOST_TEST(visit(link).status == 404U);
    BOOST_TEST(submit(link, {}).status == 404U);
}

BOOST_FIXTURE_TEST_CASE(a_check_asks_for_real_and_renews_what_has_ended, refresh_server) {
    auto const id = connect_x("ada");
    auto const before = requests("users_me");
    auto const found = health(id);
    BOOST_TEST(found.text("/status") == "active");
    BOOST_TEST(found.text("/verdict") == "ok");
    BOOST_TEST(found.text("/detail").find("ada_marlow") != std::string::npos);
    BOOST_TEST(!found.text("/checked_at").empty());
    BOOST_TEST(requests("users_me") == before + 1);

    break_down("x", "users_me", sandbox::fault_kind::status);
    BOOST_TEST(health(id).text("/verdict") == "temporary");
    pretend.faults().clear();
    BOOST_TEST(status(id) == "active");

    pretend.x().grants().end_by_user(*pretend.persons().find("ada"), sandbox::sandbox::default_client_id,
                                     pretend.clock().now());
    auto const dead = health(id);
    BOOST_TEST(dead.text("/verdict") == "refused");
    BOOST_TEST(dead.text("/status") == "token_expired");
}

BOOST_FIXTURE_TEST_CASE(an_outage_of_three_days_disconnects_nobody, refresh_server) {
    auto const x = connect_x("ada");
    auto const sky = connect_bluesky("ben");
    break_down("x", "*", sandbox::fault_kind::status);
    break_down("bluesky", "*", sandbox::fault_kind::reset_before_reading);
    for (std::chrono::minutes passed{0}; passed < days{3}; passed += 2h) {
        auto const seen = pretend.log().requests_seen();
        pass(2h);                      // longer than any pause between attempts
        BOOST_REQUIRE(eventually([&] { // the breaker may count a failure, and its pause, from after the leap
            pass(1s);
            return is_planned(x) && is_planned(sky);
        }));
        BOOST_TEST(pretend.log().requests_seen() > seen);
    }
    BOOST_TEST(status(x) == "active");
    BOOST_TEST(status(sky) == "active");
    BOOST_TEST(refusal(refresh(x)) == "502 platform_unavailable");
    auto const told = told_of(x);
    BOOST_TEST(std::ranges::count(told, "token.refresh_failed") == 1);
    pretend.faults().clear();
    pass(2h);
    BOOST_TEST(eventually([&] { return is_fresh(x) && is_fresh(sky); }));
    BOOST_TEST(events("refresh_replayed") == 0U);
    BOOST_TEST(health(x).text("/verdict") == "ok");
    BOOST_TEST(health(sky).text("/verdict") == "ok");
}

BOOST_FIXTURE_TEST_CASE(a_lost_answer_of_bluesky_is_made_good_within_its_grace, refresh_server) {
    auto const id = connect_bluesky("ben");
    break_down("bluesky", "refreshSession", sandbox::fault_kind::reset_after_processing, 1);
    pass(118min);
    BOOST_REQUIRE(eventually([&] { return was_told(id, "token.refresh_failed"); }));
    BOOST_TEST(status(id) == "active");
    pass(10s);
    BOOST_TEST(eventually([&] { return was_told(id, "token.refreshed"); }));
    BOOST_TEST(events("refresh_reused_in_grace") == 1U);
    BOOST_TEST(is_fresh(id));
    BOOST_TEST(health(id).text("/verdict") == "ok");
}

BOOST_FIXTURE_TEST_CASE(a_lost_answer_of_x_ends_in_a_clear_word, refresh_server) {
    auto const id = connect_x("ada");
    break_down("x", "refresh", sandbox::fault_kind::reset_after_processing, 1);
    pass(118min);
    BOOST_REQUIRE(eventually([&] { return was_told(id, "token.refresh_failed"); }));
    pass(10s);
    BOOST_REQUIRE(eventually([&] { return was_told(id, "token.revoked"); }));
    auto const shown = account(id);
    BOOST_TEST(text(shown, "/status") == "token_expired");
    BOOST_TEST(text(shown, "/status_cause") == "refresh_outcome_lost");
    BOOST_TEST(text(last_told_of(id), "/cause") == "refresh_outcome_lost");
}

BOOST_FIXTURE_TEST_CASE(an_app_that_is_refused_harms_no_account, refresh_server) {
    auto const id = connect_x("ada");
    auto& apps = pretend.x().apps();
    auto const app = *apps.find(sandbox::sandbox::default_client_id);
    auto changed = app;
    changed.client_secret = "another-secret";
    BOOST_REQUIRE(apps.put(changed) == "");
    BOOST_TEST(refusal(refresh(id)) == "422 app_refused");
    BOOST_TEST(status(id) == "active");
    apps.put(app);
    BOOST_TEST(refresh(id).status == 200U);
    BOOST_TEST(events("refresh_replayed") == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_caller_who_leaves_in_the_middle_loses_no_token, refresh_server) {
    auto const id = connect_x("ada");
    break_down("x", "refresh", sandbox::fault_kind::hang);
    client caller{url()};
    caller.write_request("POST", "/v1/accounts/" + id + "/refresh",
                         {{"Authorization", "Bearer " + home.key}});
    BOOST_REQUIRE(eventually([&] { return held() == 1; }));
    caller.leave();
    pretend.faults().clear();
    BOOST_TEST(eventually([&] { return was_told(id, "token.refreshed"); }));
    BOOST_TEST(refresh(id).status == 200U);
    BOOST_TEST(events("refresh_replayed") == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_shutdown_lets_a_refresh_finish, refresh_server) {
    auto const id = connect_x("ada");
    break_down("x", "refresh", sandbox::fault_kind::hang);
    pass(118min);
    BOOST_REQUIRE(eventually([&] { return held() == 1; }));
    std::jthread stopper{[&] { stop(); }};
    pretend.faults().clear();
    stopper.join();
    restart();
    BOOST_TEST(is_fresh(id));
    BOOST_TEST(refresh(id).status == 200U);
    BOOST_TEST(events("refresh_replayed") == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_refresh_that_the_shutdown_cut_off_goes_on_after_the_next_start, hurried_server) {
    auto const id = connect_bluesky("ben");
    sandbox::fault hang;
    hang.platform = "bluesky";
    hang.endpoint = "refreshSession";
    hang.kind = sandbox::fault_kind::hang;
    hang.after_processing = true; // the token is spent, the answer on its way
    pretend.faults().add(hang);
    pass(118min);
    BOOST_REQUIRE(eventually([&] { return held() == 1; }));
    stop();
    pretend.faults().clear();
    pass(1min);
    restart();
    BOOST_TEST(eventually([&] { return is_fresh(id); }));
    BOOST_TEST(events("refresh_reused_in_grace") == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_refreshing_is_measured, refresh_server) {
    auto const id = connect_x("ada");
    pass(118min);
    auto const metrics = [&] { return ask_as("", "GET", "/metrics").body; };
    auto const shows = [&](std::string_view line) { return metrics().find(line) != std::string::npos; };
    BOOST_TEST(
        eventually([&] { return shows(R"(connectd_refreshes_total{platform="x",result="refreshed"} 1)"); }));
    BOOST_TEST(was_told(id, "token.refreshed"));
    BOOST_TEST(shows("connectd_refresh_lateness_seconds_count 1"));
    for (auto const& secret : issued_secrets()) {
        BOOST_TEST(!shows(secret));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
