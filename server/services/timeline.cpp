#include "server/services/timeline.hpp"

#include "server/services/input.hpp"
#include "storage/key_codec.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/audit.hpp"
#include "storage/tables/events.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace connectd::server::services {
namespace {

constexpr std::size_t looked_at = 1000;
constexpr auto no_end = std::numeric_limits<std::uint64_t>::max();

// Up to which commit a page of rows is complete: its last commit may go on behind it.
std::uint64_t complete_until(bool more, std::uint64_t last) {
    return more ? last - 1 : no_end;
}

} // namespace

// Everything of this commit and before has been seen, and of the audit log everything up to this number.
struct timeline::place {
    std::uint64_t commit = 0;
    std::uint64_t entry = 0;

    std::string to_cursor() const { return storage::key_writer().number(commit).number(entry).take(); }
    static outcome<place> read(std::optional<std::string> const& cursor) {
        if (!cursor) {
            return place{};
        }
        storage::key_reader reader{*cursor};
        place from;
        from.commit = reader.number64();
        from.entry = reader.number64();
        if (!reader.complete()) {
            return list_failure(make_error_code(storage::errc::invalid_cursor));
        }
        return from;
    }
};

// What was found in one look at both logs.
struct timeline::stretch {
    struct item {
        std::uint64_t commit = 0;
        std::size_t found = 0; // the order within a commit
        std::variant<crypto::event_id, storage::audit_entry> what;
        std::pair<std::uint64_t, std::size_t> order() const { return {commit, found}; }
    };
    std::vector<item> items;
    std::vector<place> entries; // all that were looked at
    std::uint64_t until = no_end;

    // Leaves whole commits, up to about `limit` items; answers whether anything was left out.
    bool shorten(std::size_t limit) {
        std::ranges::sort(items, {}, &item::order);
        auto end = std::ranges::upper_bound(items, until, {}, &item::commit);
        if (static_cast<std::size_t>(end - items.begin()) > limit) {
            auto const last = items[limit - 1].commit;
            end = std::ranges::upper_bound(items, last, {}, &item::commit);
            until = last;
        }
        items.erase(end, items.end());
        return until != no_end;
    }
    place end_after(place from) const {
        for (auto const& each : entries) {
            if (each.commit <= until) {
                from.entry = std::max(from.entry, each.entry);
            }
        }
        from.commit = until;
        return from;
    }
};

runtime::task<outcome<listing<timeline_item>>> timeline::list(crypto::workspace_id workspace,
                                                              std::string account, page_request page) {
    auto const id = parse_id<crypto::account_id>(account, errc::account_not_found);
    if (id.has_error()) {
        co_return id.error();
    }
    auto const from = place::read(page.cursor);
    if (from.has_error()) {
        co_return from.error();
    }
    auto found = co_await look(workspace, *id, *from);
    if (found.has_error()) {
        co_return found.error();
    }
    bool const more = found->shorten(page.limit);
    auto items = co_await fetch(workspace, *found);
    if (items.has_error()) {
        co_return items.error();
    }
    listing<timeline_item> answer{.items = std::move(*items), .next_cursor = {}};
    if (more) {
        answer.next_cursor = found->end_after(*from).to_cursor();
    } else if (answer.items.empty() && !page.cursor) {
        auto const row = co_await storage::accounts::get(store_, workspace, *id);
        if (row.has_error()) {
            co_return row.error();
        }
        if (!*row) {
            co_return errc::account_not_found;
        }
    }
    co_return answer;
}

runtime::task<outcome<timeline::stretch>> timeline::look(crypto::workspace_id workspace,
                                                         crypto::account_id account, place from) {
    stretch found;
    auto const last_of_commit = crypto::event_id::from_raw(std::string(account.raw().size(), '\xff'));
    auto const events = co_await storage::events::read_log(
        store_, workspace, storage::event_place{from.commit, last_of_commit.value()}, looked_at);
    if (events.has_error()) {
        co_return events.error();
    }
    for (auto const& each : events->items) {
        if (each.mark.account == account) {
            found.items.push_back({each.place.commit, found.items.size(), each.place.event});
        }
    }
    auto entries = co_await storage::audit_log::read(store_, workspace, from.entry, looked_at);
    if (entries.has_error()) {
        co_return entries.error();
    }
    auto const name = account.to_string();
    for (auto& each : entries->items) {
        found.entries.push_back({each.version, each.record.number});
        if (each.record.target == name) {
            found.items.push_back({each.version, found.items.size(), std::move(each.record)});
        }
    }
    found.until = std::min(complete_until(events->next_cursor.has_value(),
                                          events->items.empty() ? 1 : events->items.back().place.commit),
                           complete_until(entries->next_cursor.has_value(),
                                          entries->items.empty() ? 1 : entries->items.back().version));
    co_return found;
}

runtime::task<outcome<std::vector<timeline_item>>> timeline::fetch(crypto::workspace_id workspace,
                                                                   stretch const& found) {
    std::vector<timeline_item> items;
    for (auto const& each : found.items) {
        if (auto const* entry = std::get_if<storage::audit_entry>(&each.what)) {
            items.emplace_back(view(*entry));
            continue;
        }
        auto event = co_await storage::events::get(store_, workspace, std::get<crypto::event_id>(each.what));
        if (event.has_error()) {
            co_return event.error();
        }
        if (*event) {
            items.emplace_back(view(std::move((*event)->record)));
        }
    }
    co_return items;
}

} // namespace connectd::server::services
