#include "server/services/webhooks/endpoints.hpp"

#include "server/services/input.hpp"
#include "server/services/plans.hpp"
#include "server/services/webhooks/secrets.hpp"
#include "storage/tables/profiles.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <utility>

namespace connectd::server::services::webhooks {
namespace {

endpoint_view view(storage::webhook const& row, storage::webhook_lane const& lane, runtime::sys_ms now,
                   std::uint64_t version = 0) {
    bool const rotating = row.previous_until && *row.previous_until > now;
    return {.id = row.id,
            .url = row.url,
            .form = row.form,
            .description = row.description,
            .types = row.types,
            .profile = row.profile,
            .secret_hint = row.secret_hint,
            .status = boost::describe::enum_to_string(row.status, "unknown"),
            .status_cause = row.status_cause,
            .previous_secret_until = rotating ? row.previous_until : std::nullopt,
            .failing_since = lane.failing_since,
            .next_attempt_at = lane.next_attempt_at,
            .created_at = row.created_at,
            .updated_at = row.updated_at,
            .version = version};
}

// What failed is behind it.
void forgive(storage::webhook_lane& lane) {
    lane.failures = 0;
    lane.failing_since.reset();
    lane.next_attempt_at.reset();
}

void turn_on(storage::webhook& row, storage::webhook_lane& lane) {
    row.status = storage::webhook_status::active;
    row.status_cause.clear();
    forgive(lane);
}

void turn_off(storage::webhook& row) {
    row.status = storage::webhook_status::paused;
    row.status_cause = "requested";
}

} // namespace

runtime::task<outcome<void>> endpoints::check_room(crypto::workspace_id workspace) {
    auto const allowed = co_await check_plan(store_, settings_, workspace, "webhooks", "webhooks");
    if (allowed.has_error()) {
        co_return allowed.error();
    }
    auto const there = co_await storage::webhooks::list(store_, workspace, {}, most);
    if (there.has_error()) {
        co_return there.error();
    }
    if (there->items.size() >= most) {
        co_return errc::webhooks_full;
    }
    co_return outcome<void>{};
}

// The profile may go later: then nothing concerns the endpoint any more.
runtime::task<outcome<void>> endpoints::bind(storage::webhook& row, std::optional<std::string> profile_id) {
    if (!profile_id) {
        co_return outcome<void>{};
    }
    if (profile_id->empty()) {
        row.profile.reset();
        co_return outcome<void>{};
    }
    auto const id = parse_id<crypto::profile_id>(*profile_id, errc::profile_not_found, "profile_id");
    if (id.has_error()) {
        co_return id.error();
    }
    auto const found = co_await storage::profiles::get(store_, row.workspace, *id);
    if (found.has_error()) {
        co_return found.error();
    }
    if (!*found) {
        co_return failure{errc::profile_not_found, {}, "profile_id"};
    }
    row.profile = *id;
    co_return outcome<void>{};
}

runtime::task<outcome<void>> endpoints::move_to_end(storage::webhook_lane& lane) {
    auto const last = co_await storage::events::last(store_, lane.workspace);
    if (last.has_error()) {
        co_return last.error();
    }
    lane.place = last->value_or(lane.place);
    co_return outcome<void>{};
}

runtime::task<outcome<told_secret>> endpoints::create(crypto::workspace_id workspace, endpoint_wish wanted,
                                                      endpoint_kind kind) {
    if (auto const room = co_await check_room(workspace); room.has_error()) {
        co_return room.error();
    }
    auto const* its = forms_.find(kind.form);
    if (its == nullptr) {
        co_return failure{errc::field_invalid, "There is no such form.", "form"};
    }
    auto const now = clock_.now();
    storage::webhook row;
    row.id = crypto::webhook_id::make(now);
    row.workspace = workspace;
    row.created_at = now;
    row.updated_at = now;
    row.form = its->name;
    wanted.url = std::move(wanted.url).value_or(std::string{});
    if (auto const good = apply(settings_, *its, wanted, row); good.has_error()) {
        co_return good.error();
    }
    if (auto const bound = co_await bind(row, std::move(wanted.profile_id)); bound.has_error()) {
        co_return bound.error();
    }
    if (!wanted.on.value_or(true)) {
        turn_off(row);
    }
    if (auto const good = wanted.secret ? check_own_secret(*wanted.secret) : outcome<void>{};
        good.has_error()) {
        co_return good.error();
    }
    auto secret = wanted.secret ? std::move(*wanted.secret) : its->make_secret();
    if (auto const sealed = co_await seal_secret(keys_, row, secret); sealed.has_error()) {
        co_return sealed.error();
    }
    storage::webhook_lane lane;
    lane.webhook = row.id;
    lane.workspace = workspace;
    if (auto const moved = co_await move_to_end(lane); moved.has_error()) {
        co_return moved.error();
    }
    storage::write_batch batch;
    storage::webhooks::create(batch, row);
    storage::webhook_lanes::create(batch, lane);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error()) {
        co_return written.error();
    }
    bell_.ring(workspace); // for what came between the reading of the last event and the writing
    co_return told_secret{view(row, lane, now, *written), std::move(secret)};
}

