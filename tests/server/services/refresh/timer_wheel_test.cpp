// Goal: the wheel never loses, repeats, delays or hurries an item. Method: seeded random operations beside a
// sorted list that cannot be wrong, over steps from nothing to centuries.
#include "server/services/refresh/timer_wheel.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace connectd::server::services::refresh {
namespace {

using namespace std::chrono_literals;
using runtime::sys_ms;

constexpr sys_ms start{1'800'000'000'123ms};

// What is right by definition.
class naive_model {
  public:
    void insert(timer_wheel::item which, sys_ms due) { all_.emplace(due, which); }
    void erase(timer_wheel::item which) {
        std::erase_if(all_, [&](auto const& each) { return each.second == which; });
    }
    std::vector<timer_wheel::item> advance(sys_ms now) {
        now_ = std::max(now_, now);
        std::vector<timer_wheel::item> due;
        while (!all_.empty() && all_.begin()->first <= now_) {
            due.push_back(all_.begin()->second);
            all_.erase(all_.begin());
        }
        return due;
    }
    std::size_t size() const { return all_.size(); }

  private:
    std::set<std::pair<sys_ms, timer_wheel::item>> all_;
    sys_ms now_ = start;
};

// Wheel and model side by side.
struct pair_of_both {
    explicit pair_of_both(std::uint64_t seed) : random{seed} {}

    std::int64_t up_to(std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>{0, most}(random);
    }
    // Small spans are as likely as large ones.
    std::chrono::milliseconds span(unsigned most_bits) {
        auto const bits = static_cast<unsigned>(up_to(most_bits));
        return std::chrono::milliseconds{up_to((std::int64_t{1} << bits) - 1)};
    }
    void insert(sys_ms due) {
        timer_wheel::item which = 0;
        if (free.empty()) {
            which = made++;
        } else {
            which = free.back();
            free.pop_back();
        }
        wheel.insert(which, due);
        model.insert(which, due);
        in.push_back(which);
    }
    void erase_any() {
        if (in.empty()) {
            return;
        }
        std::swap(in[static_cast<std::size_t>(up_to(static_cast<std::int64_t>(in.size()) - 1))], in.back());
        wheel.erase(in.back());
        model.erase(in.back());
        free.push_back(in.back());
        in.pop_back();
    }
    bool advance(sys_ms to) {
        now = std::max(now, to);
        auto const expected = model.advance(to);
        if (wheel.advance(to) != expected) {
            return false;
        }
        for (auto const which : expected) {
            std::erase(in, which);
            free.push_back(which);
        }
        return true;
    }

    std::mt19937_64 random;
    timer_wheel wheel{start};
    naive_model model;
    sys_ms now = start;
    std::vector<timer_wheel::item> in;
    std::vector<timer_wheel::item> free;
    timer_wheel::item made = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(timer_wheel_test)

BOOST_AUTO_TEST_CASE(what_is_due_comes_out_once_and_in_order) {
    timer_wheel wheel{start};
    wheel.insert(7, start + 5ms);
    wheel.insert(3, start + 5ms);
    wheel.insert(9, start + 2ms);
    wheel.insert(1, start + 6ms);
    BOOST_TEST(wheel.advance(start + 1ms).empty());
    BOOST_TEST((wheel.advance(start + 5ms) == std::vector<timer_wheel::item>{9, 3, 7}));
    BOOST_TEST(!wheel.contains(3));
    BOOST_TEST(wheel.contains(1));
    BOOST_TEST(wheel.advance(start + 5ms).empty());
    BOOST_TEST((wheel.advance(start + 24h) == std::vector<timer_wheel::item>{1}));
    BOOST_TEST(wheel.size() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_late_already_is_due_at_once) {
    timer_wheel wheel{start};
    wheel.advance(start + 1h);
    wheel.insert(0, start - 24h);
    wheel.insert(1, start + 59min);
    wheel.insert(2, start + 1h);
    BOOST_TEST((wheel.advance(start + 1h) == std::vector<timer_wheel::item>{0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(time_that_goes_back_changes_nothing) {
    timer_wheel wheel{start};
    wheel.advance(start + 1h);
    wheel.insert(0, start + 1h + 1ms);
    BOOST_TEST(wheel.advance(start).empty());
    BOOST_TEST((wheel.advance(start + 2h) == std::vector<timer_wheel::item>{0}));
}

BOOST_AUTO_TEST_CASE(what_was_erased_does_not_come_and_its_number_is_free_again) {
    timer_wheel wheel{start};
    for (timer_wheel::item which = 0; which < 5; ++which) {
        wheel.insert(which, start + 10ms); // one slot
    }
    wheel.erase(4); // first of its list
    wheel.erase(2); // in the middle
    wheel.erase(0); // last
    wheel.insert(2, start + 20min);
    BOOST_TEST((wheel.advance(start + 10min) == std::vector<timer_wheel::item>{1, 3}));
    BOOST_TEST((wheel.advance(start + 30min) == std::vector<timer_wheel::item>{2}));
}

BOOST_AUTO_TEST_CASE(a_moment_beyond_all_levels_still_comes) {
    timer_wheel wheel{start};
    sys_ms const far = start + std::chrono::years{2000};
    wheel.insert(0, far);
    BOOST_TEST(wheel.advance(far - 1ms).empty());
    BOOST_TEST((wheel.advance(far) == std::vector<timer_wheel::item>{0}));
}

BOOST_AUTO_TEST_CASE(every_boundary_of_slots_and_levels_is_exact) {
    for (unsigned bits = 1; bits < 44; ++bits) {
        auto const span = std::chrono::milliseconds{std::int64_t{1} << bits};
        for (auto const shift : {-1ms, 0ms, 1ms}) {
            timer_wheel wheel{start};
            auto const due = start + span + shift;
            wheel.insert(0, due);
            BOOST_REQUIRE(wheel.advance(due - 1ms).empty());
            BOOST_REQUIRE(wheel.advance(due).size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(random_operations_agree_with_a_sorted_list) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        pair_of_both both{seed};
        for (int step = 0; step < 2000; ++step) {
            switch (both.up_to(9)) {
            case 0:
                BOOST_REQUIRE_MESSAGE(both.advance(both.now + both.span(step % 500 == 499 ? 43 : 22)),
                                      "seed " << seed << ", step " << step);
                break;
            case 1:
                BOOST_REQUIRE_MESSAGE(both.advance(both.now - both.span(24)),
                                      "seed " << seed << ", step " << step);
                break;
            case 2:
            case 3:
                both.erase_any();
                break;
            case 4:
                both.insert(both.now - both.span(20));
                break;
            default:
                both.insert(both.now + both.span(36));
            }
            BOOST_REQUIRE(both.wheel.size() == both.model.size());
        }
        BOOST_REQUIRE_MESSAGE(both.advance(both.now + std::chrono::years{10}), "seed " << seed);
        BOOST_REQUIRE(both.wheel.size() == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh
