// One table walks every platform of the catalog through its sandbox: connect, identity, refresh by its model,
// a call, revocation, and every fault. The sandbox is written from the platforms' facts, the connector from
// the catalog: what they agree on here is what both read there.
#include "platforms/error_table.hpp"
#include "platforms/refresh_plan.hpp"
#include "tests/platforms/every_platform.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests;
using namespace std::chrono_literals;
using connectd::sandbox::fault;
using connectd::sandbox::fault_kind;
namespace data = boost::unit_test::data;

bool accepted(connectd::platforms::http::response const& answer, platform_row const& row) {
    return answer.status == row.publish.status;
}

bool rotates(descriptor const& platform) {
    return platform.refresh.model == refresh_model::rotating;
}

// The stored tokens after a refresh: what the answer does not say stays as it was.
void renew(platform_walk::account& stored, token_set&& fresh) {
    if (!fresh.refresh_token && stored.tokens.refresh_token)
        fresh.refresh_token = std::move(stored.tokens.refresh_token);
    if (fresh.api_base.empty())
        fresh.api_base = stored.tokens.api_base;
    stored.tokens = std::move(fresh);
}

fault broken(fault_kind how, unsigned status = 0, std::optional<std::chrono::seconds> retry_after = {}) {
    fault made;
    made.kind = how;
    made.status = status;
    made.retry_after = retry_after;
    made.bytes = 2'000'000;
    return made;
}

// What may break an answer. None of it is a refusal: whatever a platform in trouble says, nobody is
// disconnected.
std::vector<fault> const& faults() {
    static std::vector<fault> const all{
        broken(fault_kind::status, 500),
        broken(fault_kind::status, 503, 30s),
        broken(fault_kind::status, 429, 30s),
        broken(fault_kind::html),
        broken(fault_kind::html, 502),
        broken(fault_kind::malformed_json),
        broken(fault_kind::success_without_token),
        broken(fault_kind::huge_body),
        broken(fault_kind::reset_after_reading),
        broken(fault_kind::reset_after_processing),
        broken(fault_kind::close_mid_body),
    };
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_platform_test)

BOOST_AUTO_TEST_CASE(the_table_has_every_platform_of_the_catalog) {
    auto const catalog = built_in_catalog();
    for (auto const* platform : catalog.all()) {
        if (platform->instances == instance_kind::issuer)
            continue; // no platform by itself: tests/platforms/discovery_test.cpp
        BOOST_TEST(std::ranges::count(every_platform(), platform->name, &platform_row::name) == 1,
                   platform->name);
    }
}

BOOST_DATA_TEST_CASE(connects_says_who_it_is_and_publishes, data::make(every_platform()), row) {
    platform_walk walk{row};
    auto const made = walk.connected();
    BOOST_TEST(made.who.id == row.id);
    BOOST_TEST(!made.who.display_name.empty());
    BOOST_TEST(!made.tokens.access_token.empty());
    auto const answer = walk.publish(made);
    BOOST_TEST(accepted(answer, row), answer.status << " " << answer.body);
}

BOOST_DATA_TEST_CASE(connecting_again_finds_the_same_identity, data::make(every_platform()), row) {
    platform_walk walk{row};
    auto const first = walk.connected();
    auto const second = walk.connected();
    BOOST_TEST(first.who.id == row.id);
    BOOST_TEST(second.who.id == row.id);
}

BOOST_DATA_TEST_CASE(lives_by_its_refresh_model, data::make(every_platform()), row) {
    platform_walk walk{row};
    auto stored = walk.connected();
    auto const now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    if (row.refreshed_after == 0s) {
        BOOST_TEST(!first_refresh(walk.platform, stored.tokens, now, 0.0));
        walk.ahead(std::chrono::days{400});
        auto const ends = access_expiry(walk.platform, stored.tokens, now);
        BOOST_TEST(accepted(walk.publish(stored), row) == !ends.has_value());
        return;
    }
    BOOST_TEST(first_refresh(walk.platform, stored.tokens, now, 0.0).has_value());
    for (int round = 0; round < 3; ++round) {
        walk.ahead(row.refreshed_after);
        auto const spent =
            stored.tokens.refresh_token ? std::string{stored.tokens.refresh_token->reveal()} : std::string{};
        auto fresh = walk.refresh(stored.tokens);
        BOOST_TEST_REQUIRE(fresh.has_value());
        if (rotates(walk.platform))
            BOOST_TEST((fresh->refresh_token && fresh->refresh_token->reveal() != spent));
        renew(stored, std::move(*fresh));
        auto const answer = walk.publish(stored);
        BOOST_TEST(accepted(answer, row), answer.status << " " << answer.body);
    }
}

