// Callbacks that come together, and callers who do not wait for the end.
#include "tests/server/whole_server.hpp"
#include "tests/support/eventually.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace connectd::tests {
namespace {

// The same callback from that many browsers at the same moment.
std::vector<answer> visit_at_once(whole_server& with, std::string const& callback, std::size_t count) {
    std::vector<answer> answers(count);
    std::vector<std::thread> browsers;
    std::latch ready{static_cast<std::ptrdiff_t>(count)};
    for (auto& each : answers) {
        browsers.emplace_back([&] {
            ready.arrive_and_wait();
            each = with.visit(callback);
        });
    }
    for (auto& each : browsers) {
        each.join();
    }
    return answers;
}

sandbox::fault late(std::string endpoint) {
    sandbox::fault made;
    made.platform = "x";
    made.endpoint = std::move(endpoint);
    made.kind = sandbox::fault_kind::hang; // until it is cleared; then the true answer
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(callback_twins_test)

BOOST_FIXTURE_TEST_CASE(of_callbacks_with_one_state_exactly_one_goes_on, whole_server) {
    for (std::size_t const count : {2U, 10U}) {
        auto const spent = events("code_spent");
        auto const begun = begin_x();
        auto const answers = visit_at_once(*this, consent(begun.text("/authorize_url"), "fresh"), count);
        auto const connected = std::ranges::count(answers, 302U, &answer::status);
        auto const refused = std::ranges::count(answers, 409U, &answer::status);
        BOOST_TEST(connected == 1);
        BOOST_TEST(refused == static_cast<std::ptrdiff_t>(count) - 1);
        BOOST_TEST(events("code_spent") == spent + 1);
        BOOST_TEST(text(session(begun.text("/id")), "/status") == "completed");
    }
    BOOST_TEST(events("code_replayed") == 0U);
    BOOST_TEST(requests("token") == 2U);
    BOOST_TEST(accounts().size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_second_callback_does_not_wait_for_the_first, whole_server) {
    auto const callback = consent(begin_x().text("/authorize_url"));
    pretend.faults().add(late("token"));
    client first{url()};
    first.write_request("GET", callback);
    BOOST_REQUIRE(eventually([&] { return held() == 1; }));
    BOOST_TEST(visit(callback).status == 409U);
    pretend.faults().clear();
    BOOST_TEST(first.read().status == 302U);
    BOOST_TEST(events("code_spent") == 1U);
    BOOST_TEST(events("code_replayed") == 0U);
}

BOOST_FIXTURE_TEST_CASE(one_identity_from_two_sessions_at_once_is_one_account, whole_server) {
    auto const first = consent(begin_x().text("/authorize_url"));
    auto const second = consent(begin_x().text("/authorize_url"));
    pretend.faults().add(late("users_me"));
    client one{url()};
    client two{url()};
    one.write_request("GET", first);
    two.write_request("GET", second);
    BOOST_REQUIRE(eventually([&] { return held() == 2; }));
    pretend.faults().clear();
    auto const here = one.read().header("location");
    auto const there = two.read().header("location");
    BOOST_TEST(parameter(here, "status") == "connected");
    BOOST_TEST(parameter(there, "status") == "connected");
    BOOST_TEST(parameter(here, "account_id") == parameter(there, "account_id"));
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_browser_that_leaves_in_the_middle_loses_nothing, whole_server) {
    for (auto const* const endpoint : {"token", "users_me"}) {
        auto const begun = begin_x();
        auto const callback = consent(begun.text("/authorize_url"), "fresh");
        pretend.faults().add(late(endpoint));
        client browser{url()};
        browser.write_request("GET", callback);
        BOOST_REQUIRE(eventually([&] { return held() == 1; }));
        browser.leave();
        pretend.faults().clear();
        BOOST_TEST(eventually([&] { return text(session(begun.text("/id")), "/status") == "completed"; }));
        auto const id = text(session(begun.text("/id")), "/account_id");
        BOOST_TEST(text(account(id), "/status") == "active");
    }
    BOOST_TEST(accounts().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
