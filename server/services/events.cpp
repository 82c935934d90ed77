#include "server/services/events.hpp"

#include "server/services/event_types.hpp"
#include "server/services/input.hpp"
#include "storage/key_codec.hpp"
#include "storage/tables/events.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

// With a filter, as many are passed over for one page at most: the cost of a request has a bound.
constexpr std::size_t looked_at = 1000;

bool is_for(event_feed const& feed, storage::event_mark const& mark) {
    return (!feed.type || mark.type == *feed.type) && (!feed.account || mark.account == feed.account);
}

bool has_filter(event_feed const& feed) {
    return feed.type || feed.account;
}

outcome<event_feed> parse(event_filter wanted) {
    event_feed parsed;
    if (wanted.type && !is_event_type(*wanted.type)) {
        return failure{errc::field_invalid, "There is no such type of event.", "type"};
    }
    parsed.type = std::move(wanted.type);
    if (wanted.account_id) {
        auto const id =
            parse_id<crypto::account_id>(*wanted.account_id, errc::account_not_found, "account_id");
        if (id.has_error()) {
            return id.error();
        }
        parsed.account = *id;
    }
    return parsed;
}

std::string to_cursor(storage::event_place const& place) {
    return storage::key_writer().number(place.commit).id(place.event).take();
}

outcome<storage::event_place> from_cursor(std::string const& cursor) {
    storage::key_reader reader{cursor};
    storage::event_place place;
    place.commit = reader.number64();
    place.event = reader.id<crypto::event_id>();
    if (!reader.complete()) {
        return list_failure(make_error_code(storage::errc::invalid_cursor));
    }
    return place;
}

runtime::task<outcome<storage::stored<storage::event>>>
find(storage::kv& store, crypto::workspace_id workspace, std::string id, std::string field) {
    auto const parsed = parse_id<crypto::event_id>(id, errc::event_not_found, field);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto found = co_await storage::events::get(store, workspace, *parsed);
    if (found.has_error()) {
        co_return found.error();
    }
    if (!*found) {
        co_return failure{errc::event_not_found, {}, std::move(field)};
    }
    co_return std::move(**found);
}

runtime::task<outcome<std::optional<storage::event_place>>> begin(storage::kv& store,
                                                                  crypto::workspace_id workspace,
                                                                  std::optional<std::string> after,
                                                                  std::optional<std::string> cursor) {
    if (after && cursor) {
        co_return failure{errc::field_invalid, "The cursor says where to go on; leave after out.", "after"};
    }
    if (cursor) {
        auto const place = from_cursor(*cursor);
        if (place.has_error()) {
            co_return place.error();
        }
        co_return std::optional{*place};
    }
    if (!after) {
        co_return std::optional<storage::event_place>{};
    }
    auto const seen = co_await find(store, workspace, std::move(*after), "after");
    if (seen.has_error()) {
        co_return seen.error();
    }
    co_return std::optional{storage::events::place_of(*seen)};
}

} // namespace

event_view view(storage::event record) {
    return {.id = record.id,
            .type = std::move(record.type),
            .created_at = record.created_at,
            .account = record.account,
            .data = std::move(record.data)};
}

runtime::task<outcome<event_view>> events::get(crypto::workspace_id workspace, std::string id) {
    auto found = co_await find(store_, workspace, std::move(id), {});
    if (found.has_error()) {
        co_return found.error();
    }
    co_return view(std::move(found->record));
}

runtime::task<outcome<listing<event_view>>> events::list(crypto::workspace_id workspace, event_filter wanted,
                                                         std::optional<std::string> after,
                                                         page_request page) {
    auto feed = parse(std::move(wanted));
    if (feed.has_error()) {
        co_return feed.error();
    }
    auto const start = co_await begin(store_, workspace, std::move(after), std::move(page.cursor));
    if (start.has_error()) {
        co_return start.error();
    }
    feed->seen = *start;
    auto found = co_await next(workspace, *feed, page.limit);
    if (found.has_error()) {
        co_return found.error();
    }
    listing<event_view> answer{.items = std::move(*found), .next_cursor = {}};
    if (feed->behind) {
        answer.next_cursor = to_cursor(*feed->seen);
    }
    co_return answer;
}

runtime::task<outcome<event_feed>> events::follow(crypto::workspace_id workspace, event_filter wanted,
                                                  std::optional<std::string> after) {
    auto feed = parse(std::move(wanted));
    if (feed.has_error()) {
        co_return feed.error();
    }
    if (after) {
        auto const start = co_await begin(store_, workspace, std::move(after), {});
        if (start.has_error()) {
            co_return start.error();
        }
        feed->seen = *start;
    } else {
        auto const last = co_await storage::events::last(store_, workspace);
        if (last.has_error()) {
            co_return last.error();
        }
        feed->seen = *last;
    }
    co_return std::move(*feed);
}

runtime::task<outcome<std::vector<event_view>>> events::next(crypto::workspace_id workspace, event_feed& feed,
                                                             std::size_t most) {
    auto const log =
        co_await storage::events::read_log(store_, workspace, feed.seen, has_filter(feed) ? looked_at : most);
    if (log.has_error()) {
        co_return log.error();
    }
    std::vector<event_view> found;
    feed.behind = log->next_cursor.has_value();
    for (auto const& entry : log->items) {
        if (found.size() == most) {
            feed.behind = true;
            break;
        }
        feed.seen = entry.place;
        if (!is_for(feed, entry.mark)) {
            continue;
        }
        auto event = co_await storage::events::get(store_, workspace, entry.place.event);
        if (event.has_error()) {
            co_return event.error();
        }
        if (*event) {
            found.push_back(view(std::move((*event)->record)));
        }
    }
    co_return found;
}

} // namespace connectd::server::services
