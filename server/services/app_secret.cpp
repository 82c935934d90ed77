#include "server/services/app_secret.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::string_view family = "credentials";
constexpr std::string_view current_field = "client_secret";
constexpr std::string_view previous_field = "previous_secret";

outcome<opened_app> open_quickstart_app(settings const& chosen, std::string_view platform) {
    auto const* found = chosen.quickstart == nullptr ? nullptr : chosen.quickstart->find(platform);
    if (found == nullptr) {
        return failure{errc::credentials_missing, "The operator no longer offers a quickstart app here."};
    }
    return opened_app{found->client_id, found->client_secret.clone()};
}

// Of an empty one nothing.
runtime::task<outcome<crypto::secret>> open(vault& keys, storage::credentials const& row,
                                            crypto::sealed const& value, std::string_view field) {
    if (value.empty()) {
        co_return crypto::secret{};
    }
    auto const key = storage::credentials_table::key(row);
    co_return co_await keys.open(row.workspace, value, {.family = family, .record_key = key, .field = field});
}

runtime::task<outcome<crypto::sealed>> seal(vault& keys, storage::credentials const& row,
                                            crypto::secret const& value, std::string_view field) {
    if (value.empty()) {
        co_return crypto::sealed{};
    }
    auto const key = storage::credentials_table::key(row);
    co_return co_await keys.seal(row.workspace, value, {.family = family, .record_key = key, .field = field});
}

} // namespace

runtime::task<outcome<opened_app>> open_app(storage::kv& store, vault& keys, settings const& chosen,
                                            app_reference app, runtime::sys_ms now) {
    if (app.quickstart) {
        co_return open_quickstart_app(chosen, app.platform);
    }
    if (app.credentials.is_nil()) {
        co_return opened_app{};
    }
    auto row = co_await storage::credentials_table::get(store, app.workspace, app.credentials);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return failure{errc::credentials_missing, "The app credentials have been deleted."};
    }
    auto& record = (*row)->record;
    opened_app opened{.client_id = record.client_id, .client_secret = {}, .pkce = record.pkce};
    auto secret = co_await open(keys, record, record.client_secret, current_field);
    if (secret.has_error()) {
        co_return secret.error();
    }
    opened.client_secret = std::move(*secret);
    if (record.previous_until && *record.previous_until > now) {
        auto previous = co_await open(keys, record, record.previous_secret, previous_field);
        if (previous.has_error()) {
            co_return previous.error();
        }
        opened.previous_secret = std::move(*previous);
    }
    co_return opened;
}

runtime::task<outcome<crypto::sealed>> seal_app_secret(vault& keys, storage::credentials const& row,
                                                       crypto::secret const& client_secret) {
    co_return co_await seal(keys, row, client_secret, current_field);
}

runtime::task<outcome<void>> change_app_secret(vault& keys, storage::credentials& row,
                                               crypto::secret const& fresh,
                                               std::optional<runtime::sys_ms> previous_until) {
    row.previous_secret = {};
    row.previous_until.reset();
    if (previous_until && !row.client_secret.empty()) {
        auto const old = co_await open(keys, row, row.client_secret, current_field);
        if (old.has_error()) {
            co_return old.error();
        }
        auto previous = co_await seal(keys, row, *old, previous_field);
        if (previous.has_error()) {
            co_return previous.error();
        }
        row.previous_secret = std::move(*previous);
        row.previous_until = previous_until;
    }
    auto sealed = co_await seal(keys, row, fresh, current_field);
    if (sealed.has_error()) {
        co_return sealed.error();
    }
    row.client_secret = std::move(*sealed);
    co_return outcome<void>{};
}

} // namespace connectd::server::services
