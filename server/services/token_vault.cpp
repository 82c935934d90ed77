#include "server/services/token_vault.hpp"

#include "platforms/token_material.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::string_view field = "material";
constexpr std::string_view choices_field = "choices";

runtime::task<outcome<crypto::sealed>> seal(vault& keys, crypto::workspace_id workspace,
                                            std::string_view family, std::string record_key,
                                            platforms::token_set const& tokens) {
    auto const material = platforms::encode_token_material(tokens);
    co_return co_await keys.seal(workspace, material,
                                 {.family = family, .record_key = record_key, .field = field});
}

runtime::task<outcome<platforms::token_set>> open(vault& keys, crypto::workspace_id workspace,
                                                  std::string_view family, std::string record_key,
                                                  crypto::sealed const& material) {
    auto const opened =
        co_await keys.open(workspace, material, {.family = family, .record_key = record_key, .field = field});
    if (opened.has_error()) {
        co_return opened.error();
    }
    auto tokens = platforms::decode_token_material(*opened);
    if (tokens.has_error()) {
        co_return errc::sealed_value_damaged;
    }
    co_return std::move(*tokens);
}

} // namespace

runtime::task<outcome<crypto::sealed>> seal_token(vault& keys, storage::token const& row,
                                                  platforms::token_set const& tokens) {
    return seal(keys, row.workspace, "tokens", storage::tokens::key(row), tokens);
}

runtime::task<outcome<platforms::token_set>> open_token(vault& keys, storage::token const& row) {
    return open(keys, row.workspace, "tokens", storage::tokens::key(row), row.material);
}

void keep_refresh_token(platforms::token_set& fresh, platforms::token_set const& old,
                        storage::token const& row) {
    if (fresh.refresh_token || !old.refresh_token) {
        return;
    }
    fresh.refresh_token = old.refresh_token->clone();
    bool const end_is_said = fresh.refresh_expires_in || fresh.refresh_expires_at;
    if (row.refresh_expires_at && !end_is_said) {
        fresh.refresh_expires_at = std::chrono::floor<std::chrono::seconds>(*row.refresh_expires_at);
    }
}

runtime::task<outcome<crypto::sealed>> seal_token(vault& keys, storage::revocation const& row,
                                                  platforms::token_set const& tokens) {
    return seal(keys, row.workspace, "outbox", std::string{row.account.raw()}, tokens);
}

runtime::task<outcome<platforms::token_set>> open_token(vault& keys, storage::revocation const& row) {
    return open(keys, row.workspace, "outbox", std::string{row.account.raw()}, row.material);
}

runtime::task<outcome<crypto::sealed>> seal_choices(vault& keys, storage::session const& row,
                                                    platforms::connected const& waiting) {
    auto const key = storage::sessions::key(row);
    auto const material = platforms::encode_pending_choice(waiting);
    co_return co_await keys.seal(row.workspace, material,
                                 {.family = "sessions", .record_key = key, .field = choices_field});
}

runtime::task<outcome<platforms::connected>> open_choices(vault& keys, storage::session const& row) {
    auto const key = storage::sessions::key(row);
    auto const opened = co_await keys.open(row.workspace, row.choices,
                                           {.family = "sessions", .record_key = key, .field = choices_field});
    if (opened.has_error()) {
        co_return opened.error();
    }
    auto waiting = platforms::decode_pending_choice(*opened);
    if (waiting.has_error()) {
        co_return errc::sealed_value_damaged;
    }
    co_return std::move(*waiting);
}

} // namespace connectd::server::services
