// Goal: every rule of the ledger fires when it is broken, and none when it is kept. Method: histories written
// by hand, call by call and commit by commit, each with the one thing that is wrong.
#include "server/services/account_events.hpp"
#include "server/services/token_vault.hpp"
#include "tests/server/services/support.hpp"
#include "tests/simulation/ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::simulation {
namespace {

using namespace std::chrono_literals;
using answer = ledger::answer;
using storage::account_status;

// Places in all_rules.
constexpr std::size_t strict = 0;
constexpr std::size_t forgiving = 1;
constexpr std::size_t extends = 4;
constexpr std::size_t ends = 5;

struct book_world : server::services::testing::world {
    pretend_platforms truth;
    ledger book{truth, keys, {.cap = 2, .most_skew = 0ms}};
    sys_ms now = server::services::testing::start_of_time;
    server::services::workspace_view owner = workspace();
    storage::account row;
    storage::token token;

    // Commits the account and the token with events of these types.
    void commit(token_name const& held, std::vector<std::string> const& types) {
        platforms::token_set tokens;
        tokens.access_token = crypto::secret::copy_of(write_token('a', held));
        token.material = ok(server::services::seal_token(keys, token, tokens));
        storage::write_batch batch;
        storage::accounts::put(batch, row);
        storage::tokens::put(batch, token);
        for (auto const& type : types) {
            storage::events::create(batch, server::services::account_event(type, row, now));
        }
        committed(batch);
    }
    void committed(storage::write_batch const& batch) {
        auto const all = batch.operations();
        auto const done = std::make_shared<tests::started_task>();
        tests::start(io, book.committed({all.begin(), all.end()}, now), done);
        tests::finish(io, *done);
        BOOST_TEST_REQUIRE(!done->thrown);
    }

    // Another person's account.
    token_name connect(std::size_t platform) {
        auto const person = truth.people();
        auto const held = truth.consent(person, platform, now);
        row = storage::account{};
        row.id = crypto::account_id::make(now);
        row.workspace = owner.id;
        row.profile = owner.default_profile;
        row.platform = std::string{all_rules[platform].name};
        row.platform_user_id = std::to_string(person);
        token = storage::token{};
        token.account = row.id;
        token.workspace = owner.id;
        token.generation = 1;
        commit(held, {"account.connected"});
        return held;
    }
    void mark(token_name const& held) {
        token.spending_since = now;
        commit(held, {});
    }
    // The platform gets the token and acts on it.
    void arrives(token_name const& spent) {
        auto const before = truth.of(spent.person);
        truth.receive(spent, now);
        book.processed(spent, before, now);
    }
    token_name refresh(token_name const& held) {
        mark(held);
        book.presented(held, now);
        arrives(held);
        book.ended(held, answer::given, now);
        return {held.person, held.consent, held.number + 1};
    }
    void keep(token_name const& fresh, std::vector<std::string> const& types = {"token.refreshed"}) {
        token.spending_since.reset();
        ++token.generation;
        commit(fresh, types);
    }
    void end(token_name const& held, std::string cause,
             std::vector<std::string> const& types = {"token.revoked"}) {
        row.status = account_status::token_expired;
        row.status_cause = std::move(cause);
        commit(held, types);
    }

