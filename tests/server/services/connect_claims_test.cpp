#include "server/services/connect_claims.hpp"
#include "tests/server/services/support.hpp"

#include <atomic>
#include <thread>

namespace connectd::server::services::testing {

BOOST_AUTO_TEST_SUITE(connect_claims_test)

BOOST_AUTO_TEST_CASE(a_session_is_held_by_one_until_it_lets_go) {
    connect_claims claims;
    auto const one = crypto::session_id::make(start_of_time);
    auto const other = crypto::session_id::make(start_of_time);
    {
        auto const held = claims.take(one);
        BOOST_REQUIRE(held.has_value());
        BOOST_TEST(!claims.take(one).has_value());
        BOOST_TEST(claims.take(other).has_value());
    }
    BOOST_TEST(claims.take(one).has_value());
}

BOOST_AUTO_TEST_CASE(a_claim_that_is_moved_is_let_go_once_by_its_last_holder) {
    connect_claims claims;
    auto const session = crypto::session_id::make(start_of_time);
    auto first = claims.take(session);
    BOOST_REQUIRE(first.has_value());
    {
        connect_claims::claim const second{std::move(*first)};
        first.reset();
        BOOST_TEST(!claims.take(session).has_value());
    }
    BOOST_TEST(claims.take(session).has_value());
}

BOOST_AUTO_TEST_CASE(of_many_threads_one_gets_it) {
    connect_claims claims;
    auto const session = crypto::session_id::make(start_of_time);
    std::atomic<int> holders{0};
    std::atomic<int> most{0};
    std::atomic<int> taken{0};
    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < 8; ++number) {
            threads.emplace_back([&] {
                for (int turn = 0; turn < 2000; ++turn) {
                    if (auto const held = claims.take(session)) {
                        most = std::max(most.load(), ++holders);
                        ++taken;
                        --holders;
                    }
                }
            });
        }
    }
    BOOST_TEST(most.load() == 1);
    BOOST_TEST(taken.load() > 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
