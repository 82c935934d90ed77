#include "server/services/webhooks/courier.hpp"

#include "crypto/random.hpp"
#include "server/services/webhooks/retry_schedule.hpp"
#include "server/services/webhooks/secrets.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace connectd::server::services::webhooks {
namespace {

// Marks read at once, with the work of others in between.
constexpr std::size_t page = 200;

double chance() {
    std::array<std::uint8_t, 2> bytes{};
    crypto::random_fill(bytes);
    return (bytes[0] * 256 + bytes[1]) / 65535.0;
}

bool was_cancelled(platforms::result<platforms::http::response> const& answer) {
    return answer.has_error() && (answer.error() == platforms::errc::cancelled ||
                                  answer.error() == platforms::errc::cancelled_unsent);
}

void forgive(storage::webhook_lane& lane) {
    lane.failures = 0;
    lane.failing_since.reset();
    lane.next_attempt_at.reset();
}

storage::event disabled_event(storage::webhook const& row, storage::delivery const& last,
                              runtime::sys_ms now) {
    boost::json::object const data{{"webhook_id", row.id.to_string()},
                                   {"cause", row.status_cause},
                                   {"retryable", false},
                                   {"event_id", last.event.to_string()},
                                   {"error", last.error}};
    return {.id = crypto::event_id::make(now),
            .workspace = row.workspace,
            .type = "webhook.disabled",
            .account = {},
            .data = boost::json::serialize(data),
            .created_at = now};
}

storage::delivery attempted(storage::webhook const& row, storage::event const& what,
                            std::optional<storage::stored<storage::delivery>> const& known,
                            verdict const& came, runtime::sys_ms now) {
    storage::delivery record;
    if (known) {
        record = known->record;
    } else {
        record.webhook = row.id;
        record.workspace = row.workspace;
        record.event = what.id;
        record.type = what.type;
        record.created_at = what.created_at;
    }
    ++record.attempts;
    record.http_status = came.http_status;
    record.error = came.error;
    record.last_attempt_at = now;
    record.next_attempt_at.reset();
    return record;
}

} // namespace

runtime::task<outcome<courier::report>> courier::step(endpoint_name which, storage::event_place passed) {
    auto row = co_await storage::webhooks::get(store_, which.workspace, which.webhook);
    if (row.has_error()) {
        co_return row.error();
    }
    auto lane = co_await storage::webhook_lanes::get(store_, which.workspace, which.webhook);
    if (lane.has_error()) {
        co_return lane.error();
    }
    if (!*row || !*lane) {
        co_return report{.how = state::absent};
    }
    held endpoint{std::move(**row), std::move(**lane)};
    if (endpoint.row.record.status != storage::webhook_status::active) {
        co_return report{.how = state::idle, .passed = passed};
    }
    auto const next_attempt = endpoint.lane.record.next_attempt_at;
    if (next_attempt && *next_attempt > clock_.now()) {
        co_return report{.how = state::waits, .next = next_attempt, .passed = passed};
    }
    auto queued = co_await find_queued(which);
    if (queued.has_error()) {
        co_return queued.error();
    }
    if (*queued) {
        co_return co_await send(std::move(endpoint), std::move(**queued));
    }
    auto searched = co_await find_logged(endpoint.row.record, std::max(passed, endpoint.lane.record.place));
    if (searched.has_error()) {
        co_return searched.error();
    }
    if (searched->found) {
        co_return co_await send(std::move(endpoint), std::move(*searched->found));
    }
    auto const kept = co_await keep_place(std::move(endpoint.lane), searched->passed);
    if (kept.has_error()) {
        co_return kept.error();
    }
    co_return report{.how = state::idle, .passed = searched->passed};
}

runtime::task<outcome<std::optional<courier::parcel>>> courier::find_queued(endpoint_name which) {
    auto queued = co_await storage::deliveries::first_queued(store_, which.workspace, which.webhook);
    if (queued.has_error()) {
        co_return queued.error();
    }
    if (!*queued) {
        co_return std::optional<parcel>{};
    }
    auto what = co_await storage::events::get(store_, which.workspace, (*queued)->record.event);
    if (what.has_error()) {
        co_return what.error();
    }
    if (!*what) {
        co_return make_error_code(storage::errc::corrupt_record); // an event outlives its deliveries
    }
    co_return std::optional{parcel{std::move((*what)->record), std::move(**queued), std::nullopt}};
}

// Nothing where it is not for this endpoint after all, or is gone.
runtime::task<outcome<std::optional<courier::parcel>>> courier::fetch(storage::webhook row,
                                                                      storage::event_place place) {
    auto what = co_await storage::events::get(store_, row.workspace, place.event);
    if (what.has_error()) {
        co_return what.error();
    }
    if (!*what || !concerns(row, (*what)->record)) {
        co_return std::optional<parcel>{};
    }
    auto known = co_await storage::deliveries::get(store_, row.workspace, row.id, place.event);
    if (known.has_error()) {
        co_return known.error();
    }
    co_return std::optional{parcel{std::move((*what)->record), std::move(*known), place}};
}

