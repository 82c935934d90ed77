// Who changed what: as the API writes it down and shows it.
#include "server/api/routes.hpp"
#include "tests/server/choosing_server.hpp"
#include "tests/support/eventually.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

namespace connectd::tests {
namespace {

struct audit_server : choosing_server {
    boost::json::array entries(std::string const& filter = "", std::string_view key = {}) {
        auto const got = ask_as(key.empty() ? home.key : key, "GET", "/v1/audit?limit=100" + filter);
        BOOST_REQUIRE(got.status == 200U);
        return got.json().at("data").as_array();
    }
    std::string actions(std::string const& filter = "", std::string_view key = {}) {
        std::string all;
        for (auto const& each : entries(filter, key)) {
            all += (all.empty() ? "" : " ") + text(each, "/action");
        }
        return all;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(audit_test)

BOOST_FIXTURE_TEST_CASE(what_was_acknowledged_is_in_the_log, audit_server) {
    BOOST_TEST(actions() == "workspaces.create api_keys.create credentials.create credentials.create");
    auto const made = entries().at(2);
    BOOST_TEST(text(made, "/target") == home.credentials);
    BOOST_TEST(text(made, "/actor/type") == "api_key");
    BOOST_TEST(text(made, "/actor/id") == home.key_id);
    BOOST_TEST(text(made, "/actor/name") == "all");
    BOOST_TEST(text(made, "/remote_address") == "127.0.0.1");
    BOOST_TEST(!text(made, "/request_id").empty());
    BOOST_TEST(made.at("status") == 201);
    BOOST_TEST(text(made, "/previous_digest") == text(entries().at(1), "/digest"));
    BOOST_TEST(text(entries().at(1), "/target") == home.key_id);
    BOOST_TEST(text(entries().at(1), "/actor/type") == "root");

    auto const before = entries().size();
    ask("GET", "/v1/accounts");
    ask("DELETE", "/v1/credentials/app_nothing");
    ask("POST", "/v1/profiles", {{"nam", "x"}});
    BOOST_TEST(entries().size() == before); // what changed nothing is not in it
    auto const profile = ask("POST", "/v1/profiles", {{"name", "Second"}}).text("/id");
    BOOST_TEST(actions("&target=" + profile) == "profiles.create");
    BOOST_TEST(actions("&after=" + std::to_string(before)) == "profiles.create");
    BOOST_TEST(actions("&action=profiles&actor=" + home.key_id) == "profiles.create");
    BOOST_TEST(actions("&actor=root") == "workspaces.create api_keys.create");
}

BOOST_FIXTURE_TEST_CASE(end_users_are_in_it_too, audit_server) {
    auto const id = connect_x("ada");
    BOOST_REQUIRE(eventually([&] { return !entries("&target=" + id).empty(); })); // nobody's redirect waits
    auto const entry = entries("&target=" + id).at(0);
    BOOST_TEST(text(entry, "/action") == "accounts.connect");
    BOOST_TEST(text(entry, "/actor/type") == "end_user");
    BOOST_TEST(entry.at("actor").at("id").is_null());
    visit(consent(begin_x().text("/authorize_url"), "ada", "deny"));
    BOOST_TEST(entries("&actor=end_user").size() == 1U);
    auto const page = connect_page("1");
    BOOST_TEST(actions("&action=sessions").ends_with("sessions.choose"));
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + page).status == 200U);
    BOOST_TEST(actions("&target=" + page) == "accounts.disconnect");
}

BOOST_FIXTURE_TEST_CASE(an_accounts_timeline_has_what_happened_and_who_did_it, audit_server) {
    auto const id = connect_x("ada");
    BOOST_REQUIRE(eventually([&] { return !entries("&target=" + id).empty(); }));
    connect_x("ben");
    auto const path = "/v1/accounts/" + id;
    ask("PATCH", path, {{"metadata", {{"seat", 7}}}});
    ask("DELETE", path + "?mode=hard");
    auto const read = [&](std::string const& limit) {
        std::string line;
        std::string cursor;
        do {
            auto const got =
                ask("GET", path + "/timeline?limit=" + limit + (cursor.empty() ? "" : "&cursor=" + cursor));
            BOOST_REQUIRE(got.status == 200U);
            auto const items = got.json().at("data").as_array();
            for (auto const& each : items) {
                line += text(each, "/event/type") + text(each, "/audit/action") + " ";
            }
            cursor = got.text("/next_cursor");
        } while (!cursor.empty());
        return line;
    };
    BOOST_TEST(read("100") == "account.connected accounts.connect account.updated accounts.update "
                              "account.disconnected accounts.disconnect ");
    BOOST_TEST(read("1") == read("100"));
    BOOST_TEST(read("4") == read("100"));
    auto const unknown = std::string{id}.replace(id.size() - 4, 4, "0000");
    BOOST_TEST(refusal(ask("GET", "/v1/accounts/" + unknown + "/timeline")) == "404 account_not_found");
    auto const other = make_tenant("other");
    BOOST_TEST(refusal(ask_as(other.key, "GET", path + "/timeline")) == "404 account_not_found");
    BOOST_TEST(refusal(ask("GET", path + "/timeline?cursor=AAAA")) == "422 field_invalid");
}

BOOST_FIXTURE_TEST_CASE(no_secret_gets_into_it, audit_server) {
    auto const id = connect_x("ada");
    ask("POST", "/v1/accounts/" + id + "/refresh");
    std::string said = ask("GET", "/v1/audit?limit=100").body;
    said += ask_as(root_key, "GET", "/v1/audit?limit=100").body;
    for (auto const& secret : issued_secrets()) {
        BOOST_TEST(said.find(secret) == std::string::npos);
    }
    for (auto const& secret : {home.key, root_key, std::string{sandbox::sandbox::default_client_secret}}) {
        BOOST_TEST(said.find(secret) == std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(a_workspace_sees_its_own_and_the_operator_all, audit_server) {
    auto const other = make_tenant("other");
    BOOST_TEST(actions("", other.key) == "workspaces.create api_keys.create credentials.create");
    BOOST_TEST(entries("", root_key).size() == entries().size() + entries("", other.key).size());
    BOOST_TEST(entries("&workspace_id=" + other.workspace, root_key) == entries("", other.key));
    BOOST_TEST(refusal(ask("GET", "/v1/audit?workspace_id=" + other.workspace)) == "422 field_invalid");
    BOOST_TEST(refusal(ask_as(root_key, "GET", "/v1/audit?after=1")) == "422 field_invalid");
    BOOST_TEST(refusal(ask("GET", "/v1/audit?after=one")) == "422 field_invalid");
    BOOST_TEST(refusal(ask_as(make_key(home, {"accounts:read"}), "GET", "/v1/audit")) == "403 scope_missing");
    BOOST_TEST(ask_as(make_key(home, {"events:read"}), "GET", "/v1/audit").status == 200U);
    BOOST_TEST(refusal(ask_as("", "GET", "/v1/audit")) == "401 api_key_missing");
}

BOOST_FIXTURE_TEST_CASE(many_at_once_make_one_chain, audit_server) {
    auto const before = entries().size();
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 8; ++caller) {
        callers.emplace_back([this, caller] {
            for (int number = 0; number < 5; ++number) {
                ask("POST", "/v1/profiles", {{"name", std::to_string(caller * 5 + number)}});
            }
        });
    }
    for (auto& each : callers) {
        each.join();
    }
    auto const all = entries();
    BOOST_TEST(all.size() == before + 40U);
    for (std::size_t at = 1; at < all.size(); ++at) {
        BOOST_TEST(text(all.at(at), "/previous_digest") == text(all.at(at - 1), "/digest"));
        BOOST_TEST(all.at(at).at("number").to_number<std::size_t>() == at + 1);
    }
    restart();
    ask("POST", "/v1/profiles", {{"name", "after"}});
    BOOST_TEST(text(entries().back(), "/previous_digest") == text(all.back(), "/digest"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
