// What becomes of an app that a platform refuses, and of the accounts that depend on it.
#include "tests/server/services/refresh/support.hpp"

namespace connectd::server::services::refresh::testing {
namespace {

struct app_fixture : plain_world {
    std::vector<crypto::account_id> ids;

    void connect_many(int count) {
        for (int number = 0; number < count; ++number) {
            auto made = connection();
            made.accounts[0].who.id = "user-" + std::to_string(number);
            connect(std::move(made));
            ids.push_back(id);
        }
        clock.advance(2h);
    }
    report refresh_at(std::size_t index) {
        id = ids.at(index);
        return by_timer();
    }
    auto count(std::string_view type) {
        return std::ranges::count(all_events(), type, &storage::event::type);
    }
    static runtime::task<bool> refused(app_health& apps, storage::account row) {
        co_await apps.refused(std::move(row), "app_refused");
        co_return true;
    }
    void refuse_app() { client.answer(401, R"({"error":"invalid_client"})"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(app_health_test, app_fixture)

BOOST_AUTO_TEST_CASE(a_refused_app_is_said_once_and_its_accounts_stay) {
    connect_many(3);
    for (std::size_t index = 0; index < 3; ++index) {
        refuse_app();
        auto const done = refresh_at(index);
        BOOST_TEST(done.how == result::operator_fault);
        BOOST_TEST((done.why.code == make_error_code(errc::app_refused)));
        BOOST_TEST((account().status == storage::account_status::active));
        BOOST_TEST((account().next_refresh_at.value() >= clock.now() + 15min));
        BOOST_TEST(!token().spending_since.has_value());
    }
    BOOST_TEST(told() == "app.unhealthy");
    BOOST_TEST(last_event("credentials_id") == app.id.to_string());
    BOOST_TEST(last_event("cause") == "app_refused");
    BOOST_TEST(!all_events().back().account.has_value());
    BOOST_TEST(app_row().unhealthy_since.has_value());
}

BOOST_AUTO_TEST_CASE(an_app_that_works_again_is_said_once) {
    connect_many(2);
    refuse_app();
    refresh_at(0);
    answer_tokens("2");
    BOOST_TEST(refresh_at(1).how == result::refreshed);
    answer_tokens("2");
    clock.advance(1h);
    BOOST_TEST(refresh_at(0).how == result::refreshed);
    BOOST_TEST(count("app.unhealthy") == 1);
    BOOST_TEST(count("app.recovered") == 1);
    BOOST_TEST(count("token.refreshed") == 2);
    BOOST_TEST(!app_row().unhealthy_since.has_value());
}

BOOST_AUTO_TEST_CASE(after_three_refusals_the_others_wait_without_asking) {
    connect_many(5);
    for (std::size_t index = 0; index < 3; ++index) {
        refuse_app();
        refresh_at(index);
    }
    BOOST_TEST(refresh_at(3).how == result::untouched);
    BOOST_TEST((account().next_refresh_at.value() >= clock.now() + app_health::first_wait));
    BOOST_TEST(token().failures == 0U);
    BOOST_TEST(client.sent.size() == 3U);

    // Who asks by hand is let through, and lets everybody through when it works.
    answer_tokens("2");
    BOOST_TEST(ask().how == result::refreshed);
    answer_tokens("2");
    BOOST_TEST(refresh_at(4).how == result::refreshed);
}

BOOST_AUTO_TEST_CASE(each_refusal_more_makes_the_wait_longer_up_to_a_limit) {
    connect_many(1);
    auto const row = account();
    app_health apps{store, clock};
    auto const waited = [&] { return apps.waits_until(row).value_or(clock.now()) - clock.now(); };
    for (auto const expected : {0min, 0min, 10min, 20min, 40min, 80min, 120min, 120min}) {
        tests::run(io, refused(apps, row));
        BOOST_TEST((waited() == expected));
    }
}

BOOST_AUTO_TEST_CASE(an_app_that_calls_too_often_waits_as_the_platform_says) {
    connect_many(3);
    client.answer(429, "", {{"Retry-After", "120"}});
    BOOST_TEST(refresh_at(0).how == result::temporary);
    BOOST_TEST((account().next_refresh_at.value() >= clock.now() + 2min));
    BOOST_TEST(refresh_at(1).how == result::untouched);
    auto const waits = account().next_refresh_at.value() - clock.now();
    BOOST_TEST((waits >= 2min));
    BOOST_TEST((waits <= 3min));
    clock.advance(3min);
    answer_tokens("2");
    BOOST_TEST(refresh_at(2).how == result::refreshed);
    BOOST_TEST(told() == "token.refresh_failed token.refreshed");
}

BOOST_AUTO_TEST_CASE(a_platform_without_apps_tells_of_its_account) {
    connect("bluesky");
    client.answer(400, R"({"error":"AuthMissing"})");
    BOOST_TEST(when_due().how == result::operator_fault);
    BOOST_TEST(told() == "token.refresh_failed");
    BOOST_TEST(last_event("cause") == "app_refused");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh::testing
