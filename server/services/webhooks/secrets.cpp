#include "server/services/webhooks/secrets.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace connectd::server::services::webhooks {
namespace {

constexpr std::string_view family = "webhooks";
constexpr std::string_view current_field = "secret";
constexpr std::string_view previous_field = "previous_secret";

// For people to tell their secrets apart: of a short one, which its owner chose, less.
std::string hint_of(crypto::secret const& shown) {
    return std::string{shown.reveal().substr(0, std::min<std::size_t>(8, shown.size() / 4))};
}

} // namespace

runtime::task<outcome<void>> seal_secret(vault& keys, storage::webhook& row, crypto::secret const& fresh) {
    auto const key = storage::webhooks::key(row);
    auto sealed = co_await keys.seal(row.workspace, fresh,
                                     {.family = family, .record_key = key, .field = current_field});
    if (sealed.has_error()) {
        co_return sealed.error();
    }
    row.secret = std::move(*sealed);
    row.secret_hint = hint_of(fresh);
    co_return outcome<void>{};
}

runtime::task<outcome<void>> rotate_secret(vault& keys, storage::webhook& row, crypto::secret const& fresh,
                                           runtime::sys_ms now) {
    auto const key = storage::webhooks::key(row);
    auto const old = co_await keys.open(row.workspace, row.secret,
                                        {.family = family, .record_key = key, .field = current_field});
    if (old.has_error()) {
        co_return old.error();
    }
    auto previous = co_await keys.seal(row.workspace, *old,
                                       {.family = family, .record_key = key, .field = previous_field});
    if (previous.has_error()) {
        co_return previous.error();
    }
    row.previous_secret = std::move(*previous);
    row.previous_until = now + rotation_time;
    co_return co_await seal_secret(keys, row, fresh);
}

runtime::task<outcome<std::vector<crypto::secret>>> open_secrets(vault& keys, storage::webhook const& row,
                                                                 runtime::sys_ms now) {
    auto const key = storage::webhooks::key(row);
    std::vector<crypto::secret> opened;
    auto current = co_await keys.open(row.workspace, row.secret,
                                      {.family = family, .record_key = key, .field = current_field});
    if (current.has_error()) {
        co_return current.error();
    }
    opened.push_back(std::move(*current));
    if (row.previous_until && *row.previous_until > now) {
        auto previous = co_await keys.open(row.workspace, row.previous_secret,
                                           {.family = family, .record_key = key, .field = previous_field});
        if (previous.has_error()) {
            co_return previous.error();
        }
        opened.push_back(std::move(*previous));
    }
    co_return opened;
}

} // namespace connectd::server::services::webhooks
