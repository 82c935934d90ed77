#include "tests/simulation/delivery_ledger.hpp"

#include "server/runtime/time_text.hpp"
#include "storage/record_codec.hpp"

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

void delivery_ledger::open(std::vector<std::string> types) {
    endpoints_.push_back({.types = std::move(types)});
}

void delivery_ledger::committed(std::vector<storage::write_batch::operation> const& written, sys_ms now) {
    std::vector<storage::event> happened;
    for (auto const& each : written) {
        if (each.where == storage::family::events && each.value && !each.stamp_at) {
            happened.push_back(storage::decode_record<storage::event>(*each.value).value());
        }
    }
    std::ranges::sort(happened, {}, &storage::event::id); // as the log has those of one commit
    for (auto const& what : happened) {
        log_.push_back({what.id.to_string(), now});
        for (std::size_t which = 0; which < endpoints_.size(); ++which) {
            auto& one = endpoints_[which];
            if (one.types.empty() || std::ranges::find(one.types, what.type) != one.types.end()) {
                one.ranks.emplace(log_.back().id, one.wanted.size());
                one.wanted.push_back(log_.size() - 1);
            }
        }
        if (what.type == "webhook.disabled") {
            violated("given_up", "an endpoint was disabled", now);
        }
    }
}

void delivery_ledger::arrived(std::size_t endpoint, std::string_view id, sys_ms now) {
    ++arrivals_;
    auto& one = endpoints_.at(endpoint);
    auto const found = one.ranks.find(std::string{id});
    if (found == one.ranks.end()) {
        violated("forged", name_of(endpoint) + " got what has not happened, or what it did not ask for", now);
        return;
    }
    if (found->second > one.got) {
        violated("order", name_of(endpoint) + " got an event before an earlier one", now);
    }
    one.got = std::max(one.got, found->second + 1);
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
        if (owes && one.excused < now) {
            violated("owed", name_of(which) + " has not got what happened long ago", now);
        }
    }
}

} // namespace connectd::simulation
