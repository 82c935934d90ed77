// Reading, listing and disconnecting accounts.
#include "tests/server/whole_server.hpp"
#include "tests/support/eventually.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace connectd::tests {
namespace {

// All pages of a list, and how long each was.
struct pages {
    std::vector<std::string> ids;
    std::vector<std::size_t> sizes;
};

pages read_pages(whole_server& with, std::string const& path) {
    pages all;
    std::string cursor;
    do {
        auto const got = with.ask("GET", path + (cursor.empty() ? "" : "&cursor=" + cursor));
        BOOST_REQUIRE(got.status == 200U);
        auto const items = got.json().at("data").as_array();
        all.sizes.push_back(items.size());
        for (auto const& each : items) {
            all.ids.push_back(text(each, "/id"));
        }
        cursor = got.text("/next_cursor");
        BOOST_REQUIRE(all.sizes.size() < 200U);
    } while (!cursor.empty());
    return all;
}

std::size_t tokens_in_state(whole_server& with, std::string_view state) {
    std::size_t count = 0;
    for (auto const& grant : with.pretend.x().grants().list(100, with.pretend.clock().now())) {
        count += static_cast<std::size_t>(
            std::ranges::count(grant.tokens, state, &sandbox::oauth::token_view::state));
    }
    return count;
}

sandbox::fault revoke_fault(sandbox::fault_kind kind) {
    sandbox::fault made;
    made.platform = "x";
    made.endpoint = "revoke";
    made.kind = kind;
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(accounts_test)

BOOST_FIXTURE_TEST_CASE(pages_hold_every_account_once, whole_server) {
    std::set<std::string> made;
    for (int count = 0; count < 45; ++count) {
        made.insert(connect_x("fresh"));
    }
    BOOST_TEST(made.size() == 45U);
    auto const twenty = read_pages(*this, "/v1/accounts?platform=x");
    BOOST_TEST(twenty.sizes == (std::vector<std::size_t>{20, 20, 5}), boost::test_tools::per_element());
    BOOST_TEST(twenty.ids.size() == 45U);
    BOOST_TEST((std::set(twenty.ids.begin(), twenty.ids.end()) == made));
    auto const seven = read_pages(*this, "/v1/accounts?limit=7");
    BOOST_TEST(seven.ids == twenty.ids, boost::test_tools::per_element());
    auto const hundred = read_pages(*this, "/v1/accounts?limit=100");
    BOOST_TEST(hundred.ids == twenty.ids, boost::test_tools::per_element());
    BOOST_TEST(hundred.sizes.size() == 1U);

    // One that goes while somebody is paging takes nobody else along.
    auto const first = ask("GET", "/v1/accounts?limit=10");
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + twenty.ids.at(9)).status == 200U);
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + twenty.ids.at(10)).status == 200U);
    auto const rest = read_pages(*this, "/v1/accounts?limit=100&cursor=" + first.text("/next_cursor"));
    std::vector<std::string> const expected(twenty.ids.begin() + 11, twenty.ids.end());
    BOOST_TEST(rest.ids == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(lists_can_be_narrowed, whole_server) {
    auto const profile = ask("POST", "/v1/profiles", {{"name", "Second"}}).text("/id");
    auto const ada = connect_x("ada");
    auto const ben = connect_x("ben", {{"profile_id", profile}});
    auto const sky = connect_bluesky("cleo");
    auto const with = [&](std::string const& filter) {
        auto const found = read_pages(*this, "/v1/accounts?" + filter).ids;
        return std::set(found.begin(), found.end());
    };
    BOOST_TEST((with("platform=x") == std::set{ada, ben}));
    BOOST_TEST((with("platform=twitter") == std::set{ada, ben}));
    BOOST_TEST((with("platform=bluesky") == std::set{sky}));
    BOOST_TEST(with("platform=myspace").empty());
    BOOST_TEST((with("status=active") == std::set{ada, ben, sky}));
    BOOST_TEST(with("status=revoked").empty());
    BOOST_TEST((with("profile_id=" + profile) == std::set{ben}));
    BOOST_TEST((with("profile_id=" + profile + "&platform=x&status=active&limit=1") == std::set{ben}));
    BOOST_TEST(with("profile_id=" + profile + "&platform=bluesky").empty());
}

BOOST_FIXTURE_TEST_CASE(disconnecting_revokes_both_tokens_and_wipes_them, whole_server) {
    auto const id = connect_x("ada");
    auto const other = connect_x("ben");
    BOOST_TEST(rows(storage::family::tokens) == 2U);
    BOOST_TEST(tokens_in_state(*this, "live") == 4U);
    auto const gone = ask("DELETE", "/v1/accounts/" + id + "?mode=hard");
    BOOST_TEST(gone.status == 200U);
    BOOST_TEST(gone.text("/id") == id);
    BOOST_TEST(gone.text("/status") == "disconnected");
    BOOST_TEST(gone.text("/revocation") == "revoked");
    BOOST_TEST(gone.json().at("next_refresh_at").is_null());
    BOOST_TEST(tokens_in_state(*this, "revoked") == 2U);
    BOOST_TEST(tokens_in_state(*this, "live") == 2U);
    BOOST_TEST(refusal(ask("GET", "/v1/accounts/" + id)) == "404 account_not_found");
    BOOST_TEST(refusal(ask("DELETE", "/v1/accounts/" + id)) == "404 account_not_found");
    BOOST_TEST(told_of(id).back() == "account.disconnected");
    BOOST_TEST(rows(storage::family::tokens) == 1U);
    BOOST_TEST(rows(storage::family::refresh_due) == 1U);
    BOOST_TEST(rows(storage::family::outbox) == 0U);
    BOOST_TEST(text(account(other), "/status") == "active");
    BOOST_TEST(connect_x("ada") != id);
}

BOOST_FIXTURE_TEST_CASE(a_disconnected_account_waits_for_its_owner, whole_server) {
    auto const id = connect_x("ada", {{"metadata", boost::json::object{{"plan", "gold"}}}});
    auto const path = "/v1/accounts/" + id;
    BOOST_TEST(ask("DELETE", path + "?mode=soft").text("/revocation") == "revoked");
    auto const left = account(id);
    BOOST_TEST(text(left, "/status") == "disconnected");
    BOOST_TEST(text(left, "/username") == "ada_marlow");
    BOOST_TEST(left.at("access_expires_at").is_null());
    BOOST_TEST(rows(storage::family::tokens) == 0U);
    BOOST_TEST(rows(storage::family::refresh_due) == 0U);

    // It is where one looks for it and nowhere else.
    BOOST_TEST(accounts().empty());
    BOOST_TEST(read_pages(*this, "/v1/accounts?status=active").ids.empty());
    BOOST_TEST((read_pages(*this, "/v1/accounts?status=disconnected").ids == std::vector{id}));
    BOOST_TEST((read_pages(*this, "/v1/accounts?status=all").ids == std::vector{id}));

    // Nothing can be done with it, and asking again changes nothing.
    BOOST_TEST(refusal(ask("POST", path + "/refresh")) == "424 reconnect_needed");
    BOOST_TEST(ask("GET", path + "/health").text("/verdict") == "refused");
    auto const call = ask("GET", path + "/proxy/2/users/me");
    BOOST_TEST(refusal(call) == "424 reconnect_needed");
    BOOST_TEST(call.text("/account_status") == "disconnected");
    BOOST_TEST(call.text("/reconnect_url").empty());
    BOOST_TEST(ask("DELETE", path).text("/revocation") == "not_possible");
    BOOST_TEST((told_of(id) == std::vector<std::string>{"account.connected", "account.disconnected"}));

    // Whoever connects the same identity again gets the same account.
    BOOST_TEST(connect_x("ada") == id);
    BOOST_TEST(text(account(id), "/status") == "active");
    BOOST_TEST(text(account(id), "/metadata/plan") == "gold");
    BOOST_TEST(told_of(id).back() == "account.reconnected");
    BOOST_TEST(ask("POST", path + "/refresh").status == 200U);

    // And what is kept can still be dropped.
    BOOST_TEST(ask("DELETE", path).status == 200U);
    BOOST_TEST(ask("DELETE", path + "?mode=hard").text("/status") == "disconnected");
    BOOST_TEST(rows(storage::family::accounts) == 0U);
    BOOST_TEST(std::ranges::count(told_of(id), "account.disconnected") == 2);
    BOOST_TEST(refusal(ask("DELETE", path + "?mode=gone")) == "422 field_invalid");
    BOOST_TEST(refusal(ask("DELETE", path + "?force=true")) == "422 field_invalid");
}

BOOST_FIXTURE_TEST_CASE(an_account_can_be_found_by_a_part_of_its_name_and_counted, whole_server) {
    auto const ada = connect_x("ada");
    auto const ben = connect_x("ben");
    auto const found = [&](std::string const& filter) {
        return ask("GET", "/v1/accounts?total=true&limit=1" + filter);
    };
    BOOST_TEST(found("").json().at("total") == 2);
    BOOST_TEST(found("").json().at("data").as_array().size() == 1U);
    BOOST_TEST(found("&q=ADA_mar").json().at("total") == 1);
    BOOST_TEST(found("&q=ADA_mar").text("/data/0/id") == ada);
    BOOST_TEST((read_pages(*this, "/v1/accounts?q=ben").ids == std::vector{ben}));
    BOOST_TEST(found("&q=nobody").json().at("total") == 0);
    BOOST_TEST(!ask("GET", "/v1/accounts").json().as_object().contains("total"));
    BOOST_TEST(refusal(ask("GET", "/v1/accounts?total=yes")) == "422 field_invalid");
}

BOOST_FIXTURE_TEST_CASE(what_is_the_customers_of_an_account_can_be_changed, whole_server) {
    auto const id = connect_x("ada");
    auto const path = "/v1/accounts/" + id;
    auto const second = ask("POST", "/v1/profiles", {{"name", "Second"}}).text("/id");
    auto const changed = ask("PATCH", path, {{"metadata", {{"seat", 7}}}});
    BOOST_TEST(changed.status == 200U);
    BOOST_TEST(changed.json().at("metadata").at("seat") == 7);
    BOOST_TEST(told_of(id).back() == "account.updated");
    auto const moved = ask("PATCH", path, {{"profile_id", second}});
    BOOST_TEST(moved.text("/profile_id") == second);
    BOOST_TEST(moved.json().at("metadata").at("seat") == 7);
    BOOST_TEST((read_pages(*this, "/v1/accounts?profile_id=" + second).ids == std::vector{id}));
    BOOST_TEST(text(last_told_of(id), "/profile_id") == second);
    BOOST_TEST(ask("PATCH", path, {{"profile_id", second}}).status == 200U);
    BOOST_TEST(told_of(id).size() == 3U); // nothing changed, nothing told

    // Where it came from the same person connects again, and there is no way back past that one.
    auto const other = connect_x("ada");
    auto const clash = ask("PATCH", "/v1/accounts/" + other, {{"profile_id", second}});
    BOOST_TEST(refusal(clash) == "409 identity_taken");
    BOOST_TEST(refusal(ask("PATCH", path, {{"profile_id", "prof_nothing"}})) == "404 profile_not_found");
    BOOST_TEST(field_errors(ask("PATCH", path, {{"status", "active"}})) == "/status unknown");
    boost::json::object const much{{"metadata", {{"a", std::string(17'000, 'a')}}}};
    BOOST_TEST(refusal(ask("PATCH", path, much)) == "422 field_invalid");
}

BOOST_FIXTURE_TEST_CASE(a_revocation_that_fails_is_owed_and_made_good, whole_server) {
    auto const id = connect_x("ada");
    pretend.faults().add(revoke_fault(sandbox::fault_kind::status));
    auto const gone = ask("DELETE", "/v1/accounts/" + id);
    BOOST_TEST(gone.status == 200U);
    BOOST_TEST(gone.text("/revocation") == "pending");
    BOOST_TEST(text(account(id), "/status") == "disconnected");
    BOOST_TEST(rows(storage::family::tokens) == 0U);
    BOOST_TEST(rows(storage::family::outbox) == 1U);
    BOOST_TEST(tokens_in_state(*this, "live") == 2U);

    // Retried in the background, a start included, once its pause is over.
    pretend.faults().clear();
    pretend.clock().advance(std::chrono::minutes{2});
    restart();
    BOOST_TEST(eventually([&] { return tokens_in_state(*this, "revoked") == 2U; }));
    BOOST_TEST(eventually([&] { return rows(storage::family::outbox) == 0U; }));
}

BOOST_FIXTURE_TEST_CASE(an_app_that_is_gone_cannot_revoke, whole_server) {
    auto const id = connect_x("ada");
    BOOST_TEST(ask("DELETE", "/v1/credentials/" + home.credentials + "?force=true").status == 204U);
    BOOST_TEST(text(account(id), "/status") == "active");
    auto const gone = ask("DELETE", "/v1/accounts/" + id);
    BOOST_TEST(gone.status == 200U);
    BOOST_TEST(gone.text("/revocation") == "not_possible");
    BOOST_TEST(rows(storage::family::tokens) == 0U);
}

BOOST_FIXTURE_TEST_CASE(two_disconnects_at_once_are_one, whole_server) {
    auto const id = connect_x("ada");
    auto hang = revoke_fault(sandbox::fault_kind::hang);
    pretend.faults().add(hang);
    client one{url()};
    client two{url()};
    header_list const headers{{"Authorization", "Bearer " + home.key}};
    one.write_request("DELETE", "/v1/accounts/" + id, headers);
    two.write_request("DELETE", "/v1/accounts/" + id, headers);
    BOOST_TEST(eventually([&] { return held() == 2U; }));
    pretend.faults().clear();
    auto const statuses = std::multiset{one.read().status, two.read().status};
    BOOST_TEST((statuses == std::multiset{200U, 200U}));
    BOOST_TEST(std::ranges::count(told_of(id), "account.disconnected") == 1);
    BOOST_TEST(rows(storage::family::tokens) == 0U);
}

BOOST_FIXTURE_TEST_CASE(no_answer_holds_a_token, whole_server) {
    auto const id = connect_x("ada");
    auto const sky = connect_bluesky("ada");
    std::string said;
    for (auto const& path :
         {"/v1/accounts/" + id, "/v1/accounts/" + sky, std::string{"/v1/accounts"},
          std::string{"/v1/credentials"}, std::string{"/v1/profiles"}, std::string{"/metrics"}}) {
        said += ask("GET", path).body;
    }
    said += ask("DELETE", "/v1/accounts/" + id).body;
    auto const secrets = issued_secrets();
    BOOST_TEST(secrets.size() >= 3U);
    for (auto const& secret : secrets) {
        BOOST_TEST(said.find(secret) == std::string::npos);
    }
    BOOST_TEST(said.find("eyJ") == std::string::npos); // a JWT
    BOOST_TEST(said.find("ada2-demo") == std::string::npos);
    BOOST_TEST(said.find(sandbox::sandbox::default_client_secret) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