BOOST_DATA_TEST_CASE(a_dead_token_is_told_from_other_answers, data::make(every_platform()), row) {
    platform_walk walk{row};
    auto made = walk.connected();
    auto const person = *walk.pretend.persons().find(row.person);
    BOOST_TEST(!says_dead_token(walk.platform, walk.publish(made)));
    BOOST_TEST(walk.pretend.platforms().front()->end_by_user(person, "", walk.pretend.clock().now()) >= 1u);
    if (row.access_outlives_grant)
        walk.ahead(row.refreshed_after);
    auto const answer = walk.publish(made);
    BOOST_TEST(says_dead_token(walk.platform, answer), answer.status << " " << answer.body);
    if (walk.platform.refresh.model == refresh_model::none || row.refreshed_after == 0s)
        return;
    if (!row.access_outlives_grant)
        walk.ahead(row.refreshed_after);
    auto const refused = walk.refresh(made.tokens);
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().what == verdict::refused);
}

BOOST_DATA_TEST_CASE(is_revoked_where_the_platform_can, data::make(every_platform()), row) {
    platform_walk walk{row};
    auto const made = walk.connected();
    BOOST_TEST(walk.revoke(made.tokens).has_value());
    if (row.calls.revoke.empty())
        return; // nothing was asked of the platform, which has no such call
    if (row.access_outlives_grant)
        walk.ahead(row.refreshed_after);
    BOOST_TEST(!accepted(walk.publish(made), row));
    BOOST_TEST(walk.revoke(made.tokens).has_value()); // what is revoked already is as good as revoked
}

BOOST_DATA_TEST_CASE(a_broken_exchange_is_no_connection, data::make(every_platform()) * data::make(faults()),
                     row, how) {
    platform_walk walk{row};
    walk.break_down(row.calls.exchange, how);
    auto const made = walk.connect();
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST((made.error().what == verdict::temporary || made.error().what == verdict::unknown_outcome),
               made.error().code.message());
}

BOOST_DATA_TEST_CASE(a_broken_refresh_disconnects_nobody, data::make(every_platform()) * data::make(faults()),
                     row, how) {
    if (row.refreshed_after == 0s)
        return;
    platform_walk walk{row};
    auto const made = walk.connected();
    walk.ahead(row.refreshed_after);
    walk.break_down(row.calls.refresh, how);
    auto const fresh = walk.refresh(made.tokens);
    BOOST_TEST_REQUIRE(fresh.has_error());
    BOOST_TEST((fresh.error().what == verdict::temporary || fresh.error().what == verdict::unknown_outcome),
               fresh.error().code.message());
    if (how.retry_after)
        BOOST_TEST((fresh.error().retry_after == how.retry_after));
}

BOOST_DATA_TEST_CASE(a_broken_identity_leaves_the_tokens, data::make(every_platform()) * data::make(faults()),
                     row, how) {
    if (how.kind == fault_kind::success_without_token)
        return; // an empty answer may well mean that there is nobody: a Google account without a channel
    platform_walk walk{row};
    auto const made = walk.connected();
    walk.break_down(row.calls.identity, how);
    auto const who = walk.identify(made.tokens);
    BOOST_TEST_REQUIRE(who.has_error());
    BOOST_TEST((who.error().what == verdict::temporary || who.error().what == verdict::unknown_outcome),
               who.error().code.message());
}

BOOST_DATA_TEST_CASE(a_platform_that_hangs_is_left_at_the_deadline, data::make(every_platform()), row) {
    platform_walk walk{row};
    walk.break_down(row.calls.exchange, broken(fault_kind::hang));
    auto const made = walk.connect(200ms);
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST((made.error().code == errc::timed_out || made.error().code == errc::timed_out_unsent));
    walk.pretend.faults().clear();
}

BOOST_AUTO_TEST_SUITE_END()
