// The grants that all pretend platforms with OAuth share: one test for each rule that a policy can choose,
// without sockets and with times of its own.
#include "tools/sandbox/oauth/grants.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace connectd::tests {
namespace {

using namespace sandbox::oauth;
using sandbox::sys_ms;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::string_view redirect_uri = "https://app.example/cb";

// Grants under a policy, at a time that the test moves.
struct store {
    explicit store(policy rules) : issued{named(rules), events, 100} {}

    static policy named(policy rules) {
        rules.platform = "test";
        return rules;
    }

    std::string code(code_request request = {}) {
        request.client_id = request.client_id.empty() ? "client" : request.client_id;
        request.redirect_uri = redirect_uri;
        return issued.issue_code(std::move(request), now);
    }
    token_outcome exchange(std::string_view with_code, std::string_view verifier = {}) {
        return issued.exchange(with_code, "client", redirect_uri, verifier, now);
    }
    tokens connect(code_request request = {}) { return std::get<tokens>(exchange(code(std::move(request)))); }
    token_outcome refresh(std::string_view token) { return issued.refresh(token, "client", now); }
    bool alive(std::string_view token) const { return issued.check(token, now).has_value(); }
    bool had_event(std::string_view kind) const {
        auto const all = events.events(0, 1000);
        return std::ranges::find(all, kind, &sandbox::event_record::kind) != all.end();
    }

