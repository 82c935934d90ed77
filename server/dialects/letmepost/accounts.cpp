// /v1/accounts: connected accounts, without secrets.
#include "server/dialects/letmepost/letmepost.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>

namespace connectd::server::dialects::letmepost {
namespace {

std::string_view shown_name(services::account_view const& shown) {
    return shown.display_name.empty() ? shown.username : shown.display_name;
}

} // namespace

boost::json::object to_json(services::account_view const& shown) {
    boost::json::object account{{"id", shown.id.to_string()},
                                {"profileId", shown.profile.to_string()},
                                {"platform", with_twitter(shown.platform)},
                                {"platformAccountId", shown.platform_user_id},
                                {"displayName", http::render_text(shown_name(shown))},
                                {"tokenExpiresAt", http::render_time(shown.access_expires_at)},
                                {"createdAt", http::render_time(shown.created_at)},
                                {"updatedAt", http::render_time(shown.updated_at)}};
    if (shown.platform == "instagram") {
        account["instagram"] = {{"kind", shown.kind}, {"grantedScopes", http::render_list(shown.scopes)}};
    }
    if (shown.platform == "pinterest") {
        account["pinterest"] = default_board(shown);
    }
    return account;
}

runtime::task<http::response> list_accounts(call of) {
    auto const found = co_await all_accounts(of, {.platform = of.query("platform"),
                                                  .status = {},
                                                  .profile_id = of.query("profileId"),
                                                  .instance = {}});
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        data.push_back(to_json(each));
    }
    co_return http::response::json(200, boost::json::object{{"data", std::move(data)}});
}

runtime::task<http::response> get_account(call of) {
    auto const found = co_await of.services().accounts.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    co_return http::response::json(200, to_json(*found));
}

runtime::task<http::response> delete_account(call of) {
    auto const id = of.asked.path_parameter("id");
    auto const gone =
        co_await of.services().disconnects.disconnect(of.workspace(), id, {.row = services::row_wish::drop});
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return http::response::json(200, boost::json::object{{"id", id}, {"deleted", true}});
}

} // namespace connectd::server::dialects::letmepost
