#include "server/services/revocations.hpp"

#include "server/runtime/log.hpp"
#include "server/services/token_vault.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t page_size = 100;

} // namespace

std::chrono::milliseconds revocation_pause(std::uint32_t attempts) noexcept {
    std::chrono::minutes const pause{std::int64_t{1} << std::min(attempts == 0 ? 0U : attempts - 1, 7U)};
    return std::min<std::chrono::milliseconds>(pause, std::chrono::hours{2});
}

runtime::task<outcome<std::size_t>> revocations::run_due() {
    auto const due = co_await storage::revocations::list_due(store_, clock_.now(), std::nullopt, page_size);
    if (due.has_error()) {
        co_return due.error();
    }
    std::size_t settled = 0;
    for (auto const& row : due->items) {
        auto const next = co_await attempt(row.record);
        if (next.has_error()) {
            co_return next.error();
        }
        storage::write_batch batch;
        if (*next) {
            storage::revocations::replace(batch, row, **next);
        } else {
            storage::revocations::erase(batch, row);
            ++settled;
        }
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_error() && written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
    }
    co_return settled;
}

runtime::task<outcome<std::optional<storage::revocation>>> revocations::attempt(storage::revocation owed) {
    auto tokens = co_await open_token(keys_, owed);
    if (tokens.has_error()) {
        co_return std::nullopt; // nothing is left to try it with
    }
    revocable_grant grant{owed, std::move(*tokens)};
    auto const went = co_await grants_.revoke(grant);
    if (went.has_error()) {
        co_return went.error();
    }
    if (*went != revocation_outcome::pending) {
        co_return std::nullopt;
    }
    if (owed.attempts >= max_revocation_attempts) {
        runtime::log::warning("a revocation was given up", {{"account", owed.account.to_string()},
                                                            {"platform", owed.platform},
                                                            {"attempts", owed.attempts}});
        co_return std::nullopt;
    }
    auto const attempts = owed.attempts + 1;
    auto next = co_await grants_.owe(grant, attempts, revocation_pause(attempts));
    if (next.has_error()) {
        co_return next.error();
    }
    co_return std::optional{std::move(*next)};
}

} // namespace connectd::server::services
