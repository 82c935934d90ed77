// Long-lived tokens and derived ones: what a short token can be made into; and scopes that are taken back
// while tokens live.
#include "tests/sandbox/grant_store.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using namespace sandbox::oauth;
using std::chrono::hours;

using store = grant_store;

policy exchanging(long_lived_policy long_lived) {
    policy rules;
    rules.long_lived = long_lived;
    return rules;
}

BOOST_AUTO_TEST_SUITE(oauth_long_lived_test)

BOOST_AUTO_TEST_CASE(a_short_token_is_exchanged_for_a_long_one_and_both_live) {
    store with{exchanging({.lifetime = hours{1440}})};
    auto const got = with.connect();
    BOOST_TEST((refused(with.issued.exchange_for_long(got.access_token, "other", with.now)) ==
                refusal::token_foreign));
    auto const exchanged =
        std::get<tokens>(with.issued.exchange_for_long(got.access_token, "client", with.now));
    BOOST_TEST(*exchanged.granted.expires_in / hours{1} == 1440);
    BOOST_TEST(exchanged.access_token != got.access_token);
    BOOST_TEST(with.alive(got.access_token));
    BOOST_TEST((refused(with.issued.exchange_for_long(exchanged.access_token, "", with.now)) ==
                refusal::token_wrong_kind));
    with.now += hours{1};
    BOOST_TEST(
        (refused(with.issued.exchange_for_long(got.access_token, "", with.now)) == refusal::token_expired));
    BOOST_TEST(with.alive(exchanged.access_token));
}

BOOST_AUTO_TEST_CASE(a_long_token_is_exchanged_again_where_the_policy_says_so) {
    store with{exchanging({.lifetime = hours{1440}, .exchanged_again = true})};
    auto const got = with.connect();
    auto const first = std::get<tokens>(with.issued.exchange_for_long(got.access_token, "", with.now));
    with.now += hours{1000};
    auto const second = std::get<tokens>(with.issued.exchange_for_long(first.access_token, "", with.now));
    BOOST_TEST(second.access_token != first.access_token);
    with.now += hours{1000};
    BOOST_TEST(!with.alive(first.access_token));
    BOOST_TEST(with.alive(second.access_token));
}

BOOST_AUTO_TEST_CASE(a_long_token_extends_itself_from_a_certain_age_on) {
    store with{exchanging({.lifetime = hours{1440}, .minimum_age = hours{24}})};
    auto const got = with.connect();
    auto const long_one = std::get<tokens>(with.issued.exchange_for_long(got.access_token, "", with.now));
    BOOST_TEST((refused(with.issued.extend(got.access_token, "", with.now)) == refusal::token_wrong_kind));
    with.now += hours{23};
    BOOST_TEST(
        (refused(with.issued.extend(long_one.access_token, "", with.now)) == refusal::token_too_young));
    with.now += hours{1};
    auto const extended = std::get<tokens>(with.issued.extend(long_one.access_token, "", with.now));
    BOOST_TEST(extended.access_token == long_one.access_token);
    BOOST_TEST(*extended.granted.expires_in / hours{1} == 1440);
    BOOST_TEST(
        (refused(with.issued.extend(long_one.access_token, "", with.now)) == refusal::token_too_young));
    with.now += hours{1440};
    BOOST_TEST((refused(with.issued.extend(long_one.access_token, "", with.now)) == refusal::token_expired));
}

BOOST_AUTO_TEST_CASE(extending_gives_another_token_where_the_policy_says_so) {
    store with{exchanging({.lifetime = hours{1440}, .extended_in_place = false})};
    auto const got = with.connect();
    auto const first = std::get<tokens>(with.issued.exchange_for_long(got.access_token, "", with.now));
    auto const second = std::get<tokens>(with.issued.extend(first.access_token, "client", with.now));
    BOOST_TEST(second.access_token != first.access_token);
    BOOST_TEST(with.alive(first.access_token));
}

