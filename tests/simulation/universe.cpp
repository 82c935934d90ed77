#include "tests/simulation/universe.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "server/services/webhooks/endpoints.hpp"
#include "tests/platforms/support.hpp"

#include <algorithm>
#include <utility>

namespace connectd::simulation {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr milliseconds most_ahead = 3h;
constexpr milliseconds most_behind = 1h;

// How long what was away for days may feel it: pauses between attempts have grown by then, and the clock may
// jump meanwhile. An endpoint has nothing else to suffer in that time, since it is given up after three days.
constexpr milliseconds recovery = 13h;

} // namespace

universe::universe(universe_options chosen)
    : options_{chosen},
      chance_{chosen.seed},
      book_{truth_, keys, {.cap = 4, .most_skew = most_ahead + most_behind}},
      outages_(all_rules.size()),
      owner_{workspace()},
      around_{.store = {store, book_, post_, now_, chosen.ignores_guards},
              .clock = clock,
              .catalog = catalog,
              .settings = this->chosen,
              .chance = chance_,
              .schedule = {},
              .delivering = {},
              .network = [this](platforms::http::request what, fate& end) {
                  return carry(std::move(what), end);
              }} {
    catalog = make_catalog();
    around_.schedule.plan.lane.at_once = 4;
    around_.schedule.plan.lane_limit = 64;
    around_.schedule.interval = 24h; // of real time: the clock here is moved by hand
    around_.schedule.page = 50;
    around_.delivering.interval = 24h;
    for (auto const& each : all_rules) {
        apps_.push_back(ok(credentials.create(owner_.id, {.platform = std::string{each.name},
                                                          .client_id = "app",
                                                          .client_secret = crypto::secret::copy_of("secret"),
                                                          .name = {}}))
                            .id);
    }
    this->chosen.plans["team"].features.insert("webhooks");
    open_endpoint({});
    open_endpoint({"account.connected", "account.disconnected", "token.revoked"});
    open_endpoint({"token.expiring", "token.refresh_failed", "app.unhealthy", "app.recovered"});
}

universe::~universe() = default;

std::vector<std::string> universe::violations() const {
    auto all = book_.violations();
    all.insert(all.end(), post_.violations().begin(), post_.violations().end());
    return all;
}

void universe::open_endpoint(std::vector<std::string> types) {
    server::services::event_bell const nobody;
    server::services::webhooks::forms const native_only;
    server::services::webhooks::endpoints all{store, keys, clock, this->chosen, nobody, native_only};
    auto const made = ok(all.create(
        owner_.id, {.url = std::string{endpoint_url} + std::to_string(endpoints_.size()), .types = types}));
    post_.open(made.view.id.to_string(), std::move(types));
    endpoints_.push_back({.id = made.view.id.to_string()});
}

void universe::run() {
    start();
    for (std::size_t person = 0; person < options_.people; ++person) {
        truth_.consent(person, person % all_rules.size(), now_);
        connect(person);
        pass(1s);
    }
    calm_ = false;
    around_.steps_in_a_life = options_.steps_in_a_life;
    book_.crashed(now_);
    process_.reset();
    start();
    next_person_ = next_trouble_ = next_owner_ = next_audit_ = now_;
    auto const end = now_ + options_.length;
    while (now_ < end && all_is_well()) {
        pass(next_moment() - now_);
        happen();
    }
    calm_ = true;
    around_.steps_in_a_life = 0;
    clock.advance(-std::exchange(skew_, 0ms));
    std::ranges::fill(outages_, outage{});
    meddlers_.clear();
    if (process_) {
        process_->spare();
    }
    for (auto& each : endpoints_) {
        each = endpoint{.id = std::move(each.id)};
    }
    book_.disturbed(now_, recovery);
    post_.disturbed(now_ + recovery);
    for (auto const rest = now_ + days{2}; now_ < rest && all_is_well();) {
        pass(next_moment() - now_);
        do_something_with_endpoints();
    }
    book_.audit(now_);
    post_.audit(now_);
}

