// The sessions of a workspace: looking through them, and calling one off.
#include "server/services/input.hpp"
#include "server/services/session_steps.hpp"
#include "server/services/sessions.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace connectd::server::services {
namespace {

// One page looks at no more than this, however few match.
constexpr std::size_t most_examined = 500;

constexpr std::array<std::string_view, 6> statuses{"pending", "choosing",  "completed",
                                                   "failed",  "cancelled", "expired"};

struct checked_filter {
    std::optional<std::string> platform;
    std::optional<std::string> status;
    std::optional<crypto::profile_id> profile;

    bool matches(session_view const& shown) const {
        return (!platform || *platform == shown.platform) && (!status || *status == shown.status) &&
               (!profile || *profile == shown.profile);
    }
};

outcome<checked_filter> check(platforms::catalog const& catalog, session_filter wanted) {
    checked_filter filter;
    if (wanted.platform) {
        auto const* platform = catalog.find(*wanted.platform);
        filter.platform = platform == nullptr ? *wanted.platform : platform->name;
    }
    if (wanted.status && std::ranges::find(statuses, *wanted.status) == statuses.end()) {
        return failure{errc::field_invalid,
                       "One of pending, choosing, completed, failed, cancelled, expired.", "status"};
    }
    filter.status = std::move(wanted.status);
    if (wanted.profile_id) {
        auto const id = crypto::profile_id::parse(*wanted.profile_id);
        if (id.has_error()) {
            return failure{errc::field_invalid, "Not a profile id.", "profile_id"};
        }
        filter.profile = *id;
    }
    return filter;
}

failure called_off() {
    failure why{errc::consent_denied, "The connect session was cancelled by the one who had begun it."};
    why.word = "session_cancelled";
    return why;
}

} // namespace

runtime::task<outcome<listing<session_view>>> sessions::list(crypto::workspace_id workspace,
                                                             session_filter wanted, page_request page) {
    auto const filter = check(catalog_, std::move(wanted));
    if (filter.has_error()) {
        co_return filter.error();
    }
    listing<session_view> answer{.items = {}, .next_cursor = std::move(page.cursor)};
    for (std::size_t examined = 0; examined < most_examined;) {
        // As many as are still wanted, so that none is read that has no room.
        auto const part = std::min(page.limit - answer.items.size(), most_examined - examined);
        auto rows = co_await storage::sessions::list(store_, workspace, std::move(answer.next_cursor), part);
        if (rows.has_error()) {
            co_return list_failure(rows.error());
        }
        for (auto const& row : rows->items) {
            auto shown = view(row);
            if (filter->matches(shown)) {
                answer.items.push_back(std::move(shown));
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

runtime::task<outcome<std::vector<candidate_view>>> sessions::list_choices(crypto::workspace_id workspace,
                                                                           std::string id) {
    auto const row = co_await find(workspace, std::move(id));
    if (row.has_error()) {
        co_return row.error();
    }
    auto const waits = require_status(*row, storage::session_status::choosing, clock_.now());
    if (waits.has_error()) {
        co_return waits.error();
    }
    auto shown = co_await view_choices(*row);
    if (shown.has_error()) {
        co_return shown.error();
    }
    co_return std::move(shown->candidates);
}

runtime::task<outcome<session_view>> sessions::cancel(crypto::workspace_id workspace, std::string id) {
    auto const row = co_await find(workspace, std::move(id));
    if (row.has_error()) {
        co_return row.error();
    }
    if (row->status == storage::session_status::cancelled) {
        co_return view(*row);
    }
    auto const wanted = is_open(*row) ? row->status : storage::session_status::pending;
    auto held = co_await hold(store_, claims_, clock_, *row, wanted);
    if (held.has_error()) {
        co_return held.error();
    }
    auto const written = co_await end_unconnected(store_, clock_, std::move(held->row), called_off());
    if (written.has_error()) {
        co_return written.error();
    }
    co_return view(*written);
}

} // namespace connectd::server::services
