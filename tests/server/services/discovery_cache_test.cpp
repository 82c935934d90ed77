#include "server/services/discovery_cache.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace connectd::server::services::testing {
namespace {

using namespace std::chrono_literals;

constexpr runtime::sys_ms start{std::chrono::milliseconds{1'800'000'000'000}};

shared_platform called(std::string title) {
    platforms::descriptor made;
    made.title = std::move(title);
    return std::make_shared<platforms::descriptor const>(std::move(made));
}

struct small_cache {
    discovery_cache cache{{.fresh = 1h, .pause = 1min, .most = 2}};

    bool fresh(std::string const& key, runtime::sys_ms now) {
        auto const found = cache.find(key, now);
        BOOST_REQUIRE(found.has_value());
        return found->fresh;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(discovery_cache_test, small_cache)

BOOST_AUTO_TEST_CASE(what_is_known_stays_and_is_fresh_for_a_while) {
    BOOST_TEST(!cache.find("a", start).has_value());
    cache.store("a", called("first"), start);
    BOOST_TEST(fresh("a", start + 59min));
    BOOST_TEST(!fresh("a", start + 1h));
    BOOST_TEST(cache.find("a", start + 240h)->platform->title == "first");
    cache.store("a", called("second"), start + 240h);
    BOOST_TEST(cache.find("a", start + 240h)->platform->title == "second");
    BOOST_TEST(fresh("a", start + 240h));
}

BOOST_AUTO_TEST_CASE(one_that_is_down_is_left_in_peace) {
    cache.store("a", called("a"), start);
    cache.postpone("a", start + 2h);
    BOOST_TEST(fresh("a", start + 2h + 59s));
    BOOST_TEST(!fresh("a", start + 2h + 1min));
    // What was heard meanwhile does not grow old sooner by it.
    cache.store("a", called("a"), start + 3h);
    cache.postpone("a", start + 3h);
    BOOST_TEST(fresh("a", start + 3h + 59min));
    cache.postpone("nobody", start);
    BOOST_TEST(!cache.find("nobody", start).has_value());
}

BOOST_AUTO_TEST_CASE(the_one_not_asked_for_longest_makes_room) {
    cache.store("a", called("a"), start);
    cache.store("b", called("b"), start + 1s);
    cache.find("a", start + 2s);
    cache.store("c", called("c"), start + 3s);
    BOOST_TEST(cache.find("a", start + 4s).has_value());
    BOOST_TEST(!cache.find("b", start + 4s).has_value());
    BOOST_TEST(cache.find("c", start + 4s).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
