#include "server/services/session_steps.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

// The state is spent, the verifier with it, and a grant that waited for a choice is not to be used any more.
void wipe_secrets(storage::session& row) {
    row.secrets = {};
    row.choices = {};
}

} // namespace

outcome<void> require_status(storage::session const& row, storage::session_status wanted,
                             runtime::sys_ms now) {
    bool const late = is_open(row) ? row.expires_at <= now : row.status == storage::session_status::expired;
    if (late) {
        return errc::session_expired;
    }
    if (row.status == storage::session_status::pending && wanted == storage::session_status::choosing) {
        return errc::session_not_choosing;
    }
    if (row.status != wanted) {
        return errc::session_used;
    }
    return {};
}

runtime::task<outcome<held_session>> hold(storage::kv& store, connect_claims& claims,
                                          runtime::clock const& clock, storage::session const& row,
                                          storage::session_status wanted) {
    auto claim = claims.take(row.id);
    if (!claim) {
        co_return errc::session_used;
    }
    auto now_there = co_await storage::sessions::get(store, row.workspace, row.id);
    if (now_there.has_error()) {
        co_return now_there.error();
    }
    if (!*now_there) {
        co_return errc::session_used;
    }
    if (auto const good = require_status((*now_there)->record, wanted, clock.now()); good.has_error()) {
        co_return good.error();
    }
    co_return held_session{std::move(**now_there), std::move(*claim)};
}

runtime::task<outcome<storage::stored<storage::session>>> read_again(storage::kv& store,
                                                                     storage::stored<storage::session> row) {
    auto now_there = co_await storage::sessions::get(store, row.record.workspace, row.record.id);
    if (now_there.has_error()) {
        co_return now_there.error();
    }
    if (!*now_there || (*now_there)->record.status != row.record.status) {
        co_return errc::session_used;
    }
    co_return std::move(**now_there);
}

storage::session completed(storage::session row, std::vector<crypto::account_id> accounts,
                           runtime::sys_ms now) {
    row.status = storage::session_status::completed;
    row.account = accounts.front();
    row.accounts = std::move(accounts);
    row.finished_at = now;
    wipe_secrets(row);
    return row;
}

storage::session ended(storage::session row, storage::session_status how, failure const& why,
                       runtime::sys_ms now) {
    row.status = how;
    row.error_code = public_code(why);
    row.error_description = why.detail.empty() ? why.code.message() : why.detail;
    row.finished_at = now;
    wipe_secrets(row);
    return row;
}

} // namespace connectd::server::services