runtime::task<outcome<courier::search>> courier::find_logged(storage::webhook row,
                                                             storage::event_place after) {
    auto const context = co_await boost::asio::this_coro::executor;
    auto const its = find_form(forms_, row);
    if (its.has_error()) {
        co_return its.error();
    }
    for (bool more = true; more;) {
        auto const log = co_await storage::events::read_log(store_, row.workspace, after, page);
        if (log.has_error()) {
            co_return log.error();
        }
        for (auto const& entry : log->items) {
            if (wants(row, **its, entry.mark.type)) {
                auto found = co_await fetch(row, entry.place);
                if (found.has_error()) {
                    co_return found.error();
                }
                if (*found) {
                    co_return search{std::move(*found), after};
                }
            }
            after = entry.place;
        }
        more = log->next_cursor.has_value();
        if (more) {
            co_await boost::asio::post(context, runtime::use_task);
        }
    }
    co_return search{std::nullopt, after};
}

// After a long way without anything for the endpoint, so that a restart does not go it again.
runtime::task<outcome<void>> courier::keep_place(storage::stored<storage::webhook_lane> lane,
                                                 storage::event_place passed) {
    constexpr std::uint64_t long_way = 1000; // commits
    if (passed.commit < lane.record.place.commit + long_way) {
        co_return outcome<void>{};
    }
    auto updated = lane.record;
    updated.place = passed;
    storage::write_batch batch;
    storage::webhook_lanes::replace(batch, lane, updated);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() != storage::errc::guard_failed) {
        co_return written.error();
    }
    co_return outcome<void>{};
}

runtime::task<outcome<courier::report>> courier::send(held endpoint, parcel next) {
    auto const now = clock_.now();
    auto const secrets = co_await open_secrets(keys_, endpoint.row.record, now);
    if (secrets.has_error()) {
        co_return secrets.error();
    }
    auto const its = find_form(forms_, endpoint.row.record);
    if (its.has_error()) {
        co_return its.error();
    }
    auto const told = co_await read_notice(store_, endpoint.row.record, next.what,
                                           (*its)->word_of(next.what.type), (*its)->tells_account);
    if (told.has_error()) {
        co_return told.error();
    }
    auto const number = next.known ? next.known->record.attempts + 1 : 1;
    auto request = make_request(endpoint.row.record.url, **its, *told, *secrets, number, now);
    auto const answer = co_await client_.send(std::move(request), runtime::deadline_in(timeout));
    if (was_cancelled(answer)) {
        co_return boost::system::error_code{boost::asio::error::operation_aborted};
    }
    co_return co_await settle(std::move(endpoint), std::move(next), judge(answer));
}

runtime::task<outcome<courier::report>> courier::settle(held endpoint, parcel next, verdict came) {
    auto const now = clock_.now();
    auto const& row = endpoint.row.record;
    auto record = attempted(row, next.what, next.known, came, now);
    auto lane = endpoint.lane.record;
    std::optional<std::chrono::milliseconds> pause;
    if (!came.delivered) {
        ++lane.failures;
        lane.failing_since = lane.failing_since.value_or(now);
        if (!came.gone) {
            pause = next_pause(lane.failures, now - *lane.failing_since, came.retry_after, chance());
        }
    }
    storage::write_batch batch;
    if (pause) {
        lane.next_attempt_at = record.next_attempt_at = now + *pause;
        record.status = next.place ? storage::delivery_status::retrying : storage::delivery_status::queued;
    } else {
        record.status =
            came.delivered ? storage::delivery_status::delivered : storage::delivery_status::failed;
        lane.place = next.place.value_or(lane.place);
        forgive(lane);
    }
    if (!came.delivered && !pause) {
        auto disabled = row;
        disabled.status = storage::webhook_status::disabled;
        disabled.status_cause = came.gone ? "gone" : "exhausted";
        disabled.updated_at = now;
        storage::webhooks::replace(batch, endpoint.row, disabled);
        storage::events::create(batch, disabled_event(disabled, record, now));
    }
    if (next.known) {
        storage::deliveries::replace(batch, *next.known, record);
    } else {
        storage::deliveries::create(batch, record);
    }
    storage::webhook_lanes::replace(batch, endpoint.lane, lane);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() != storage::errc::guard_failed) {
        co_return written.error();
    }
    // Whoever changed the endpoint meanwhile wins; the event goes out again if it is still next.
    bool const waits = written.has_value() && pause;
    co_return report{
        .how = waits ? state::waits : state::moved,
        .next = waits ? lane.next_attempt_at : std::nullopt,
        .passed = written.has_value() ? lane.place : endpoint.lane.record.place,
        .made =
            attempt{.delivered = came.delivered, .over = written.has_value() && !pause, .gone = came.gone}};
}

} // namespace connectd::server::services::webhooks