runtime::task<outcome<listing<endpoint_view>>> endpoints::list(crypto::workspace_id workspace,
                                                               page_request page) {
    auto const rows = co_await storage::webhooks::list(store_, workspace, std::move(page.cursor), page.limit);
    if (rows.has_error()) {
        co_return list_failure(rows.error());
    }
    listing<endpoint_view> answer{.items = {}, .next_cursor = rows->next_cursor};
    for (auto const& row : rows->items) {
        auto const lane = co_await storage::webhook_lanes::get(store_, workspace, row.id);
        if (lane.has_error()) {
            co_return lane.error();
        }
        if (*lane) {
            answer.items.push_back(view(row, (*lane)->record, clock_.now()));
        }
    }
    co_return answer;
}

runtime::task<outcome<endpoints::held>> endpoints::find(crypto::workspace_id workspace, std::string id,
                                                        seen_version seen) {
    auto const parsed = parse_id<crypto::webhook_id>(id, errc::webhook_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto row = co_await storage::webhooks::get(store_, workspace, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    auto lane = co_await storage::webhook_lanes::get(store_, workspace, *parsed);
    if (lane.has_error()) {
        co_return lane.error();
    }
    if (!*row || !*lane) {
        co_return errc::webhook_not_found;
    }
    if (auto const same = check_version((*row)->version, seen); same.has_error()) {
        co_return same.error();
    }
    co_return held{std::move(**row), std::move(**lane)};
}

runtime::task<outcome<endpoint_view>> endpoints::get(crypto::workspace_id workspace, std::string id) {
    auto const found = co_await find(workspace, std::move(id));
    if (found.has_error()) {
        co_return found.error();
    }
    co_return view(found->row.record, found->lane.record, clock_.now(), found->row.version);
}

// The event that was being tried is passed over with the rest: it is not sent again by itself. It is the
// latest that was tried, but for others of the same moment.
runtime::task<outcome<void>> endpoints::give_up_retrying(storage::write_batch& batch,
                                                         storage::webhook const& row) {
    constexpr std::size_t of_one_moment = 50;
    auto const tried =
        co_await storage::deliveries::list_latest(store_, row.workspace, row.id, {}, of_one_moment);
    if (tried.has_error()) {
        co_return tried.error();
    }
    for (auto const& each : tried->items) {
        if (each.record.status == storage::delivery_status::retrying) {
            auto ended = each.record;
            ended.status = storage::delivery_status::failed;
            ended.next_attempt_at.reset();
            storage::deliveries::replace(batch, each, ended);
        }
    }
    co_return outcome<void>{};
}

runtime::task<outcome<endpoint_view>> endpoints::write(held before, storage::webhook row,
                                                       storage::webhook_lane lane) {
    auto const now = clock_.now();
    row.updated_at = now;
    storage::write_batch batch;
    storage::webhooks::replace(batch, before.row, row);
    if (lane != before.lane.record) {
        storage::webhook_lanes::replace(batch, before.lane, lane);
    }
    if (lane.place != before.lane.record.place) {
        if (auto const done = co_await give_up_retrying(batch, row); done.has_error()) {
            co_return done.error();
        }
    }
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    bell_.ring(row.workspace);
    co_return view(row, lane, now, *written);
}

runtime::task<outcome<endpoint_view>> endpoints::update(crypto::workspace_id workspace, std::string id,
                                                        endpoint_wish wanted, seen_version seen) {
    auto found = co_await find(workspace, std::move(id), seen);
    if (found.has_error()) {
        co_return found.error();
    }
    auto row = found->row.record;
    auto lane = found->lane.record;
    auto const its = find_form(forms_, row);
    if (its.has_error()) {
        co_return its.error();
    }
    if (auto const good = apply(settings_, **its, wanted, row); good.has_error()) {
        co_return good.error();
    }
    if (auto const bound = co_await bind(row, std::move(wanted.profile_id)); bound.has_error()) {
        co_return bound.error();
    }
    if (wanted.secret) {
        auto done = check_own_secret(*wanted.secret);
        if (done.has_value()) {
            done = co_await rotate_secret(keys_, row, *wanted.secret, clock_.now());
        }
        if (done.has_error()) {
            co_return done.error();
        }
    }
    if (auto const turned = co_await turn(row, lane, wanted.on); turned.has_error()) {
        co_return turned.error();
    }
    co_return co_await write(std::move(*found), std::move(row), std::move(lane));
}

runtime::task<outcome<void>> endpoints::turn(storage::webhook& row, storage::webhook_lane& lane,
                                             std::optional<bool> on) {
    using enum storage::webhook_status;
    bool const was_paused = row.status == paused;
    if (on == false && row.status == active) {
        turn_off(row);
    } else if (on == true && row.status != active) {
        turn_on(row, lane);
        if (was_paused) {
            co_return co_await move_to_end(lane);
        }
    }
    co_return outcome<void>{};
}

runtime::task<outcome<told_secret>> endpoints::rotate(crypto::workspace_id workspace, std::string id) {
    auto found = co_await find(workspace, std::move(id));
    if (found.has_error()) {
        co_return found.error();
    }
    auto row = found->row.record;
    auto const its = find_form(forms_, row);
    if (its.has_error()) {
        co_return its.error();
    }
    auto secret = (*its)->make_secret();
    if (auto const done = co_await rotate_secret(keys_, row, secret, clock_.now()); done.has_error()) {
        co_return done.error();
    }
    auto lane = found->lane.record;
    auto shown = co_await write(std::move(*found), std::move(row), std::move(lane));
    if (shown.has_error()) {
        co_return shown.error();
    }
    co_return told_secret{std::move(*shown), std::move(secret)};
}

runtime::task<outcome<endpoint_view>> endpoints::pause(crypto::workspace_id workspace, std::string id) {
    auto found = co_await find(workspace, std::move(id));
    if (found.has_error()) {
        co_return found.error();
    }
    auto row = found->row.record;
    if (row.status == storage::webhook_status::disabled) {
        co_return errc::webhook_not_active;
    }
    turn_off(row);
    auto lane = found->lane.record;
    co_return co_await write(std::move(*found), std::move(row), std::move(lane));
}

runtime::task<outcome<endpoint_view>> endpoints::resume(crypto::workspace_id workspace, std::string id,
                                                        bool skip_missed) {
    auto found = co_await find(workspace, std::move(id));
    if (found.has_error()) {
        co_return found.error();
    }
    auto row = found->row.record;
    auto lane = found->lane.record;
    turn_on(row, lane);
    if (skip_missed) {
        if (auto const moved = co_await move_to_end(lane); moved.has_error()) {
            co_return moved.error();
        }
    }
    co_return co_await write(std::move(*found), std::move(row), std::move(lane));
}

runtime::task<outcome<void>> endpoints::remove(crypto::workspace_id workspace, std::string id,
                                               seen_version seen) {
    auto const found = co_await find(workspace, std::move(id), seen);
    if (found.has_error()) {
        co_return found.error();
    }
    storage::write_batch batch;
    storage::webhooks::erase(batch, found->row);
    storage::webhook_lanes::erase(batch, found->lane.record); // whatever attempt has just ended
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return outcome<void>{};
}

} // namespace connectd::server::services::webhooks