BOOST_AUTO_TEST_CASE(a_derived_token_stays_the_same_and_dies_with_its_grant) {
    store with{{}};
    auto const got = with.connect();
    auto const page = std::get<tokens>(with.issued.derive(got.access_token, "page-1", endless, with.now));
    auto const same = std::get<tokens>(with.issued.derive(got.access_token, "page-1", endless, with.now));
    auto const other = std::get<tokens>(with.issued.derive(got.access_token, "page-2", endless, with.now));
    BOOST_TEST(page.access_token == same.access_token);
    BOOST_TEST(page.access_token != other.access_token);
    BOOST_TEST(with.issued.check(page.access_token, with.now)->subject == "page-1");
    with.now += hours{1};
    BOOST_TEST((refused(with.issued.derive(got.access_token, "page-1", endless, with.now)) ==
                refusal::token_expired));
    BOOST_TEST(with.alive(page.access_token));
    BOOST_TEST(with.issued.end_by_user(page.granted.grant, with.now));
    BOOST_TEST(!with.alive(page.access_token));
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_never_gives_an_endless_one) {
    store with{exchanging({.lifetime = hours{1440}})};
    auto const got = with.connect();
    auto const lasting = std::get<tokens>(with.issued.derive(got.access_token, "page-1", endless, with.now));
    auto const passing = std::get<tokens>(with.issued.derive(got.access_token, "page-1", hours{1}, with.now));
    BOOST_TEST(lasting.access_token != passing.access_token);
    BOOST_TEST(!lasting.granted.expires_in.has_value());
    BOOST_TEST(passing.granted.expires_in->count() == 3600);
}

BOOST_AUTO_TEST_CASE(any_number_of_derived_tokens_leaves_those_they_come_from_alone) {
    store with{exchanging({.lifetime = hours{1440}})};
    auto const got = with.connect();
    std::vector<std::string> derived;
    for (int i = 0; i < 200; ++i)
        derived.push_back(std::get<tokens>(with.issued.derive(got.access_token, "page-" + std::to_string(i),
                                                              hours{1}, with.now))
                              .access_token);
    BOOST_TEST(std::ranges::all_of(derived, [&](std::string const& token) { return with.alive(token); }));
    auto const lasting = std::get<tokens>(with.issued.exchange_for_long(got.access_token, "", with.now));
    BOOST_TEST(with.alive(got.access_token));
    // Dead ones give way to their successors, so that a grant used for years does not grow.
    with.now += hours{1};
    with.issued.derive(lasting.access_token, "page-7", hours{1}, with.now);
    BOOST_TEST(with.issued.list(1, with.now).at(0).tokens.size() == 202);
}

BOOST_AUTO_TEST_CASE(a_withdrawn_scope_leaves_the_tokens_alive_without_it) {
    store with{{}};
    auto const got = with.connect({.scopes = scope_set::of({0, 1})});
    auto const page = std::get<tokens>(with.issued.derive(got.access_token, "page-1", endless, with.now));
    auto const elsewhere =
        with.issued.exchange(with.code({.client_id = "other", .scopes = scope_set::of({1})}), "other",
                             store::redirect_uri, "", with.now);
    BOOST_TEST(with.issued.withdraw(0, "client", scope_set::of({1, 2}), with.now) == 1);
    BOOST_TEST((with.issued.check(got.access_token, with.now)->scopes == scope_set::of({0})));
    BOOST_TEST((with.issued.check(page.access_token, with.now)->scopes == scope_set::of({0})));
    BOOST_TEST((with.issued.check(got.access_token, with.now)->declined == scope_set::of({1})));
    BOOST_TEST((with.issued.check(std::get<tokens>(elsewhere).access_token, with.now)->scopes ==
                scope_set::of({1})));
    BOOST_TEST(with.issued.withdraw(0, "client", scope_set::of({1}), with.now) == 0);
}

BOOST_AUTO_TEST_CASE(what_was_declined_is_remembered_until_it_is_granted_or_all_is_over) {
    store with{{}};
    with.connect({.scopes = scope_set::of({0}), .declined = scope_set::of({1, 2})});
    BOOST_TEST((with.issued.declined(0, "client") == scope_set::of({1, 2})));
    BOOST_TEST(with.issued.declined(0, "other").empty());
    with.connect({.scopes = scope_set::of({0, 2})});
    BOOST_TEST((with.issued.declined(0, "client") == scope_set::of({1})));
    with.issued.end_by_user(0, "client", with.now);
    BOOST_TEST(with.issued.declined(0, "client").empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
