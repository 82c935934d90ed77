#include "server/services/webhooks/delivery_log.hpp"

#include "server/services/event_types.hpp"
#include "server/services/input.hpp"
#include "storage/key_codec.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <utility>

namespace connectd::server::services::webhooks {
namespace {

// With a filter, as many are looked at for one page at most: the cost of a request has a bound.
constexpr std::size_t looked_at = 500;
constexpr std::size_t redelivered_at_once = 200;

delivery_view view(storage::delivery const& record) {
    return {.event = record.event,
            .type = record.type,
            .status = boost::describe::enum_to_string(record.status, "unknown"),
            .attempts = record.attempts,
            .http_status = record.http_status,
            .error = record.error,
            .created_at = record.created_at,
            .last_attempt_at = record.last_attempt_at,
            .next_attempt_at = record.next_attempt_at};
}

storage::delivery again(storage::delivery record) {
    record.status = storage::delivery_status::queued;
    record.next_attempt_at.reset();
    return record;
}

// Where the deliveries of events since then begin; ids begin with their time.
std::string cursor_at(storage::webhook const& row, runtime::sys_ms since) {
    auto const milliseconds =
        std::clamp<std::int64_t>(since.time_since_epoch().count(), 0, (std::int64_t{1} << 48) - 1);
    auto const first = storage::key_writer()
                           .number(static_cast<std::uint64_t>(milliseconds) << 16)
                           .number(std::uint64_t{0})
                           .take();
    return storage::deliveries::key(row.workspace, row.id, crypto::event_id::from_raw(first).value());
}

} // namespace

runtime::task<outcome<storage::webhook>> delivery_log::find(crypto::workspace_id workspace,
                                                            std::string webhook, bool active) {
    auto const id = parse_id<crypto::webhook_id>(webhook, errc::webhook_not_found);
    if (id.has_error()) {
        co_return id.error();
    }
    auto found = co_await storage::webhooks::get(store_, workspace, *id);
    if (found.has_error()) {
        co_return found.error();
    }
    if (!*found) {
        co_return errc::webhook_not_found;
    }
    if (active && (*found)->record.status != storage::webhook_status::active) {
        co_return failure{errc::webhook_not_active, "The endpoint is not active; resume it first."};
    }
    co_return std::move((*found)->record);
}

runtime::task<outcome<void>> delivery_log::commit(storage::write_batch batch) {
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return outcome<void>{};
}

runtime::task<outcome<listing<delivery_view>>> delivery_log::list(crypto::workspace_id workspace,
                                                                  std::string webhook,
                                                                  std::optional<std::string> status,
                                                                  page_request page) {
    auto const row = co_await find(workspace, std::move(webhook), false);
    if (row.has_error()) {
        co_return row.error();
    }
    storage::delivery_status wanted{};
    if (status && !boost::describe::enum_from_string(status->c_str(), wanted)) {
        co_return failure{errc::field_invalid, "queued, retrying, delivered or failed.", "status"};
    }
    auto const found = co_await storage::deliveries::list_latest(
        store_, workspace, row->id, std::move(page.cursor), status ? looked_at : page.limit);
    if (found.has_error()) {
        co_return list_failure(found.error());
    }
    listing<delivery_view> answer{.items = {}, .next_cursor = found->next_cursor};
    for (auto const& each : found->items) {
        if (status && each.record.status != wanted) {
            continue;
        }
        if (answer.items.size() == page.limit) {
            break;
        }
        answer.items.push_back(view(each.record));
        if (answer.items.size() == page.limit && each.record != found->items.back().record) {
            answer.next_cursor = storage::deliveries::key(each.record); // exclusive: the list runs backwards
            break;
        }
    }
    co_return answer;
}

// What is sent to it next does not wait for the end of its pause.
runtime::task<outcome<void>> delivery_log::hurry(storage::webhook const& row, storage::write_batch& batch) {
    auto const lane = co_await storage::webhook_lanes::get(store_, row.workspace, row.id);
    if (lane.has_error()) {
        co_return lane.error();
    }
    if (*lane && (*lane)->record.next_attempt_at) {
        auto updated = (*lane)->record;
        updated.next_attempt_at.reset();
        storage::webhook_lanes::replace(batch, **lane, updated);
    }
    co_return outcome<void>{};
}

runtime::task<outcome<delivery_view>> delivery_log::redeliver(crypto::workspace_id workspace,
                                                              std::string webhook, std::string event) {
    auto const row = co_await find(workspace, std::move(webhook), true);
    if (row.has_error()) {
        co_return row.error();
    }
    auto const id = parse_id<crypto::event_id>(event, errc::delivery_not_found);
    if (id.has_error()) {
        co_return id.error();
    }
    auto const found = co_await storage::deliveries::get(store_, workspace, row->id, *id);
    if (found.has_error()) {
        co_return found.error();
    }
    if (!*found) {
        co_return errc::delivery_not_found;
    }
    auto record = (*found)->record;
    bool const next_anyway = record.status == storage::delivery_status::retrying;
    if (!next_anyway) {
        record = again(std::move(record));
    }
    storage::write_batch batch;
    storage::deliveries::replace(batch, **found, record);
    if (auto const hurried = co_await hurry(*row, batch); hurried.has_error()) {
        co_return hurried.error();
    }
    if (auto const written = co_await commit(std::move(batch)); written.has_error()) {
        co_return written.error();
    }
    bell_.ring(workspace);
    co_return view(record);
}

runtime::task<outcome<std::size_t>>
delivery_log::redeliver_failed(crypto::workspace_id workspace, std::string webhook, runtime::sys_ms since) {
    auto const row = co_await find(workspace, std::move(webhook), true);
    if (row.has_error()) {
        co_return row.error();
    }
    std::size_t count = 0;
    std::optional<std::string> cursor = cursor_at(*row, since);
    while (cursor) {
        auto found = co_await storage::deliveries::list_oldest(store_, workspace, row->id, std::move(cursor),
                                                               redelivered_at_once);
        if (found.has_error()) {
            co_return found.error();
        }
        storage::write_batch batch;
        for (auto const& each : found->items) {
            if (each.record.status == storage::delivery_status::failed) {
                storage::deliveries::replace(batch, each, again(each.record));
                ++count;
            }
        }
        if (!batch.empty()) {
            if (auto const written = co_await commit(std::move(batch)); written.has_error()) {
                co_return written.error();
            }
        }
        cursor = std::move(found->next_cursor);
    }
    bell_.ring(workspace);
    co_return count;
}

runtime::task<outcome<delivery_view>> delivery_log::send_test(crypto::workspace_id workspace,
                                                              std::string webhook) {
    auto const row = co_await find(workspace, std::move(webhook), true);
    if (row.has_error()) {
        co_return row.error();
    }
    auto const now = clock_.now();
    storage::event const what{.id = crypto::event_id::make(now),
                              .workspace = workspace,
                              .type = std::string{webhook_test_event},
                              .account = {},
                              .data = R"({"webhook_id":")" + row->id.to_string() + "\"}",
                              .created_at = now};
    storage::delivery record;
    record.webhook = row->id;
    record.workspace = workspace;
    record.event = what.id;
    record.type = what.type;
    record.created_at = now;
    storage::write_batch batch;
    storage::events::create_apart(batch, what);
    storage::deliveries::create(batch, record);
    if (auto const written = co_await commit(std::move(batch)); written.has_error()) {
        co_return written.error();
    }
    bell_.ring(workspace);
    co_return view(record);
}

} // namespace connectd::server::services::webhooks
