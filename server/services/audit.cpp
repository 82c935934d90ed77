#include "server/services/audit.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "server/runtime/deadline.hpp"
#include "server/runtime/log.hpp"
#include "server/services/input.hpp"
#include "storage/key_codec.hpp"
#include "storage/tables/api_keys.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

namespace connectd::server::services {
namespace {

constexpr std::chrono::seconds longest_line{30};
constexpr std::size_t most_together = 500;
constexpr std::size_t longest_text = 256;
// One page looks at no more entries than this, however few match.
constexpr std::size_t most_examined = 1000;
constexpr int max_tries = 8;

std::string bounded(std::string_view text) {
    return std::string{text.substr(0, longest_text)};
}

std::string to_cursor(std::uint64_t number) {
    return storage::key_writer().number(number).take();
}

outcome<std::uint64_t> begin_after(std::optional<std::uint64_t> after,
                                   std::optional<std::string> const& cursor) {
    if (after && cursor) {
        return failure{errc::field_invalid, "The cursor says where to go on; leave after out.", "after"};
    }
    if (!cursor) {
        return after.value_or(0);
    }
    storage::key_reader reader{*cursor};
    auto const number = reader.number64();
    return reader.complete()
               ? outcome<std::uint64_t>{number}
               : outcome<std::uint64_t>{list_failure(make_error_code(storage::errc::invalid_cursor))};
}

} // namespace

audit_view view(storage::audit_entry const& row) {
    return {.workspace = row.workspace,
            .number = row.number,
            .at = row.at,
            .actor = boost::describe::enum_to_string(row.actor, "unknown"),
            .actor_id = row.actor_id,
            .actor_name = row.actor_name,
            .remote_address = row.remote_address,
            .request_id = row.request_id,
            .action = row.action,
            .target = row.target,
            .status = row.status,
            .previous = crypto::encode_hex(crypto::as_bytes(row.previous)),
            .digest = crypto::encode_hex(crypto::as_bytes(row.digest))};
}

bool audit_filter::matches(storage::audit_entry const& row) const {
    std::string_view const kind = boost::describe::enum_to_string(row.actor, "unknown");
    bool const noun = action && row.action.starts_with(*action + ".");
    return (!actor || *actor == kind || (!row.actor_id.empty() && *actor == row.actor_id)) &&
           (!action || noun || *action == row.action) && (!target || *target == row.target);
}

// Shared by the task that writes it and all who wait, any of which may go first.
struct audit::gathering {
    gathering(storage::audit_entry first, runtime::executor context)
        : workspace{first.workspace}, written{context, runtime::timer::time_point::max()} {
        entries.push_back(std::move(first));
    }

