// Goal: whatever is acknowledged is delivered, at least once and in order, however often the process is
// killed. Method: the real program, killed without warning again and again while it sends to a receiver on
// real sockets; events come from connect sessions that their users turn down, which needs no platform.
#include "tests/server/home/support.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/webhook_receiver.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <random>

namespace connectd::server::testing {
namespace {

struct webhook_crash_fixture {
    scratch_folder const scratch;
    tests::webhook_receiver receiver;
    std::optional<running_server> server;
    std::string key;

    webhook_crash_fixture() {
        start();
        auto const root = read_file(scratch.path() / "data" / "root.key");
        auto const owner = member(server->make_workspace(root, "acme"), "id");
        key = member(server->ask("POST", "/v1/workspaces/" + owner + "/api-keys", root, R"({"name":"all"})"),
                     "key");
        post("/v1/credentials", R"({"platform":"x","client_id":"one","client_secret":"two"})");
        post("/v1/webhooks", R"({"url":")" + receiver.url("/a") + R"("})");
    }

    void start() {
        server.emplace(scratch.path() / "data",
                       std::vector<std::string>{"/usr/bin/env", "CONNECTD_WEBHOOKS_ALLOW_HTTP=true",
                                                "CONNECTD_WEBHOOKS_ALLOW_PRIVATE_ADDRESSES=true"});
        BOOST_REQUIRE_MESSAGE(server->ready(), server->said());
    }
    void kill_and_start() {
        server->process().kill_hard();
        BOOST_TEST(server->process().wait_for_end() == -SIGKILL);
        start();
    }

    static std::string member(http_answer const& got, std::string_view name) {
        BOOST_REQUIRE_MESSAGE(got.status == 201U, got.body);
        return std::string{got.json().at(name).as_string()};
    }
    http_answer post(std::string const& path, std::string const& body) {
        auto const got = server->ask("POST", path, key, body);
        BOOST_REQUIRE_MESSAGE(got.status == 201U, got.body);
        return got;
    }

    // A session whose user says no: one connect.failed, on disk when this returns.
    void make_event() {
        auto const url = member(post("/v1/connect/sessions", R"({"platform":"x"})"), "authorize_url");
        auto const from = url.find("&state=") + 7;
        auto const state = url.substr(from, url.find('&', from) - from);
        auto const got = server->ask("GET", "/v1/connect/callback/x?error=access_denied&state=" + state);
        BOOST_TEST(got.status != 0U);
    }
    std::vector<std::string> logged() {
        std::vector<std::string> ids;
        std::string cursor;
        do {
            auto const page = server->ask("GET", "/v1/events?limit=100" + cursor, key).json();
            for (auto const& each : page.at("data").as_array()) {
                ids.emplace_back(each.at("id").as_string());
            }
            auto const& next = page.at("next_cursor");
            cursor = next.is_null() ? "" : "&cursor=" + std::string{next.as_string()};
        } while (!cursor.empty());
        return ids;
    }
    // webhook-id of each event where it came first.
    std::vector<std::string> first_arrivals() {
        std::vector<std::string> ids;
        for (auto const& id : receiver.ids("/a")) {
            if (std::ranges::find(ids, id) == ids.end()) {
                ids.push_back(id);
            }
        }
        return ids;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhook_crash_test, webhook_crash_fixture)

BOOST_AUTO_TEST_CASE(nothing_is_lost_and_the_order_is_kept_however_often_the_process_is_killed) {
    std::random_device seeds;
    auto const seed = seeds();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random{seed};
    std::size_t made = 0;
    for (int round = 0; round < 6; ++round) {
        for (auto left = 1 + random() % 8; left > 0; --left) {
            make_event();
            ++made;
        }
        kill_and_start();
    }
    auto const all = logged();
    BOOST_TEST(all.size() == made);
    BOOST_REQUIRE(tests::eventually([&] { return first_arrivals().size() >= made; }));
    BOOST_TEST(first_arrivals() == all, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_under_way_when_the_process_dies_is_sent_again) {
    receiver.hang("/a");
    make_event();
    BOOST_REQUIRE(tests::eventually([&] { return receiver.count("/a") == 1; }));
    kill_and_start();
    BOOST_REQUIRE(tests::eventually([&] { return receiver.count("/a") == 2; }));
    BOOST_TEST(receiver.ids("/a").front() == receiver.ids("/a").back());
    BOOST_TEST(receiver.ids("/a").front() == logged().front());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::testing
