// Disconnecting where one person's grant is behind several accounts.
#include "tests/server/choosing_server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace connectd::tests {
namespace {

struct sibling_server : choosing_server {
    std::string disconnect(std::string const& id, std::string const& query = "") {
        auto const gone = ask("DELETE", "/v1/accounts/" + id + query);
        BOOST_TEST(gone.status == 200U);
        BOOST_TEST(gone.text("/status") == "disconnected");
        return gone.text("/revocation");
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(disconnect_test)

BOOST_FIXTURE_TEST_CASE(the_last_page_of_a_person_takes_the_grant_along, sibling_server) {
    auto const first = connect_page("1");
    auto const second = connect_page("2");
    BOOST_TEST(disconnect(first) == "kept");
    BOOST_TEST(flock.revoked().empty());
    BOOST_TEST(rows(storage::family::tokens) == 1U);
    BOOST_TEST(text(account(second), "/status") == "active");
    BOOST_TEST(disconnect(second) == "revoked");
    // The person's token, since the page's own cannot do it.
    BOOST_TEST(flock.revoked() == std::vector{std::string{flock_server::token_of_ada}},
               boost::test_tools::per_element());
    BOOST_TEST(rows(storage::family::tokens) == 0U);
    BOOST_TEST(accounts().empty());
}

BOOST_FIXTURE_TEST_CASE(whoever_asks_for_it_ends_the_siblings, sibling_server) {
    auto const first = connect_page("1");
    connect_page("2");
    BOOST_TEST(refusal(ask("DELETE", "/v1/accounts/" + first + "?revoke=please")) == "422 field_invalid");
    BOOST_TEST(disconnect(first, "?revoke=always") == "revoked");
    BOOST_TEST(flock.revoked().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(another_workspaces_page_is_not_ended, sibling_server) {
    auto const mine = connect_page("1");
    auto const other = make_tenant("other");
    add_app("flock", other.key);
    flock.set_pages({"2"});
    auto const begun = ask_as(other.key, "POST", "/v1/connect/sessions", {{"platform", "flock"}});
    BOOST_TEST(visit(callback_of(begun)).status == 200U);
    BOOST_TEST(disconnect(mine, "?revoke=always") == "kept");
    BOOST_TEST(flock.revoked().empty());
}

BOOST_FIXTURE_TEST_CASE(a_platform_of_the_same_app_shares_the_grant, sibling_server) {
    auto const page = connect_page("1");
    flock.set_pages({"31"});
    auto const begun = begin({{"platform", "flockpics"}});
    auto const pictures = parameter(visit(callback_of(begun, "flockpics")).header("location"), "account_id");
    BOOST_TEST(disconnect(page) == "kept");
    BOOST_TEST(disconnect(pictures) == "revoked");
}

BOOST_FIXTURE_TEST_CASE(siblings_that_go_at_once_leave_no_grant_behind, sibling_server) {
    auto const made = choose(wait_among({"1", "2", "3", "4"}), {"1", "2", "3", "4"});
    std::vector<std::string> outcomes(4);
    std::vector<std::thread> callers;
    for (std::size_t number = 0; number < outcomes.size(); ++number) {
        auto const id = made.text("/account_ids/" + std::to_string(number));
        callers.emplace_back([this, id, &into = outcomes[number]] {
            into = ask("DELETE", "/v1/accounts/" + id).text("/revocation");
        });
    }
    for (auto& each : callers) {
        each.join();
    }
    BOOST_TEST(std::ranges::count(outcomes, "revoked") >= 1);
    BOOST_TEST(!flock.revoked().empty());
    BOOST_TEST(rows(storage::family::tokens) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
