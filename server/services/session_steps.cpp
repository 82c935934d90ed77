#include "server/services/session_steps.hpp"

#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "server/services/account_events.hpp"
#include "storage/tables/events.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

// Only a browser that opens our page at this moment comes in between.
constexpr int max_tries = 4;

bool is(failure const& why, errc code) {
    return why.code == make_error_code(code);
}

// What another attempt may mend without anybody changing anything.
bool retryable(failure const& why) {
    return is(why, errc::platform_unavailable) || is(why, errc::platform_timeout) ||
           is(why, errc::platform_answer_invalid) || is(why, errc::code_refused) ||
           is(why, errc::app_forgotten);
}

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

std::string browser_digest(crypto::secret const& browser) {
    return std::string{crypto::as_text(crypto::sha256(browser.reveal()))};
}

bool is_bound(storage::session const& row, crypto::secret const& browser) noexcept {
    return crypto::equal_constant_time(browser_digest(browser), row.browser_digest);
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

runtime::task<outcome<storage::session>> end_unconnected(storage::kv& store, runtime::clock const& clock,
                                                         storage::stored<storage::session> row, failure why) {
    auto const how =
        is(why, errc::consent_denied) ? storage::session_status::cancelled : storage::session_status::failed;
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto const now = clock.now();
        auto updated = ended(row.record, how, why, now);
        storage::write_batch batch;
        storage::sessions::replace(batch, row, updated);
        storage::events::create(batch, connect_failed_event(updated, retryable(why), now));
        auto const written = co_await store.commit(std::move(batch));
        if (written.has_value()) {
            co_return updated;
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
        auto now_there = co_await read_again(store, std::move(row));
        if (now_there.has_error()) {
            co_return now_there.error();
        }
        row = std::move(*now_there);
    }
    co_return errc::changed_meanwhile;
}

} // namespace connectd::server::services
