#include "server/services/app_secret.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::string_view family = "credentials";
constexpr std::string_view field = "client_secret";

outcome<opened_app> open_quickstart_app(settings const& chosen, std::string_view platform) {
    auto const* found = chosen.quickstart == nullptr ? nullptr : chosen.quickstart->find(platform);
    if (found == nullptr) {
        return failure{errc::credentials_missing, "The operator no longer offers a quickstart app here."};
    }
    return opened_app{found->client_id, found->client_secret.clone()};
}

} // namespace

runtime::task<outcome<opened_app>> open_app(storage::kv& store, vault& keys, settings const& chosen,
                                            app_reference app) {
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
    if (record.client_secret.empty()) {
        co_return opened_app{std::move(record.client_id), {}, std::move(record.pkce)};
    }
    auto const key = storage::credentials_table::key(record);
    auto secret = co_await keys.open(app.workspace, record.client_secret,
                                     {.family = family, .record_key = key, .field = field});
    if (secret.has_error()) {
        co_return secret.error();
    }
    co_return opened_app{std::move(record.client_id), std::move(*secret), std::move(record.pkce)};
}

runtime::task<outcome<crypto::sealed>> seal_app_secret(vault& keys, storage::credentials const& row,
                                                       crypto::secret const& client_secret) {
    if (client_secret.empty()) {
        co_return crypto::sealed{};
    }
    auto const key = storage::credentials_table::key(row);
    co_return co_await keys.seal(row.workspace, client_secret,
                                 {.family = family, .record_key = key, .field = field});
}

} // namespace connectd::server::services
