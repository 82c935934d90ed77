// When tokens end and when they are refreshed, for each refresh model.
#include "platforms/refresh_plan.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using namespace std::chrono_literals;
using connectd::crypto::secret;
using connectd::tests::built_in;

sys_ms const now{1'763'800'000'123ms};

token_set tokens(std::optional<std::chrono::seconds> lifetime, bool with_refresh = true) {
    token_set made;
    made.access_token = secret::copy_of("a");
    if (with_refresh) {
        made.refresh_token = secret::copy_of("r");
    }
    made.expires_in = lifetime;
    return made;
}

descriptor model(refresh_model kind) {
    descriptor platform;
    platform.refresh.model = kind;
    platform.refresh.lead_time = 600s;
    return platform;
}

// Milliseconds from now, or -1.
std::int64_t due(descriptor const& platform, token_set const& set, double jitter = 0) {
    auto const found = first_refresh(platform, set, now, jitter);
    return found ? (*found - now).count() : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(refresh_plan_test)

BOOST_AUTO_TEST_CASE(x_is_refreshed_five_minutes_ahead_spread_over_half_as_much_more) {
    auto const& x = built_in("x");
    BOOST_TEST(due(x, tokens(7200s)) == 6'900'000);
    BOOST_TEST(due(x, tokens(7200s), 0.5) == 6'825'000);
    BOOST_TEST(due(x, tokens(7200s), 1) == 6'750'000);
    BOOST_TEST(due(x, tokens({})) == 6'900'000); // the usual lifetime
    BOOST_TEST(due(x, tokens(7200s, false)) == -1);
}

BOOST_AUTO_TEST_CASE(a_short_life_is_not_refreshed_before_its_half) {
    auto const platform = model(refresh_model::rotating);
    BOOST_TEST(due(platform, tokens(60s), 1) == 30'000);
    BOOST_TEST(due(platform, tokens(1000s), 1) == 500'000);
}

BOOST_AUTO_TEST_CASE(models_without_a_refresh_have_no_due_time) {
    BOOST_TEST(due(model(refresh_model::none), tokens(7200s)) == -1);
    BOOST_TEST(due(model(refresh_model::relogin), tokens(7200s)) == -1);
    BOOST_TEST(due(model(refresh_model::static_token), tokens(7200s, false)) == -1);
    BOOST_TEST(due(model(refresh_model::rotating), tokens({})) == -1); // does not end
}

BOOST_AUTO_TEST_CASE(extending_needs_no_refresh_token_but_a_minimum_age) {
    auto platform = model(refresh_model::extend);
    platform.refresh.lead_time = 7 * 86400s;
    platform.refresh.minimum_age = 86400s;
    BOOST_TEST(due(platform, tokens(60 * 86400s, false)) == 53 * 86'400'000LL);
    BOOST_TEST(due(platform, tokens(100000s, false)) == 86'400'000); // half of the life would be too young
}

BOOST_AUTO_TEST_CASE(the_refresh_token_must_not_end_first) {
    auto platform = model(refresh_model::rotating);
    platform.refresh.lead_time = 86400s;
    auto set = tokens(30 * 86400s);
    set.refresh_expires_in = 10 * 86400s;
    BOOST_TEST(due(platform, set) == 9 * 86'400'000LL);
    set.refresh_expires_in = 60 * 86400s;
    BOOST_TEST(due(platform, set) == 29 * 86'400'000LL);
    set.expires_in.reset();
    BOOST_TEST(due(platform, set) == 59 * 86'400'000LL);
    platform.refresh.idle_limit = 45 * 86400s;
    BOOST_TEST(due(platform, set) == 44 * 86'400'000LL);
}

// LinkedIn: the refresh token stays and ends a year after the consent, and no access token outlives it.
BOOST_AUTO_TEST_CASE(a_fixed_end_is_not_chased_in_ever_smaller_steps) {
    auto platform = model(refresh_model::static_token);
    platform.refresh.lead_time = 7 * 86400s;
    auto set = tokens(60 * 86400s);
    set.refresh_expires_in = 365 * 86400s;
    BOOST_TEST(due(platform, set) == 53 * 86'400'000LL);
    set.refresh_expires_in = 50 * 86400s; // no refresh makes the token live longer
    BOOST_TEST(due(platform, set) == -1);
    set.expires_in = 5 * 86400s;
    set.refresh_expires_in = 5 * 86400s + 1s; // said by one answer, rounded apart
    BOOST_TEST(due(platform, set) == -1);
    set.refresh_expires_in = 6 * 86400s; // within the lead time: only the access token's end counts
    BOOST_TEST(due(platform, set) == 5 * 43'200'000LL);
    set.expires_in.reset();
    BOOST_TEST(due(platform, set) == -1);
    set.refresh_expires_in = 10 * 86400s;
    BOOST_TEST(due(platform, set) == 5 * 86'400'000LL);
}

BOOST_AUTO_TEST_CASE(a_named_moment_is_stronger_than_a_lifetime) {
    auto const& bluesky = built_in("bluesky");
    auto set = tokens(60s);
    set.expires_at = std::chrono::floor<std::chrono::seconds>(now) + 7200s;
    set.refresh_expires_at = std::chrono::floor<std::chrono::seconds>(now) + 90 * 86400s;
    BOOST_TEST((*access_expiry(bluesky, set, now) - now).count() == 7'199'877);
    BOOST_TEST((*refresh_expiry(bluesky, set, now) - now).count() == 90 * 86'400'000LL - 123);
    BOOST_TEST(due(bluesky, set) == 6'599'877);
}

BOOST_AUTO_TEST_CASE(a_token_already_over_is_due_at_once) {
    auto set = tokens({});
    set.expires_at = std::chrono::floor<std::chrono::seconds>(now) - 100s;
    BOOST_TEST(due(built_in("bluesky"), set, 1) == 0);
}

BOOST_AUTO_TEST_CASE(ends_fall_back_to_the_descriptor_and_then_to_nothing) {
    auto const& bluesky = built_in("bluesky");
    BOOST_TEST((*access_expiry(bluesky, tokens({}), now) - now).count() == 7'200'000);
    BOOST_TEST((*refresh_expiry(bluesky, tokens({}), now) - now).count() == 90 * 86'400'000LL);
    BOOST_TEST(!refresh_expiry(bluesky, tokens({}, false), now).has_value());
    BOOST_TEST(!access_expiry(model(refresh_model::none), tokens({}), now).has_value());
    BOOST_TEST(!refresh_expiry(built_in("x"), tokens(7200s), now).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
