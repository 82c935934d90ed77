// Looking through connect sessions, and calling one off.
#include "tests/server/choosing_server.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <set>
#include <string>

namespace connectd::tests {
namespace {

struct sessions_server : choosing_server {
    static std::string path(std::string const& id) { return "/v1/connect/sessions/" + id; }
    std::set<std::string> listed(std::string const& filter) {
        std::set<std::string> ids;
        std::string cursor;
        do {
            auto const got = ask("GET", "/v1/connect/sessions?limit=2" + filter +
                                            (cursor.empty() ? "" : "&cursor=" + cursor));
            BOOST_REQUIRE(got.status == 200U);
            auto const items = got.json().at("data").as_array();
            for (auto const& each : items) {
                BOOST_TEST(ids.insert(text(each, "/id")).second);
            }
            cursor = got.text("/next_cursor");
        } while (!cursor.empty());
        return ids;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(sessions_test)

BOOST_FIXTURE_TEST_CASE(sessions_are_listed_by_what_has_become_of_them, sessions_server) {
    auto const profile = ask("POST", "/v1/profiles", {{"name", "Second"}}).text("/id");
    auto const waits = wait_among({"1", "2"});
    auto const open = begin({{"profile_id", profile}}).text("/id");
    auto const late = begin_x().text("/id");
    auto const done = begin_x();
    visit(consent(done.text("/authorize_url")));
    auto const gone = begin().text("/id");
    BOOST_TEST(ask("POST", path(gone) + "/cancel").text("/status") == "cancelled");
    BOOST_TEST((listed("") == std::set{waits, open, late, done.text("/id"), gone}));
    BOOST_TEST((listed("&status=choosing") == std::set{waits}));
    BOOST_TEST((listed("&status=pending") == std::set{open, late}));
    BOOST_TEST((listed("&status=completed") == std::set{done.text("/id")}));
    BOOST_TEST((listed("&status=cancelled&platform=flock") == std::set{gone}));
    BOOST_TEST((listed("&profile_id=" + profile) == std::set{open}));
    BOOST_TEST(refusal(ask("GET", "/v1/connect/sessions?status=open")) == "422 field_invalid");
    BOOST_TEST(refusal(ask("GET", "/v1/connect/sessions?profile_id=7")) == "422 field_invalid");
    auto const other = make_tenant("other");
    BOOST_TEST(ask_as(other.key, "GET", "/v1/connect/sessions").json().at("data").as_array().empty());
    pretend.clock().advance(std::chrono::hours{1});
    BOOST_TEST((listed("&status=expired") == std::set{waits, open, late}));
}

BOOST_FIXTURE_TEST_CASE(a_session_that_is_called_off_leads_nowhere, sessions_server) {
    auto const begun = begin_x();
    auto const id = begun.text("/id");
    auto const back = consent(begun.text("/authorize_url"));
    auto const ended = ask("POST", path(id) + "/cancel");
    BOOST_TEST(ended.status == 200U);
    BOOST_TEST(ended.text("/error/code") == "session_cancelled");
    BOOST_TEST(ask("POST", path(id) + "/cancel").body == ended.body);
    BOOST_TEST(visit(back).status == 409U);
    BOOST_TEST(visit("/connect/" + id).status == 409U);
    BOOST_TEST(accounts().empty());
    BOOST_TEST(ask("GET", "/v1/events?type=connect.failed").text("/data/0/data/cause") ==
               "session_cancelled");

    auto const waits = wait_among({"1", "2"});
    BOOST_TEST(ask("POST", path(waits) + "/cancel").text("/status") == "cancelled");
    BOOST_TEST(refusal(choose(waits, {"1"})) == "409 session_used");

    auto const done = begin_x();
    visit(consent(done.text("/authorize_url")));
    BOOST_TEST(refusal(ask("POST", path(done.text("/id")) + "/cancel")) == "409 session_used");
    BOOST_TEST(refusal(ask("POST", path("cs_nothing") + "/cancel")) == "404 session_not_found");
}

BOOST_FIXTURE_TEST_CASE(the_choices_have_an_address_of_their_own, sessions_server) {
    auto const waits = wait_among({"1", "2"});
    auto const got = ask("GET", path(waits) + "/choices");
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.text("/data/0/id") == "1");
    BOOST_TEST(got.text("/data/1/kind") == "page");
    BOOST_TEST(got.body.find(flock_server::token_of_page("1")) == std::string::npos);
    BOOST_TEST(refusal(ask("GET", path(begin().text("/id")) + "/choices")) == "409 session_not_choosing");
    BOOST_TEST(choose(waits, {"1"}).status == 200U);
    BOOST_TEST(refusal(ask("GET", path(waits) + "/choices")) == "409 session_used");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
