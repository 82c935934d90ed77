#include "tests/simulation/delivery_ledger.hpp"

#include "server/runtime/time_text.hpp"
#include "storage/record_codec.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>

namespace connectd::simulation {

using namespace std::chrono_literals;

namespace {

std::string name_of(std::size_t endpoint) {
    return "endpoint " + std::to_string(endpoint);
}

} // namespace

void delivery_ledger::violated(std::string_view rule, std::string_view what, sys_ms now) {
    if (violations_.size() < 20) {
        violations_.push_back(std::string{rule} + ": " + std::string{what} + " (at " +
                              server::runtime::time_text(now) + ")");
    }
}

void delivery_ledger::open(std::string id, std::vector<std::string> types) {
    endpoints_.push_back({.id = std::move(id), .types = std::move(types)});
}

void delivery_ledger::committed(std::vector<storage::write_batch::operation> const& written, sys_ms now) {
    std::vector<storage::event> events;
    for (auto const& each : written) {
        if (each.where == storage::family::events && each.value && !each.stamp_at) {
            events.push_back(storage::decode_record<storage::event>(*each.value).value());
        } else if (each.where == storage::family::webhooks && each.value) {
            // By its key it is one of these, or something else of webhooks.
            auto const row = storage::decode_record<storage::webhook>(*each.value);
            auto const delivery = storage::decode_record<storage::delivery>(*each.value);
            if (row.has_value() && storage::webhooks::key(*row) == each.key) {
                changed(*row, now);
            } else if (delivery.has_value() && storage::deliveries::key(*delivery) == each.key) {
                queued(*delivery, now);
            }
        }
    }
    std::ranges::sort(events, {}, &storage::event::id); // as the log has those of one commit
    for (auto const& what : events) {
        happened(what, now);
    }
}

void delivery_ledger::happened(storage::event const& what, sys_ms now) {
    log_.push_back({what.id.to_string(), now});
    for (auto& one : endpoints_) {
        if (one.types.empty() || std::ranges::find(one.types, what.type) != one.types.end()) {
            one.ranks.emplace(log_.back().id, one.wanted.size());
            one.wanted.push_back(log_.size() - 1);
        }
    }
    if (what.type == "webhook.disabled") {
        disabled(what, now);
    }
}

void delivery_ledger::changed(storage::webhook const& what, sys_ms now) {
    auto const one = std::ranges::find(endpoints_, what.id.to_string(), &endpoint::id);
    if (one == endpoints_.end()) {
        return;
    }
    if (what.status == storage::webhook_status::active) {
        one->paused_since.reset();
    } else {
        one->paused_since = one->paused_since.value_or(now);
    }
}

void delivery_ledger::queued(storage::delivery const& what, sys_ms now) {
    auto const one = std::ranges::find(endpoints_, what.webhook.to_string(), &endpoint::id);
    if (one != endpoints_.end() && what.status == storage::delivery_status::queued) {
        one->again.try_emplace(what.event.to_string(), now);
    }
}

void delivery_ledger::disabled(storage::event const& what, sys_ms now) {
    auto const data = boost::json::parse(what.data);
    std::string const id{data.at("webhook_id").as_string()};
    auto const one = std::ranges::find(endpoints_, id, &endpoint::id);
    if (one == endpoints_.end() || data.at("cause") != "gone" || one->said_gone == 0) {
        violated("given_up", "an endpoint was disabled", now);
    } else {
        one->said_gone = 0;
    }
}

// The process may die each time before it has written that.
void delivery_ledger::said_gone(std::size_t endpoint, sys_ms now) {
    constexpr std::size_t deaths = 8;
    if (++endpoints_.at(endpoint).said_gone > deaths) {
        violated("given_up", name_of(endpoint) + " says that it is gone and is asked on", now);
    }
}

std::string delivery_ledger::last_of(std::size_t endpoint) const {
    auto const& one = endpoints_.at(endpoint);
    return one.got == 0 ? std::string{} : log_[one.wanted[one.got - 1]].id;
}

void delivery_ledger::arrived(std::size_t endpoint, std::string_view id, sys_ms now) {
    ++arrivals_;
    auto& one = endpoints_.at(endpoint);
    constexpr auto on_its_way = 1min;
    if (one.paused_since && *one.paused_since + on_its_way < now) {
        violated("paused", name_of(endpoint) + " gets something although it is paused", now);
    }
    auto const found = one.ranks.find(std::string{id});
    if (found == one.ranks.end()) {
        violated("forged", name_of(endpoint) + " got what has not happened, or what it did not ask for", now);
        return;
    }
    if (found->second > one.got) {
        violated("order", name_of(endpoint) + " got an event before an earlier one", now);
    }
    one.got = std::max(one.got, found->second + 1);
    one.again.erase(found->first);
}

void delivery_ledger::disturbed(std::size_t endpoint, sys_ms until) {
    auto& excused = endpoints_.at(endpoint).excused;
    excused = std::max(excused, until);
}

void delivery_ledger::disturbed(sys_ms until) {
    for (std::size_t which = 0; which < endpoints_.size(); ++which) {
        disturbed(which, until);
    }
}

void delivery_ledger::audit(sys_ms now) {
    constexpr auto late = 1h; // a few attempts, each after its pause
    for (std::size_t which = 0; which < endpoints_.size(); ++which) {
        auto const& one = endpoints_[which];
        bool const owes = one.got < one.wanted.size() && log_[one.wanted[one.got]].since + late < now;
        bool const owes_again =
            std::ranges::any_of(one.again, [&](auto const& each) { return each.second + late < now; });
        if ((owes || owes_again) && one.excused < now) {
            violated("owed", name_of(which) + " has not got what happened, or was asked for, long ago", now);
        }
    }
}

} // namespace connectd::simulation
