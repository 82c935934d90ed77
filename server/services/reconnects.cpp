#include "server/services/reconnects.hpp"

#include "server/services/reconnect_link.hpp"
#include "storage/tables/workspaces.hpp"

#include <utility>

namespace connectd::server::services {

runtime::task<outcome<reconnects::offer>> reconnects::show(std::string link) {
    auto row = co_await find(std::move(link));
    if (row.has_error()) {
        co_return row.error();
    }
    auto const workspace = co_await storage::workspaces::get(store_, row->workspace);
    if (workspace.has_error()) {
        co_return workspace.error();
    }
    auto const* platform = catalog_.find(row->platform);
    co_return offer{.platform_title = platform == nullptr ? row->platform : platform->title,
                    .username = std::move(row->username),
                    .brand = *workspace ? brand_of(settings_, (*workspace)->record) : page_brand{}};
}

runtime::task<outcome<session_view>> reconnects::begin(std::string link) {
    auto const row = co_await find(std::move(link));
    if (row.has_error()) {
        co_return row.error();
    }
    new_session wanted{.platform = row->platform,
                       .profile_id = {},
                       .return_url = {},
                       .credentials_id = {},
                       .scopes = row->scopes,
                       .account_id = row->id.to_string(),
                       .metadata = {},
                       .allow_quickstart = row->quickstart,
                       .choose = {}};
    auto made = co_await sessions_.create(row->workspace, wanted);
    // A platform may grant under names that it does not take when asked for.
    if (made.has_error() && made.error().field == "scopes") {
        wanted.scopes.reset();
        made = co_await sessions_.create(row->workspace, wanted);
    }
    co_return made;
}

runtime::task<outcome<storage::account>> reconnects::find(std::string link) {
    auto const target = parse_reconnect_link(link);
    if (!target) {
        co_return errc::account_not_found;
    }
    auto row = co_await storage::accounts::get(store_, target->workspace, target->account);
    if (row.has_error()) {
        co_return row.error();
    }
    // A link of before a disconnect must not undo it.
    if (!*row || (*row)->record.status == storage::account_status::disconnected) {
        co_return errc::account_not_found;
    }
    co_return std::move((*row)->record);
}

} // namespace connectd::server::services