sys_ms universe::next_moment() const {
    auto next = now_ + (now_ < book_.last_doubt() + 2min ? milliseconds{5s} : milliseconds{60s});
    for (auto const& [when, sleeper] : sleepers_) {
        if (!sleeper.expired()) {
            next = std::min(next, when);
            break;
        }
    }
    if (!meddlers_.empty()) {
        next = std::min(next, meddlers_.begin()->first);
    }
    return std::max(next, now_ + 1ms);
}

void universe::pass(milliseconds time) {
    now_ += time;
    clock.set(now_ + skew_);
    book_.clock_is_ahead(skew_);
    while (!sleepers_.empty() && sleepers_.begin()->first <= now_) {
        if (auto const sleeper = sleepers_.begin()->second.lock()) {
            sleeper->cancel();
        }
        sleepers_.erase(sleepers_.begin());
    }
    look_after_disturbances();
    if (!process_ && starts_at_ <= now_) {
        start();
    }
    live();
}

void universe::start() {
    process_ = std::make_unique<process>(around_);
}

void universe::live() {
    if (!process_) {
        return;
    }
    process_->go_on();
    if (process_->dead()) {
        ++deaths_;
        book_.crashed(now_);
        process_.reset();
        sleepers_.clear();
        starts_at_ = now_ + (chance_.one_in(10) ? chance_.between(5min, 6h) : chance_.between(1s, 20s));
    }
}

// What keeps the program from its work, and how long the work may be late for it: what was planned while the
// clock was ahead comes late.
void universe::look_after_disturbances() {
    if (!process_) {
        book_.disturbed(now_, 1h);
        post_.disturbed(now_ + 1h);
    }
    if (skew_ != 0ms) {
        book_.disturbed(now_ + most_ahead, 3h);
        post_.disturbed(now_ + most_ahead + 3h);
    }
    for (std::size_t which = 0; which < endpoints_.size(); ++which) {
        auto const& one = endpoints_[which];
        if (std::max({one.down_until, one.paused_until, one.gone_until}) > now_) {
            post_.disturbed(which, now_ + recovery);
        }
    }
    for (std::size_t platform = 0; platform < outages_.size(); ++platform) {
        if (outages_[platform].down_until > now_ || outages_[platform].refused_until > now_) {
            book_.disturbed(platform, now_, recovery);
        }
    }
}

void universe::happen() {
    if (next_trouble_ <= now_) {
        something_breaks();
        next_trouble_ = now_ + chance_.between(1h, 16h);
    }
    while (!meddlers_.empty() && meddlers_.begin()->first <= now_) {
        do_something(meddlers_.extract(meddlers_.begin()).mapped());
    }
    if (next_person_ <= now_) {
        do_something(chance_.below(truth_.people()));
        auto const usual = std::chrono::duration_cast<milliseconds>(days{4}) /
                           static_cast<milliseconds::rep>(options_.people);
        next_person_ = now_ + chance_.between(1s, 2 * usual);
    }
    do_something_with_endpoints();
    if (next_audit_ <= now_) {
        book_.audit(now_);
        post_.audit(now_);
        next_audit_ = now_ + 6h;
    }
}

void universe::something_breaks() {
    skew_ = 0ms;
    auto const platform = chance_.below(all_rules.size());
    switch (chance_.below(7)) {
    case 0:
    case 1:
        outages_[platform].down_until = now_ + chance_.between(1min, 1h);
        break;
    case 2:
        outages_[platform].down_until = now_ + chance_.between(1h, days{3});
        break;
    case 3:
        if (auto& one = endpoints_[chance_.below(endpoints_.size())]; one.spared_until < now_) {
            one.down_until = now_ + chance_.between(1min, 48h);
            one.spared_until = one.down_until + recovery + 7h; // the process may be away, too
        }
        break;
    case 4:
        endpoints_[chance_.below(endpoints_.size())].gone_until = now_ + chance_.between(1min, 6h);
        break;
    case 5:
        outages_[platform].refused_until = now_ + chance_.between(10min, days{1});
        break;
    default:
        skew_ = chance_.one_in(2) ? chance_.between(1s, most_ahead) : -chance_.between(1s, most_behind);
        break;
    }
}

