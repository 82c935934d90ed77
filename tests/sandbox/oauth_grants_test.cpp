// The grants that all pretend platforms with OAuth share: one test for each rule that a policy or a request
// can choose.
#include "tests/sandbox/grant_store.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using namespace sandbox::oauth;
using sandbox::sys_ms;
using std::chrono::hours;
using std::chrono::seconds;

using store = grant_store;
constexpr auto redirect_uri = store::redirect_uri;

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

BOOST_AUTO_TEST_CASE(a_request_may_fix_the_end_of_a_life_that_the_policy_would_renew) {
    store with{keeping()};
    auto const got = with.connect({.refresh_lifetime = hours{7}, .refresh_renews = false});
    with.now += hours{6};
    BOOST_TEST(*std::get<tokens>(with.refresh(got.refresh_token)).refresh_expires_in / hours{1} == 1);
    with.now += hours{1};
    BOOST_TEST((refused(with.refresh(got.refresh_token)) == refusal::token_expired));
}

BOOST_AUTO_TEST_CASE(a_request_may_set_the_life_of_its_access_tokens) {
    auto rules = rotating();
    rules.access_lifetime = endless;
    store with{rules};
    auto const got = with.connect({.access_lifetime = seconds{60}});
    BOOST_TEST(got.granted.expires_in->count() == 60);
    auto const again = std::get<tokens>(with.refresh(got.refresh_token));
    BOOST_TEST(again.granted.expires_in->count() == 60);
    with.now += seconds{60};
    BOOST_TEST(!with.alive(again.access_token));
}

BOOST_AUTO_TEST_CASE(a_request_may_reuse_the_living_token_that_allows_the_same) {
    store with{{.access_lifetime = endless}};
    code_request const wanted{.scopes = scope_set::of({0}), .reuses_token = true};
    auto const first = with.connect(wanted);
    auto other = wanted;
    other.scopes = scope_set::of({0, 1});
    BOOST_TEST(with.connect(other).access_token != first.access_token);
    with.now += hours{1};
    auto const again = with.connect(wanted);
    BOOST_TEST(again.access_token == first.access_token);
    BOOST_TEST((again.granted.issued_at == first.granted.issued_at));
    with.issued.revoke(first.access_token, "client", with.now);
    auto const fresh = with.connect(wanted);
    BOOST_TEST(fresh.access_token != first.access_token);
    BOOST_TEST(with.alive(fresh.access_token));
}

BOOST_AUTO_TEST_CASE(an_exchange_may_say_how_refreshing_goes_on) {
    store with{rotating()};
    auto const outcome =
        with.issued.exchange(with.code(), "client", redirect_uri, "", with.now, [](code_request& request) {
            request.refresh_lifetime = hours{7};
            request.refresh_renews = false;
            request.refresh_rotates = false;
        });
    auto const got = std::get<tokens>(outcome);
    with.now += hours{6};
    BOOST_TEST(std::get<tokens>(with.refresh(got.refresh_token)).refresh_token == got.refresh_token);
    with.now += hours{1};
    BOOST_TEST((refused(with.refresh(got.refresh_token)) == refusal::token_expired));
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

BOOST_AUTO_TEST_CASE(siblings_of_a_client_are_revoked_with_it) {
    auto rules = keeping();
    rules.revocation = revoking::person;
    rules.family_of = [](std::string_view client_id) { return client_id.substr(0, client_id.find('-')); };
    store with{rules};
    auto const connect_to = [&](std::string const& client, std::size_t scope) {
        auto const code = with.code({.client_id = client, .scopes = scope_set::of({scope})});
        return std::get<tokens>(with.issued.exchange(code, client, redirect_uri, "", with.now));
    };
    auto const one = connect_to("7-one", 0);
    auto const sibling = connect_to("7-two", 1);
    auto const stranger = connect_to("8-one", 2);
    BOOST_TEST((with.issued.standing(0, "7-one") == scope_set::of({0, 1})));
    BOOST_TEST((with.issued.revoke(one.access_token, "", with.now) == revocation::done));
    BOOST_TEST(!with.alive(sibling.access_token));
    BOOST_TEST(with.alive(stranger.access_token));
    BOOST_TEST(!with.issued.standing(0, "7-one").has_value());
}

BOOST_AUTO_TEST_CASE(grants_without_a_refresh_token_push_nobody_out) {
    auto rules = keeping();
    rules.most_of_a_person = 1;
    store with{rules};
    auto const kept = with.connect();
    auto const passing = with.connect({.offline = false});
    BOOST_TEST(with.alive(kept.access_token));
    BOOST_TEST(with.alive(passing.access_token));
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