    sandbox::journal events{1000};
    grants issued;
    sys_ms now{hours{500'000}};
};

// The refusal of an outcome; a test that expects one fails when there is none.
template <class Outcome>
refusal refused(Outcome const& outcome) {
    return std::get<refusal>(outcome);
}

policy rotating() {
    policy rules;
    rules.refresh = {.how = refreshing::rotates, .lifetime = hours{100}};
    return rules;
}

policy keeping() {
    policy rules;
    rules.refresh = {.how = refreshing::keeps, .lifetime = hours{100}};
    return rules;
}

policy exchanging(long_lived_policy long_lived) {
    policy rules;
    rules.long_lived = long_lived;
    return rules;
}

BOOST_AUTO_TEST_SUITE(oauth_grants_test)

BOOST_AUTO_TEST_CASE(a_code_lives_as_long_as_the_policy_says_and_works_once) {
    policy rules;
    rules.code_lifetime = seconds{30};
    store with{rules};
    auto const code = with.code();
    with.now += seconds{29};
    auto const got = std::get<tokens>(with.exchange(code));
    BOOST_TEST(with.alive(got.access_token));
    BOOST_TEST((refused(with.exchange(code)) == refusal::code_spent));
    BOOST_TEST(with.alive(got.access_token));
    auto const late = with.code();
    with.now += seconds{30};
    BOOST_TEST((refused(with.exchange(late)) == refusal::code_expired));
    BOOST_TEST((refused(with.exchange("unheard-of")) == refusal::code_unknown));
}

BOOST_AUTO_TEST_CASE(a_spent_code_ends_its_grant_where_the_policy_says_so) {
    policy rules;
    rules.spent_code = replay::ends_grant;
    store with{rules};
    auto const code = with.code();
    auto const got = std::get<tokens>(with.exchange(code));
    BOOST_TEST((refused(with.exchange(code)) == refusal::code_spent));
    BOOST_TEST(!with.alive(got.access_token));
    BOOST_TEST(with.had_event("grant_ended_by_replay"));
}

BOOST_AUTO_TEST_CASE(a_code_is_bound_to_client_and_redirect_uri) {
    store with{{}};
    auto const code = with.code();
    BOOST_TEST(
        (refused(with.issued.exchange(code, "other", redirect_uri, "", with.now)) == refusal::code_foreign));
    BOOST_TEST((refused(with.issued.exchange(code, "client", "https://app.example/", "", with.now)) ==
                refusal::redirect_mismatch));
    BOOST_TEST(std::holds_alternative<tokens>(with.exchange(code)));
}

BOOST_AUTO_TEST_CASE(a_code_is_bound_to_its_challenge_by_the_transform_it_came_with) {
    // RFC 7636 appendix B; the hex form is TikTok's.
    constexpr std::string_view verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    std::vector<challenge> const challenges{
        {transform::s256, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
        {transform::s256_hex, "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"},
        {transform::plain, std::string{verifier}},
    };
    store with{{}};
    for (auto const& bound : challenges) {
        auto const code = with.code({.bound = bound});
        BOOST_TEST((refused(with.exchange(code)) == refusal::verifier_missing));
        BOOST_TEST((refused(with.exchange(code, bound.text + "x")) == refusal::verifier_mismatch));
        BOOST_TEST(std::holds_alternative<tokens>(with.exchange(code, verifier)));
    }
    BOOST_TEST(std::holds_alternative<tokens>(with.exchange(with.code(), verifier)));
}

BOOST_AUTO_TEST_CASE(an_access_token_ends_or_never_does) {
    store with{{.access_lifetime = seconds{3600}}};
    auto const got = with.connect();
    BOOST_TEST(got.granted.expires_in->count() == 3600);
    BOOST_TEST(got.refresh_token.empty());
    with.now += seconds{3600};
    BOOST_TEST(!with.alive(got.access_token));
    BOOST_TEST((refused(with.issued.inspect(got.access_token, with.now)) == refusal::token_expired));

    store forever{{.access_lifetime = endless}};
    auto const kept = forever.connect();
    BOOST_TEST(!kept.granted.expires_in.has_value());
    forever.now += hours{24 * 3650};
    BOOST_TEST(forever.alive(kept.access_token));
    BOOST_TEST(!forever.issued.list(1, forever.now).at(0).tokens.at(0).expires_at.has_value());
}

BOOST_AUTO_TEST_CASE(rotating_tokens_work_once_and_renew_their_life) {
    store with{rotating()};
    auto const first = with.connect();
    with.now += hours{99};
    auto const second = std::get<tokens>(with.refresh(first.refresh_token));
    BOOST_TEST(second.refresh_token != first.refresh_token);
    BOOST_TEST(*second.refresh_expires_in / hours{1} == 100);
    BOOST_TEST((refused(with.refresh(first.refresh_token)) == refusal::token_spent));
    BOOST_TEST(with.had_event("refresh_replayed"));
    BOOST_TEST(with.alive(second.access_token));
    with.now += hours{99};
    auto const third = std::get<tokens>(with.refresh(second.refresh_token));
    with.now += hours{100};
    BOOST_TEST((refused(with.refresh(third.refresh_token)) == refusal::token_expired));
}

BOOST_AUTO_TEST_CASE(a_replay_ends_the_grant_where_the_policy_says_so) {
    auto rules = rotating();
    rules.refresh.spent = replay::ends_grant;
    store with{rules};
    auto const first = with.connect();
    auto const second = std::get<tokens>(with.refresh(first.refresh_token));
    BOOST_TEST((refused(with.refresh(first.refresh_token)) == refusal::token_spent));
    BOOST_TEST((refused(with.refresh(second.refresh_token)) == refusal::token_revoked));
    BOOST_TEST(!with.alive(second.access_token));
}

BOOST_AUTO_TEST_CASE(within_its_grace_a_rotated_token_goes_on_working) {
    auto rules = rotating();
    rules.refresh.grace = seconds{60};
    rules.refresh.spent = replay::ends_grant;
    store with{rules};
    auto const first = with.connect();
    auto const second = std::get<tokens>(with.refresh(first.refresh_token));
    with.now += seconds{59};
    auto const other = std::get<tokens>(with.refresh(first.refresh_token));
    BOOST_TEST(other.refresh_token != second.refresh_token);
    BOOST_TEST(with.alive(second.access_token));
    with.now += seconds{1}; // the grace counts from the first use
    BOOST_TEST((refused(with.refresh(first.refresh_token)) == refusal::token_spent));
    BOOST_TEST(!with.alive(other.access_token));
}

BOOST_AUTO_TEST_CASE(a_kept_token_has_a_fixed_end_or_one_that_moves_with_use) {
    auto rules = keeping();
    rules.refresh.renews = false;
    store with{rules};
    auto const got = with.connect();
    with.now += hours{60};
    auto const again = std::get<tokens>(with.refresh(got.refresh_token));
    BOOST_TEST(again.refresh_token == got.refresh_token);
    BOOST_TEST(*again.refresh_expires_in / hours{1} == 40);
    with.now += hours{40};
    BOOST_TEST((refused(with.refresh(got.refresh_token)) == refusal::token_expired));

    store moving{keeping()};
    auto const used = moving.connect();
    for (int i = 0; i < 3; ++i) {
        moving.now += hours{99};
        BOOST_TEST(std::holds_alternative<tokens>(moving.refresh(used.refresh_token)));
    }
    moving.now += hours{100};
    BOOST_TEST((refused(moving.refresh(used.refresh_token)) == refusal::token_expired));
}

BOOST_AUTO_TEST_CASE(a_kept_token_outlasts_any_number_of_refreshes) {
    store with{keeping()};
    auto const got = with.connect();
    tokens last;
    for (int i = 0; i < 200; ++i)
        last = std::get<tokens>(with.refresh(got.refresh_token));
    BOOST_TEST(with.alive(last.access_token));
    BOOST_TEST(with.issued.list(1, with.now).at(0).tokens.size() == 64);
}

BOOST_AUTO_TEST_CASE(an_access_token_does_not_outlive_the_refresh_token_where_the_policy_says_so) {
    auto rules = keeping();
    rules.access_lifetime = hours{50};
    rules.access_within_refresh = true;
    rules.refresh.renews = false;
    store with{rules};
    auto const got = with.connect();
    BOOST_TEST(*got.granted.expires_in / hours{1} == 50);
    with.now += hours{90};
    auto const again = std::get<tokens>(with.refresh(got.refresh_token));
    BOOST_TEST(*again.granted.expires_in / hours{1} == 10);
}

BOOST_AUTO_TEST_CASE(a_request_may_go_without_a_refresh_token_or_shorten_its_life) {
    store with{rotating()};
    BOOST_TEST(with.connect({.offline = false}).refresh_token.empty());
    auto const shortened = with.connect({.refresh_lifetime = hours{7}});
    BOOST_TEST(*shortened.refresh_expires_in / hours{1} == 7);
    with.now += hours{7};
    BOOST_TEST((refused(with.refresh(shortened.refresh_token)) == refusal::token_expired));
}

BOOST_AUTO_TEST_CASE(a_refresh_may_narrow_scopes_and_never_widen_them) {
    store with{rotating()};
    auto const both = scope_set::of({0, 1});
    auto const got = with.connect({.scopes = both});
    BOOST_TEST((refused(with.issued.refresh(got.refresh_token, "client", with.now, scope_set::of({2}))) ==
                refusal::scope_widened));
    auto const less =
        std::get<tokens>(with.issued.refresh(got.refresh_token, "client", with.now, scope_set::of({1})));
    BOOST_TEST((less.granted.scopes == scope_set::of({1})));
    BOOST_TEST((with.issued.check(less.access_token, with.now)->scopes == scope_set::of({1})));
    BOOST_TEST((std::get<tokens>(with.refresh(less.refresh_token)).granted.scopes == both));
}

BOOST_AUTO_TEST_CASE(a_refresh_needs_a_refresh_token_of_that_client) {
    store with{rotating()};
    auto const got = with.connect();
    BOOST_TEST((refused(with.refresh("unheard-of")) == refusal::token_unknown));
    BOOST_TEST((refused(with.refresh(got.access_token)) == refusal::token_wrong_kind));
    BOOST_TEST(
        (refused(with.issued.refresh(got.refresh_token, "other", with.now)) == refusal::token_foreign));
    BOOST_TEST(!with.alive(got.refresh_token));
    BOOST_TEST(std::holds_alternative<tokens>(with.refresh(got.refresh_token)));
}

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

BOOST_AUTO_TEST_CASE(revoking_takes_the_token_the_grant_or_all_of_the_person) {
    for (auto const how : {revoking::token, revoking::grant, revoking::person}) {
        auto rules = rotating();
        rules.revocation = how;
        store with{rules};
        auto const got = with.connect();
        auto const sibling = with.connect();
        auto const stranger = with.connect({.person = 7});
        BOOST_TEST((with.issued.revoke(got.access_token, "other", with.now) == revocation::foreign));
        BOOST_TEST((with.issued.revoke("unheard-of", "client", with.now) == revocation::unknown));
        BOOST_TEST((with.issued.revoke(got.access_token, "", with.now) == revocation::done));
        BOOST_TEST((with.issued.revoke(got.access_token, "", with.now) == revocation::already_dead));
        BOOST_TEST(!with.alive(got.access_token));
        BOOST_TEST(with.alive(sibling.access_token) == (how != revoking::person));
        BOOST_TEST(with.alive(stranger.access_token));
        BOOST_TEST(std::holds_alternative<tokens>(with.refresh(got.refresh_token)) ==
                   (how == revoking::token));
    }
}

BOOST_AUTO_TEST_CASE(the_oldest_grant_of_a_person_gives_way_to_the_newest) {
    auto rules = keeping();
    rules.most_of_a_person = 2;
    store with{rules};
    auto const first = with.connect();
    auto const second = with.connect();
    auto const stranger = with.connect({.person = 7});
    auto const elsewhere =
        with.issued.exchange(with.code({.client_id = "other"}), "other", redirect_uri, "", with.now);
    with.connect();
    BOOST_TEST(!with.alive(first.access_token));
    BOOST_TEST((refused(with.refresh(first.refresh_token)) == refusal::token_revoked));
    BOOST_TEST(with.alive(second.access_token));
    BOOST_TEST(with.alive(stranger.access_token));
    BOOST_TEST(with.alive(std::get<tokens>(elsewhere).access_token));
    BOOST_TEST(with.issued.list(10, with.now).back().state == "displaced");
}

BOOST_AUTO_TEST_CASE(tokens_have_the_form_that_the_policy_gives_them) {
    policy rules;
    rules.make_token = [](token_kind kind, sys_ms at) {
        return std::string{to_string(kind)} + "-" + plain_token(kind, at);
    };
    rules.refresh.how = refreshing::rotates;
    store with{rules};
    BOOST_TEST(with.code().starts_with("code-"));
    BOOST_TEST(with.connect().access_token.starts_with("access-"));
    BOOST_TEST(with.connect().refresh_token.starts_with("refresh-"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
