#include "server/services/reconnect_link.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"

namespace connectd::server::services {
namespace {

constexpr std::size_t id_size = std::tuple_size_v<crypto::id_bytes>;

} // namespace

std::string reconnect_url(settings const& chosen, storage::account const& row) {
    auto const ids = std::string{row.workspace.raw()} + std::string{row.id.raw()};
    return chosen.public_url + "/reconnect/" + crypto::encode_base64url(crypto::as_bytes(ids));
}

std::optional<reconnect_target> parse_reconnect_link(std::string_view link) {
    auto const ids = crypto::decode_base64url(link);
    if (ids.has_error() || ids->size() != 2 * id_size) {
        return std::nullopt;
    }
    auto const text = crypto::as_text(*ids);
    auto const workspace = crypto::workspace_id::from_raw(text.substr(0, id_size));
    auto const account = crypto::account_id::from_raw(text.substr(id_size));
    return reconnect_target{workspace.value(), account.value()};
}

} // namespace connectd::server::services
