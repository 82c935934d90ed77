#include "tests/simulation/ledger.hpp"

#include "server/runtime/time_text.hpp"
#include "server/services/token_vault.hpp"
#include "storage/record_codec.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace connectd::simulation {
namespace {

using namespace std::chrono_literals;
using platforms::refresh_model;
using storage::account_status;

// How long after its end a token may be found not renewed, or an account not ended: a few tries, each after
// its pause.
constexpr auto late = 30min;

std::size_t person_of(storage::account const& row) {
    std::size_t person = 0;
    std::from_chars(row.platform_user_id.data(), row.platform_user_id.data() + row.platform_user_id.size(),
                    person);
    return person;
}

} // namespace

// What a batch writes, by kind.
struct ledger::batch_rows {
    std::vector<storage::account> accounts;
    std::vector<storage::token> tokens;
    std::vector<storage::event> events;
    std::vector<std::string> erased; // keys of accounts

    std::size_t told(crypto::account_id who, std::initializer_list<std::string_view> types) const {
        return static_cast<std::size_t>(std::ranges::count_if(events, [&](storage::event const& each) {
            return each.account == who && std::ranges::find(types, each.type) != types.end();
        }));
    }
};

void ledger::violated(std::string_view rule, std::size_t person, std::string_view what, sys_ms now) {
    if (violations_.size() < 20) {
        violations_.push_back(std::string{rule} + ": " + std::string{what} + " (" +
                              std::string{truth_.rules_of(person).name} + " " + std::to_string(person) +
                              " at " + server::runtime::time_text(now) + ")");
    }
}

ledger::account const* ledger::of(std::size_t person) const {
    auto const found = accounts_.find(person);
    return found == accounts_.end() ? nullptr : &found->second;
}

void ledger::presented(token_name const& spent, sys_ms now) {
    auto& watched = watch_over(spent);
    auto const platform = truth_.of(spent.person).platform;
    auto const& by = all_rules[platform];
    if (++watched.under_way > 1) {
        violated("twins", spent.person, "a refresh is under way already", now);
    }
    if (++calls_[platform] > options_.cap) {
        violated("crowd", spent.person, "more calls at once than the platform may have", now);
    }
    ++watched.calls_since_spent;
    watched.asked_at = now;
    if (watched.refused == spent) {
        violated("stale", spent.person, "a token is presented that was refused", now);
    }
    if (by.model == refresh_model::static_token) {
        return; // has no successors
    }
    if (watched.heard > spent.number) {
        violated("stale", spent.person, "a token is presented although its successor had come", now);
    }
    auto const* mine = of(spent.person);
    if (mine == nullptr || mine->held.consent > spent.consent) {
        return; // disconnected, or connected anew, since it was marked
    }
    if (mine->held != spent) {
        violated("stale", spent.person, "a token is presented that is not the stored one", now);
    }
    if (!mine->marked) {
        violated("mark", spent.person, "a token is spent without a mark", now);
    }
    auto const& granted = truth_.of(spent.person);
    bool const newest = spent.consent == granted.consent && spent.number == granted.number;
    if (by.model == refresh_model::extend && newest &&
        now + options_.most_skew < granted.issued_at + by.minimum_age) {
        violated("early", spent.person, "a token is extended too early", now);
    }
}

void ledger::processed(token_name const& spent, grant const& before, sys_ms now) {
    auto& watched = watch_over(spent);
    auto const& mine = truth_.of(spent.person);
    if (mine.number != before.number) {
        watched.calls_since_spent = 0;
    }
    bool const replayed = before.dead.empty() && mine.dead == "replayed";
    auto const grace = all_rules[mine.platform].grace;
    bool const slept = watched.calls_since_spent <= 1 && watched.asked_at > before.issued_at + grace;
    auto const restless = restless_[mine.platform];
    bool const could = restless < before.issued_at || restless + 30min < before.issued_at + grace;
    if (replayed && grace > 0s && slept && could) {
        violated("grace", spent.person, "nobody asked again while the platform would have forgiven", now);
    }
}

