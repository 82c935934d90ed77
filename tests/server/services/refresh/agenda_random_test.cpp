// Goal: nothing that is due is lost, done twice at a time or done early, whatever changes meanwhile, and
// memory stays bounded. Method: seeded random work; at the end of each run everything that is owed must come.
#include "tests/server/services/refresh/agenda_support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <random>
#include <set>

namespace connectd::server::services::refresh::testing {
namespace {

// Accounts that come and move, work that begins and ends well or badly, readings and leaps of time, in an
// order that the seed decides.
struct random_work : agenda_fixture {
    explicit random_work(std::uint64_t seed) : random{seed} {}

    std::int64_t up_to(std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>{0, most}(random);
    }
    refresh_due any_row() {
        static constexpr std::array<char const*, 4> lanes{"x", "linkedin", "bluesky https://a",
                                                          "bluesky https://b"};
        bool const notice = up_to(9) == 0;
        return row((now - start) + std::chrono::milliseconds{up_to(20 * 60'000) - 60'000},
                   lanes.at(static_cast<std::size_t>(up_to(3))),
                   notice ? due_kind::notice : due_kind::refresh);
    }
    void write(refresh_due const& made) {
        store.put(made);
        plan.changed(made);
    }
    void add() {
        auto const made = any_row();
        accounts.push_back(made.account);
        write(made);
    }
    void move_one() {
        if (accounts.empty()) {
            return;
        }
        auto moved = any_row();
        moved.account =
            accounts[static_cast<std::size_t>(up_to(static_cast<std::int64_t>(accounts.size()) - 1))];
        write(moved);
    }
    void read_one() {
        if (auto const wanted = plan.next_reading(now)) {
            plan.read(*wanted, store.list(*wanted, 5));
        }
    }
    // False when it is early, or under way already.
    bool take_one() {
        auto const one = plan.take(now);
        return !one || (one->due <= now && under_way.emplace(one->account, *one).second);
    }
    void finish_one(bool up, std::chrono::milliseconds later) {
        if (!under_way.empty()) {
            finish(under_way.begin()->second, up ? agenda::ending::answered : agenda::ending::failed, later);
            under_way.erase(under_way.begin());
        }
    }
    bool step(bool leaps) {
        bool good = true;
        switch (up_to(7)) {
        case 0:
        case 1:
            add();
            break;
        case 2:
            move_one();
            break;
        case 3:
            now += std::chrono::milliseconds{up_to(leaps ? 3 * 3'600'000 : 20'000)};
            break;
        case 4:
            read_one();
            break;
        case 5:
            finish_one(up_to(3) != 0, std::chrono::milliseconds{up_to(3'600'000) + 30'000});
            break;
        default:
            good = take_one();
        }
        auto const count = plan.count();
        return good && count.taken == under_way.size() &&
               count.waiting + count.ready + count.taken <= 5 * 2 * limits.lane_limit;
    }
    // A day later, with every platform well again. Answers how many were never taken.
    std::size_t finish_everything() {
        std::set<crypto::account_id> owed;
        for (auto const& [key, one] : store.rows) {
            owed.insert(one.account);
        }
        now += 24h;
        for (int round = 0; round < 20'000 && !owed.empty(); ++round) {
            read_all();
            for (auto const& one : take_all()) {
                under_way.emplace(one.account, one);
            }
            while (!under_way.empty()) {
                owed.erase(under_way.begin()->first);
                finish_one(true, 30 * 24h);
            }
        }
        return owed.size();
    }

    std::mt19937_64 random;
    std::map<crypto::account_id, refresh_due> under_way;
    std::vector<crypto::account_id> accounts;
};

} // namespace

BOOST_AUTO_TEST_SUITE(agenda_random_test)

BOOST_AUTO_TEST_CASE(random_work_loses_nothing_and_never_overfills) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        random_work work{seed};
        for (int step = 0; step < 3000; ++step) {
            BOOST_REQUIRE_MESSAGE(work.step(step % 400 == 0), "seed " << seed << ", step " << step);
        }
        auto const forgotten = work.finish_everything();
        BOOST_REQUIRE_MESSAGE(forgotten == 0U, "seed " << seed << ": " << forgotten << " were forgotten");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh::testing