    crypto::workspace_id workspace;
    std::vector<storage::audit_entry> entries{};
    runtime::timer written; // cancelled when they are
    std::optional<outcome<void>> ended{};
};

runtime::task<outcome<void>> audit::record(audit_note what) {
    auto entry = co_await to_entry(std::move(what));
    if (entry.has_error()) {
        co_return entry.error();
    }
    auto const context = co_await boost::asio::this_coro::executor;
    auto const name = std::string{entry->workspace.raw()};
    auto mine = open_[name];
    if (mine && mine->entries.size() < most_together) {
        mine->entries.push_back(std::move(*entry));
    } else {
        mine = std::make_shared<gathering>(std::move(*entry), context);
        open_[name] = mine;
        if (!tasks_.spawn("audit", write(mine))) {
            open_.erase(name);
            co_return failure{make_error_code(storage::errc::store_closed)};
        }
    }
    if (!mine->ended) {
        auto const [error] = co_await mine->written.async_wait(runtime::use_tuple);
        if (!mine->ended) {
            throw boost::system::system_error{error};
        }
    }
    co_return *mine->ended;
}

void audit::note(audit_note what) {
    tasks_.spawn("audit", note_down(std::move(what))); // not while the server stops
}

runtime::task<void> audit::note_down(audit_note what) {
    auto const request = what.request_id;
    auto const written = co_await record(std::move(what));
    if (written.has_error()) {
        runtime::log::warning("an end user's change is not in the audit log",
                              {{"request_id", request}, {"reason", written.error().code.message()}});
    }
}

runtime::task<outcome<storage::audit_entry>> audit::to_entry(audit_note what) {
    storage::audit_entry entry{.workspace = what.workspace,
                               .at = clock_.now(),
                               .actor = what.who.root           ? storage::audit_actor::root
                                        : what.who.key.is_nil() ? storage::audit_actor::end_user
                                                                : storage::audit_actor::api_key,
                               .actor_id = {},
                               .actor_name = {},
                               .remote_address = bounded(what.remote_address),
                               .request_id = bounded(what.request_id),
                               .action = bounded(what.action),
                               .target = bounded(what.target),
                               .status = what.status,
                               .previous = {},
                               .digest = {}};
    if (entry.actor == storage::audit_actor::api_key) {
        entry.actor_id = what.who.key.to_string();
        auto const key = co_await storage::api_keys::get(store_, what.who.workspace, what.who.key);
        if (key.has_error()) {
            co_return key.error();
        }
        entry.actor_name = *key ? (*key)->record.name : std::string{};
    }
    co_return entry;
}

runtime::task<void> audit::write(std::shared_ptr<gathering> together) {
    try {
        together->ended = co_await take_turn(together);
    } catch (std::exception const&) { // the shutdown
        together->ended = failure{make_error_code(storage::errc::store_closed)};
    }
    together->written.cancel();
}

runtime::task<outcome<void>> audit::take_turn(std::shared_ptr<gathering> together) {
    auto const name = std::string{together->workspace.raw()};
    auto const turn = co_await turns_.take(name, runtime::deadline_in(longest_line));
    // From now on others gather for the next turn.
    if (auto const open = open_.find(name); open != open_.end() && open->second == together) {
        open_.erase(open);
    }
    if (turn.has_error()) {
        co_return errc::changed_meanwhile;
    }
    co_return co_await append(*together);
}

runtime::task<outcome<void>> audit::append(gathering& together) {
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto const head = co_await storage::audit_log::head(store_, together.workspace);
        if (head.has_error()) {
            co_return head.error();
        }
        auto last = *head ? (*head)->record : storage::audit_end{};
        std::vector<storage::audit_entry> sealed;
        sealed.reserve(together.entries.size());
        for (auto const& entry : together.entries) {
            sealed.push_back(storage::seal(entry, last));
            last = {sealed.back().number, sealed.back().digest};
        }
        storage::write_batch batch;
        storage::audit_log::append(batch, together.workspace, *head, sealed);
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_value()) {
            co_return outcome<void>{};
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
    }
    co_return errc::changed_meanwhile;
}

runtime::task<outcome<listing<audit_view>>> audit::list(crypto::workspace_id workspace, audit_filter filter,
                                                        std::optional<std::uint64_t> after,
                                                        page_request page) {
    auto const start = begin_after(after, page.cursor);
    if (start.has_error()) {
        co_return start.error();
    }
    auto const rows = co_await storage::audit_log::read(store_, workspace, *start, most_examined);
    if (rows.has_error()) {
        co_return rows.error();
    }
    listing<audit_view> answer;
    auto seen = *start;
    bool more = rows->next_cursor.has_value();
    for (auto const& row : rows->items) {
        if (answer.items.size() == page.limit) {
            more = true;
            break;
        }
        seen = row.record.number;
        if (filter.matches(row.record)) {
            answer.items.push_back(view(row.record));
        }
    }
    if (more) {
        answer.next_cursor = to_cursor(seen);
    }
    co_return answer;
}

runtime::task<outcome<listing<audit_view>>> audit::list_all(audit_filter filter, page_request page) {
    listing<audit_view> answer{.items = {}, .next_cursor = std::move(page.cursor)};
    for (std::size_t examined = 0; examined < most_examined;) {
        // As many as are still wanted, so that none is read that has no room.
        auto const part = std::min(page.limit - answer.items.size(), most_examined - examined);
        auto rows = co_await storage::audit_log::list_all(store_, std::move(answer.next_cursor), part);
        if (rows.has_error()) {
            co_return list_failure(rows.error());
        }
        for (auto const& row : rows->items) {
            if (filter.matches(row)) {
                answer.items.push_back(view(row));
            }
        }
        examined += part;
        answer.next_cursor = std::move(rows->next_cursor);
        if (!answer.next_cursor || answer.items.size() == page.limit) {
            break;
        }
    }
    co_return answer;
}

} // namespace connectd::server::services