void universe::do_something(std::size_t person) {
    if (!process_) {
        return;
    }
    auto const* account = book_.of(person);
    auto const what = chance_.below(100);
    if (account != nullptr && chance_.one_in(3)) { // and somebody else at the same moment
        process_->refresh({.workspace = owner_.id, .account = account->id});
    }
    if (account == nullptr || account->status != storage::account_status::active || what < 10) {
        truth_.consent(person, truth_.of(person).platform, now_);
        connect(person);
    } else if (what < 50) {
        process_->refresh({.workspace = owner_.id, .account = account->id});
    } else if (what < 70) {
        process_->refresh(
            {.workspace = owner_.id, .account = account->id, .generation = account->generation});
    } else if (what < 90) {
        truth_.revoke(person, now_);
    } else {
        process_->disconnect(owner_.id, account->id,
                             chance_.one_in(2) ? server::services::row_wish::drop
                                               : server::services::row_wish::keep);
    }
}

bool universe::is_active(endpoint const& one) {
    auto const id = crypto::webhook_id::parse(one.id).value();
    auto const row = read(storage::webhooks::get(store, owner_.id, id)).value();
    return row.record.status == storage::webhook_status::active;
}

// What their owners do until it is so: a request may die with the process.
void universe::do_something_with_endpoints() {
    if (!process_) {
        return;
    }
    if (next_owner_ <= now_ && !calm_) {
        auto const which = chance_.below(endpoints_.size());
        auto& one = endpoints_[which];
        if (auto const event = post_.last_of(which); chance_.one_in(2) && !event.empty()) {
            process_->redeliver(owner_.id, one.id, event);
        } else {
            one.paused_until = now_ + chance_.between(1min, 12h);
            process_->pause(owner_.id, one.id);
        }
        next_owner_ = now_ + chance_.between(1h, 8h);
    }
    for (auto const& each : endpoints_) {
        if (std::max(each.paused_until, each.gone_until) <= now_ && !is_active(each)) {
            process_->resume(owner_.id, each.id);
        }
    }
}

void universe::connect(std::size_t person) {
    auto const& granted = truth_.of(person);
    auto const& by = all_rules[granted.platform];
    token_name const name{person, granted.consent, granted.number};
    server::services::new_connection made;
    made.workspace = owner_.id;
    made.profile = owner_.default_profile;
    made.credentials = apps_[granted.platform];
    made.platform = catalog.find(by.name);
    made.grant_owner = std::to_string(person);
    auto& account = made.accounts.emplace_back();
    account.tokens.access_token = crypto::secret::copy_of(write_token('a', name));
    if (by.model == platforms::refresh_model::rotating ||
        by.model == platforms::refresh_model::static_token) {
        account.tokens.refresh_token = crypto::secret::copy_of(write_token('r', name));
    }
    account.who = {
        .id = std::to_string(person), .username = "somebody", .display_name = {}, .avatar_url = {}};
    process_->connect(std::move(made));
}

std::string universe::summary() const {
    std::string text = std::to_string(calls_) + " calls, " + std::to_string(deaths_) + " deaths, " +
                       std::to_string(post_.arrivals()) + " deliveries, " + std::to_string(book_.accounts()) +
                       " accounts";
    for (auto const& [type, count] : book_.counts()) {
        text += ", " + std::to_string(count) + " " + type;
    }
    return text;
}

std::string universe::digest() {
    return crypto::encode_hex(crypto::sha256(server::services::testing::everything_in(store)));
}

} // namespace connectd::simulation