void ledger::ended(token_name const& spent, answer how, sys_ms now) {
    auto& watched = watch_over(spent);
    auto const& granted = truth_.of(spent.person);
    --watched.under_way;
    --calls_[granted.platform];
    switch (how) {
    case answer::given:
        watched.heard = granted.consent == spent.consent ? granted.number : watched.heard;
        break;
    case answer::refused:
        watched.refused = spent;
        break;
    case answer::doubtful:
        watched.unsure = true;
        last_doubt_ = now;
        break;
    case answer::nothing:
        break;
    }
}

void ledger::crashed(sys_ms now) {
    disturbed(now, 1h);
    last_doubt_ = now;
    std::ranges::fill(calls_, 0U);
    for (auto& [of, watched] : watches_) {
        watched.under_way = 0;
        watched.refused.reset();
        watched.heard = 0;
    }
    for (auto const& [person, mine] : accounts_) {
        if (mine.marked) {
            watch_over(mine.held).unsure = true;
        }
    }
}

ledger::batch_rows ledger::sort(std::vector<storage::write_batch::operation> const& written) {
    batch_rows all;
    for (auto const& each : written) {
        if (each.where == storage::family::accounts && !each.value) {
            all.erased.push_back(each.key);
        } else if (each.where == storage::family::accounts) {
            auto row = storage::decode_record<storage::account>(*each.value);
            if (row.has_value() && storage::accounts::key(*row) == each.key) { // and no index row
                all.accounts.push_back(std::move(*row));
            }
        } else if (each.where == storage::family::tokens && each.value) {
            all.tokens.push_back(storage::decode_record<storage::token>(*each.value).value());
        } else if (each.where == storage::family::events) {
            auto row = storage::decode_record<storage::event>(*each.value);
            if (row.has_value() && storage::events::key(*row) == each.key) {
                ++counts_[row->type];
                all.events.push_back(std::move(*row));
            }
        }
    }
    return all;
}

server::runtime::task<void> ledger::committed(std::vector<storage::write_batch::operation> written,
                                              sys_ms now) {
    auto const all = sort(written);
    for (auto const& row : all.accounts) {
        check_account(row, all, now);
    }
    for (auto const& row : all.tokens) {
        co_await check_token(row, all, now);
    }
    for (auto const& key : all.erased) {
        if (auto const found = people_.find(key); found != people_.end()) {
            gone_.insert(accounts_.at(found->second).id);
            accounts_.erase(found->second);
            people_.erase(found);
        }
    }
}

void ledger::check_account(storage::account const& row, batch_rows const& all, sys_ms now) {
    auto const person = person_of(row);
    if (gone_.contains(row.id)) {
        violated("lost", person, "a disconnected account comes back", now);
        return;
    }
    auto const connects = all.told(row.id, {"account.connected", "account.reconnected"});
    auto const ends = all.told(row.id, {"token.revoked"});
    auto const found = accounts_.find(person);
    if (found == accounts_.end()) {
        people_[storage::accounts::key(row)] = person;
        owners_[row.id] = person;
        accounts_[person] = account{.id = row.id};
    } else if (row.status == account_status::disconnected) {
        if (found->second.status != row.status && all.told(row.id, {"account.disconnected"}) != 1) {
            violated("told", person, "an account is disconnected without its event", now);
        }
        found->second.generation = 0; // the token is gone, and the next one is a first one
    } else if (found->second.status != row.status && row.status != account_status::active) {
        check_end(row, found->second, now);
        if (ends != 1) {
            violated("told", person, "an account ends without its event", now);
        }
    } else if (ends != 0) {
        violated("told", person, "an account is said to have ended and has not", now);
    } else if (found->second.status != row.status && connects != 1) {
        violated("told", person, "an account revives without having been connected", now);
    }
    accounts_[person].status = row.status;
    accounts_[person].warnings += static_cast<unsigned>(all.told(row.id, {"token.expiring"}));
}

