// The agenda over a refresh_due that is a sorted map. One thread.
#pragma once

#include "server/services/refresh/agenda.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace connectd::server::services::refresh::testing {

using namespace std::chrono_literals;
using storage::due_kind;
using storage::refresh_due;

inline constexpr runtime::sys_ms start{1'800'000'000'000ms};

// The family refresh_due, and the reading of it.
struct pretend_store {
    void put(refresh_due const& row) {
        erase(row.account);
        rows.emplace(storage::refresh_dues::key(row), row);
        keys[row.account] = storage::refresh_dues::key(row);
    }
    void erase(crypto::account_id account) {
        if (auto const found = keys.find(account); found != keys.end()) {
            rows.erase(found->second);
            keys.erase(found);
        }
    }
    storage::listing<refresh_due> list(agenda::reading const& what, std::size_t limit) const {
        storage::listing<refresh_due> page;
        auto at = rows.lower_bound(what.cursor.value_or(""));
        for (; at != rows.end() && at->second.due <= what.until; ++at) {
            if (page.items.size() == limit) {
                page.next_cursor = at->first;
                break;
            }
            page.items.push_back(at->second);
        }
        return page;
    }

    std::map<std::string, refresh_due> rows;
    std::map<crypto::account_id, std::string> keys;
};

struct agenda_fixture {
    agenda::options limits{.horizon = 10min,
                           .lane_limit = 8,
                           .at_once = 6,
                           .lane = {.failures = 3, .first_pause = 30s, .longest_pause = 5min, .at_once = 4}};
    pretend_store store;
    agenda plan{limits, start};
    runtime::sys_ms now = start;
    crypto::workspace_id workspace = crypto::workspace_id::make(start);

    refresh_due row(std::chrono::milliseconds from_start, std::string lane = "x",
                    due_kind kind = due_kind::refresh) const {
        return {.due = start + from_start,
                .workspace = workspace,
                .account = crypto::account_id::make(start),
                .kind = kind,
                .lane = std::move(lane)};
    }
    refresh_due stored(std::chrono::milliseconds from_start, std::string lane = "x",
                       due_kind kind = due_kind::refresh) {
        auto made = row(from_start, std::move(lane), kind);
        store.put(made);
        return made;
    }
    void read_all() {
        while (auto const wanted = plan.next_reading(now)) {
            plan.read(*wanted, store.list(*wanted, 3));
        }
    }
    std::vector<refresh_due> take_all() {
        std::vector<refresh_due> taken;
        while (auto one = plan.take(now)) {
            taken.push_back(std::move(*one));
        }
        return taken;
    }
    // As a refresh does it: the row moves on, unless somebody else has moved it meanwhile.
    void finish(refresh_due const& one, agenda::ending how = agenda::ending::answered,
                std::chrono::milliseconds later = 2h) {
        auto next = store.rows.at(store.keys.at(one.account));
        if (next.due == one.due) {
            next.due = now + later;
            store.put(next);
        }
        plan.finished(one.account, how, next, now);
    }
};

} // namespace connectd::server::services::refresh::testing
