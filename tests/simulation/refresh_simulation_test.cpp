// Goal: whatever fails, and in whatever order, no account is lost, none is dead in silence, and every webhook
// endpoint gets every event in order. Method: the real services over a store in memory, through weeks of
// seeded trouble, with ledgers that know the truth (ledger.hpp, delivery_ledger.hpp). A seed that fails is
// printed; CONNECTD_SIMULATION_SEED runs it again exactly, with the same CONNECTD_SIMULATION_PEOPLE and
// _DAYS; CONNECTD_SIMULATION_RUNS runs more seeds than the build does.
#include "tests/simulation/universe.hpp"

#include <boost/test/unit_test.hpp>

#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace connectd::simulation {
namespace {

using std::chrono::days;

// What a build has time for. Without the optimiser, as under the sanitizers, a refresh takes ten times as
// long.
#ifdef __OPTIMIZE__
constexpr std::size_t usual_people = 1000;
constexpr days usual_length{60};
constexpr std::uint64_t usual_runs = 2;
#else
constexpr std::size_t usual_people = 80;
constexpr days usual_length{15};
constexpr std::uint64_t usual_runs = 1;
#endif

std::uint64_t setting(char const* name, std::uint64_t usual) {
    auto const* const text = std::getenv(name);
    std::uint64_t value = usual;
    if (text != nullptr) {
        std::string_view const given{text};
        std::from_chars(given.data(), given.data() + given.size(), value);
    }
    return value;
}

struct history {
    std::vector<std::string> violations;
    std::string summary;
    std::string digest;
};

// Runs on a thread of its own, so that nothing of an earlier one is left.
history live_through(universe_options const& chosen) {
    history told;
    std::thread{[&] {
        seed_crypto(chosen.seed);
        universe all{chosen};
        all.run();
        told = {all.violations(), all.summary(), all.digest()};
    }}.join();
    return told;
}

universe_options usual() {
    universe_options chosen;
    chosen.people = setting("CONNECTD_SIMULATION_PEOPLE", usual_people);
    chosen.length =
        days{setting("CONNECTD_SIMULATION_DAYS", static_cast<std::uint64_t>(usual_length.count()))};
    return chosen;
}

// Whether one of the first histories with a defect breaks the rule.
bool is_found(universe_options chosen, std::string_view rule) {
    for (chosen.seed = 1; chosen.seed <= 3; ++chosen.seed) {
        for (auto const& each : live_through(chosen).violations) {
            if (each.starts_with(rule)) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(refresh_simulation_test)

BOOST_AUTO_TEST_CASE(no_trouble_breaks_a_rule) {
    auto chosen = usual();
    auto const first = setting("CONNECTD_SIMULATION_SEED", 1);
    auto const end = first + setting("CONNECTD_SIMULATION_RUNS", usual_runs);
    for (chosen.seed = first; chosen.seed < end; ++chosen.seed) {
        auto const told = live_through(chosen);
        BOOST_TEST_MESSAGE("seed " << chosen.seed << ": " << told.summary);
        for (auto const& each : told.violations) {
            BOOST_ERROR("seed " << chosen.seed << ": " << each);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_seed_replays_exactly) {
    universe_options const chosen{.seed = 7, .people = 30, .length = days{5}};
    auto const once = live_through(chosen);
    auto const again = live_through(chosen);
    BOOST_TEST(once.summary == again.summary);
    BOOST_TEST(once.digest == again.digest);
    BOOST_TEST(live_through({.seed = 8, .people = 30, .length = days{5}}).digest != once.digest);
}

// A rule that has never been broken is not to be trusted. Here the whole of it, in ledger_test each rule.
BOOST_AUTO_TEST_CASE(defects_are_found) {
    universe_options const chosen{.people = 60, .length = days{10}};
    auto unguarded = chosen;
    unguarded.ignores_guards = true;
    BOOST_TEST(is_found(unguarded, "lost:"));
    auto hasty = chosen;
    hasty.takes_trouble_for_refusal = true;
    BOOST_TEST(is_found(hasty, "alive:"));
    auto stuttering = chosen;
    stuttering.sends_twice = true;
    BOOST_TEST(is_found(stuttering, "cause:"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::simulation
