#include "server/services/revocations.hpp"

#include "server/runtime/deadline.hpp"
#include "server/runtime/log.hpp"
#include "server/services/app_secret.hpp"
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
        auto const went = co_await attempt(row.record);
        storage::write_batch batch;
        if (went == verdict::settled) {
            storage::revocations::erase(batch, row);
            ++settled;
        } else {
            auto next = row.record;
            ++next.attempts;
            next.next_attempt_at = clock_.now() + revocation_pause(next.attempts);
            storage::revocations::replace(batch, row, next);
        }
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_error() && written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
    }
    co_return settled;
}

runtime::task<revocations::verdict> revocations::attempt(storage::revocation const& owed) {
    auto const* platform = catalog_.find(owed.platform);
    auto const app = co_await open_app(store_, keys_, owed.workspace, owed.credentials);
    auto tokens = co_await open_token(keys_, owed);
    if (platform == nullptr || app.has_error() || tokens.has_error()) {
        co_return verdict::settled; // nothing is left to try it with
    }
    tokens->api_base = owed.api_base;
    auto const answer =
        co_await connector_.revoke(*platform, platforms::app_credentials{app->client_id, app->client_secret},
                                   *tokens, runtime::deadline_in(settings_.revoke_timeout));
    if (answer.has_value()) {
        co_return verdict::settled;
    }
    bool const again = answer.error().what == platforms::verdict::temporary ||
                       answer.error().what == platforms::verdict::unknown_outcome;
    if (again && owed.attempts < max_revocation_attempts) {
        co_return verdict::again;
    }
    runtime::log::warning("a revocation was given up", {{"account", owed.account.to_string()},
                                                        {"platform", owed.platform},
                                                        {"attempts", owed.attempts},
                                                        {"reason", answer.error().code.message()}});
    co_return verdict::settled;
}

} // namespace connectd::server::services