    void broke(std::string_view rule) {
        BOOST_TEST_REQUIRE(book.violations().size() == 1U);
        BOOST_TEST(book.violations().front().starts_with(std::string{rule} + ":"), book.violations().front());
    }
    void broke_nothing() {
        for (auto const& each : book.violations()) {
            BOOST_ERROR(each);
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_test, book_world)

BOOST_AUTO_TEST_CASE(a_true_history_breaks_nothing) {
    auto const first = connect(strict);
    auto const second = refresh(first);
    keep(second);
    truth.revoke(second.person, now);
    mark(second);
    book.presented(second, now);
    arrives(second);
    book.ended(second, answer::refused, now);
    end(second, "grant_refused");
    book.audit(now + 24h);
    broke_nothing();
}

BOOST_AUTO_TEST_CASE(a_token_is_spent_without_a_mark) {
    book.presented(connect(strict), now);
    broke("mark");
}

BOOST_AUTO_TEST_CASE(two_calls_for_one_account) {
    auto const held = connect(strict);
    mark(held);
    book.presented(held, now);
    book.presented(held, now);
    broke("twins");
}

BOOST_AUTO_TEST_CASE(a_refused_token_again) {
    auto const held = connect(strict);
    truth.revoke(held.person, now);
    mark(held);
    for (int turn = 0; turn < 2; ++turn) {
        book.presented(held, now);
        book.ended(held, answer::refused, now);
    }
    broke("stale");
}

BOOST_AUTO_TEST_CASE(the_old_token_after_its_successor_came) {
    auto const held = connect(strict);
    refresh(held);
    book.presented(held, now);
    broke("stale");
}

BOOST_AUTO_TEST_CASE(a_token_that_is_not_the_stored_one) {
    auto const held = connect(forgiving);
    auto const fresh = refresh(held);
    keep(fresh);
    book.crashed(now);
    mark(fresh);
    book.presented(held, now);
    broke("stale");
}

BOOST_AUTO_TEST_CASE(an_extension_before_its_time) {
    auto const held = connect(extends);
    mark(held);
    book.presented(held, now + 23h);
    broke("early");
}

BOOST_AUTO_TEST_CASE(more_calls_than_the_cap) {
    for (int each = 0; each < 3; ++each) {
        auto const held = connect(strict);
        mark(held);
        broke_nothing();
        book.presented(held, now);
    }
    broke("crowd");
}

BOOST_AUTO_TEST_CASE(an_older_token_over_a_newer_one) {
    auto const held = connect(strict);
    keep(refresh(held));
    ++token.generation;
    commit(held, {"token.refreshed"});
    broke("lost");
}

BOOST_AUTO_TEST_CASE(a_token_of_the_old_generation) {
    auto const fresh = refresh(connect(strict));
    commit(fresh, {"token.refreshed"});
    broke("lost");
}

BOOST_AUTO_TEST_CASE(a_disconnected_account_comes_back) {
    auto const held = connect(strict);
    storage::write_batch batch;
    storage::accounts::erase(batch, row);
    committed(batch);
    commit(held, {});
    broke("lost");
}

BOOST_AUTO_TEST_CASE(an_account_that_is_kept_after_a_disconnect_comes_back_by_its_owner_alone) {
    auto const held = connect(strict);
    row.status = account_status::disconnected;
    storage::write_batch batch;
    storage::accounts::put(batch, row);
    storage::events::create(batch, server::services::account_event("account.disconnected", row, now));
    committed(batch);
    row.status = account_status::active;
    token.generation = 1;
    auto const anew = truth.consent(held.person, strict, now);
    commit(anew, {"account.reconnected"});
    broke_nothing();
    row.status = account_status::disconnected;
    commit(anew, {"account.disconnected"});
    broke("lost");
}

BOOST_AUTO_TEST_CASE(a_disconnect_without_its_event) {
    connect(strict);
    row.status = account_status::disconnected;
    storage::write_batch batch;
    storage::accounts::put(batch, row);
    committed(batch);
    broke("told");
}

BOOST_AUTO_TEST_CASE(nobody_asks_again_within_the_grace) {
    auto const held = connect(forgiving);
    mark(held);
    now += 1min;
    book.presented(held, now);
    arrives(held);
    book.ended(held, answer::doubtful, now);
    now += all_rules[forgiving].grace + 1min;
    book.presented(held, now);
    arrives(held);
    broke("grace");
}

BOOST_AUTO_TEST_CASE(nobody_asks_what_became_of_a_token) {
    mark(connect(forgiving));
    book.crashed(now);
    book.audit(now + 30min);
    broke_nothing();
    book.audit(now + 3h);
    broke("grace");
}

BOOST_AUTO_TEST_CASE(a_living_account_is_ended) {
    end(connect(strict), "grant_refused");
    broke("alive");
}

BOOST_AUTO_TEST_CASE(a_replayed_token_is_said_to_be_refused) {
    auto const held = connect(strict);
    mark(held);
    for (int turn = 0; turn < 2; ++turn) {
        book.presented(held, now);
        arrives(held);
        book.ended(held, turn == 0 ? answer::doubtful : answer::refused, now);
        now += 1s;
    }
    end(held, "grant_refused");
    broke("cause");
}

BOOST_AUTO_TEST_CASE(an_outcome_is_said_to_be_lost_that_was_not) {
    auto const held = connect(strict);
    truth.revoke(held.person, now);
    end(held, "refresh_outcome_lost");
    broke("cause");
}

BOOST_AUTO_TEST_CASE(changes_without_their_event) {
    keep(refresh(connect(strict)), {});
    broke("told");
}

BOOST_AUTO_TEST_CASE(an_end_without_its_event) {
    auto const held = connect(strict);
    truth.revoke(held.person, now);
    end(held, "grant_refused", {});
    broke("told");
}

BOOST_AUTO_TEST_CASE(an_end_with_too_few_warnings) {
    auto const held = connect(ends);
    commit(held, {"token.expiring"});
    now += all_rules[ends].access;
    end(held, "expired");
    broke("told");
}

BOOST_AUTO_TEST_CASE(a_token_ends_in_silence) {
    connect(strict);
    book.audit(now + all_rules[strict].access + 1h);
    broke("silent");
}

BOOST_AUTO_TEST_CASE(a_dead_grant_stays_active) {
    auto const held = connect(strict);
    truth.revoke(held.person, now);
    book.audit(now + all_rules[strict].access + 1h);
    broke("silent");
}

// What a disturbance excuses, and for how long.
BOOST_AUTO_TEST_CASE(an_outage_excuses_silence) {
    connect(strict);
    auto const later = now + all_rules[strict].access + 1h;
    book.disturbed(strict, later - 1h, 3h);
    book.audit(later);
    broke_nothing();
    book.audit(later + 3h);
    broke("silent");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::simulation