void ledger::check_end(storage::account const& row, account const& was, sys_ms now) {
    auto const person = person_of(row);
    auto const& mine = truth_.of(person);
    if (truth_.accepts(was.held)) {
        bool const over = truth_.rules_of(person).model == refresh_model::relogin &&
                          mine.access_ends <= now + options_.most_skew;
        if (!over || row.status_cause != "expired") {
            violated("alive", person, "a living account is ended with " + row.status_cause, now);
        } else if (was.warnings != 2) {
            violated("told", person, "a token ends with " + std::to_string(was.warnings) + " warnings", now);
        }
        return;
    }
    bool const rotates = truth_.rules_of(person).model == refresh_model::rotating;
    bool const replayed = mine.consent == was.held.consent && mine.dead == "replayed";
    bool const lost = row.status_cause == "refresh_outcome_lost";
    if (rotates && replayed && !lost) {
        violated("cause", person, "a token that was spent twice ends the account with " + row.status_cause,
                 now);
    }
    if (lost && !watch_over(was.held).unsure) {
        violated("cause", person, "an outcome is said to be lost that was not", now);
    }
}

server::runtime::task<void> ledger::check_token(storage::token row, batch_rows const& all, sys_ms now) {
    auto const owner = owners_.find(row.account);
    if (owner == owners_.end() || gone_.contains(row.account)) {
        co_return; // said with the account
    }
    auto const person = owner->second;
    auto& mine = accounts_.at(person);
    if (mine.status == account_status::disconnected) {
        violated("lost", person, "a disconnected account gets a token", now);
        co_return;
    }
    auto const tokens = co_await server::services::open_token(keys_, row);
    auto const held = read_token(tokens.value().access_token.reveal()).value();
    if (held < mine.held) {
        violated("lost", person, "an older token is written over a newer one", now);
    }
    if (held != mine.held) {
        bool const anew = held.consent != mine.held.consent;
        if (row.generation <= mine.generation) {
            violated("lost", person, "a new token has no generation of its own", now);
        }
        auto const told = anew ? all.told(row.account, {"account.connected", "account.reconnected"})
                               : all.told(row.account, {"token.refreshed"});
        if (told != 1) {
            violated("told", person, "a token comes without its event", now);
        }
        watch_over(held).unsure = false;
        mine.warnings = anew ? 0 : mine.warnings;
        mine.late = ahead_;
    }
    mine.held = held;
    mine.generation = row.generation;
    mine.marked = row.spending_since.has_value();
}

void ledger::disturbed(std::size_t platform, sys_ms until, milliseconds recovery) {
    restless_[platform] = std::max(restless_[platform], until);
    excused_[platform] = std::max<sys_ms>(excused_[platform], until + recovery);
}

void ledger::disturbed(sys_ms until, milliseconds recovery) {
    for (std::size_t platform = 0; platform < restless_.size(); ++platform) {
        disturbed(platform, until, recovery);
    }
}

void ledger::audit(sys_ms now) {
    for (auto const& [person, mine] : accounts_) {
        if (excused_[truth_.of(person).platform] < now) {
            audit_one(person, mine, now);
        }
    }
}

void ledger::audit_one(std::size_t person, account const& mine, sys_ms now) {
    auto const& granted = truth_.of(person);
    auto const& by = truth_.rules_of(person);
    bool const active = mine.status == account_status::active;
    if (!truth_.accepts(mine.held)) {
        bool const noticed = granted.dead_since + by.access + late + mine.late < now;
        // A consent whose code never came through says nothing about when the old one was found dead.
        if (active && mine.held.consent == granted.consent && noticed) {
            violated("silent", person, "a dead grant has not been noticed", now);
        }
        return;
    }
    if (active && mine.marked && watch_over(mine.held).asked_at + 2h < now) {
        violated("grace", person, "nobody asks what became of a token that may be spent", now);
    }
    bool const over = granted.access_ends + late + mine.late < now;
    if (over && by.model == refresh_model::relogin && active) {
        violated("silent", person, "an account whose token has ended is active", now);
    }
    if (over && by.model != refresh_model::relogin && active) {
        violated("silent", person, "a token has ended and was not renewed", now);
    }
}

} // namespace connectd::simulation
