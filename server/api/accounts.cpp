#include "server/api/accounts.hpp"

#include "server/api/audit.hpp"
#include "server/api/body.hpp"
#include "server/api/etag.hpp"
#include "server/api/events.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace connectd::server::api {
namespace {

std::string_view name_of(services::revocation_outcome went) noexcept {
    switch (went) {
    case services::revocation_outcome::revoked:
        return "revoked";
    case services::revocation_outcome::pending:
        return "pending";
    case services::revocation_outcome::kept:
        return "kept";
    case services::revocation_outcome::not_possible:
        break;
    }
    return "not_possible";
}

struct changes_body {
    std::optional<boost::json::object> metadata;
    std::optional<std::string> profile_id;
};
BOOST_DESCRIBE_STRUCT(changes_body, (), (metadata, profile_id))

services::outcome<services::disconnect_wish> read_wish(http::request const& asked) {
    auto const invalid = [](std::string field, std::string detail) {
        return services::failure{services::errc::field_invalid, std::move(detail), std::move(field)};
    };
    services::disconnect_wish wish;
    for (auto const& [name, value] : asked.query) {
        if (name == "mode" && value == "hard") {
            wish.row = services::row_wish::drop;
        } else if (name == "revoke" && value == "always") {
            wish.revoke = services::revoke_wish::always;
        } else if (name == "mode" && value != "soft") {
            return invalid(name, "soft, which is also meant without it, or hard.");
        } else if (name == "revoke") {
            return invalid(name, "always, or left out.");
        } else if (name != "mode") {
            return invalid(name, "This request has no such parameter.");
        }
    }
    return wish;
}

} // namespace

boost::json::object to_json(services::account_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"platform", shown.platform},
            {"platform_user_id", shown.platform_user_id},
            {"kind", shown.kind},
            {"grant_owner", render_text(shown.grant_owner)},
            {"username", render_text(shown.username)},
            {"display_name", render_text(shown.display_name)},
            {"avatar_url", render_text(shown.avatar_url)},
            {"status", shown.status},
            {"status_cause", render_text(shown.status_cause)},
            {"profile_id", shown.profile.to_string()},
            {"credentials_id", render_id(shown.credentials)},
            {"quickstart", shown.quickstart},
            {"instance", render_text(shown.instance)},
            {"scopes", render_list(shown.scopes)},
            {"metadata", render_metadata(shown.metadata)},
            {"connected_at", render_time(shown.connected_at)},
            {"access_expires_at", render_time(shown.access_expires_at)},
            {"refresh_expires_at", render_time(shown.refresh_expires_at)},
            {"next_refresh_at", render_time(shown.next_refresh_at)},
            {"last_used_at", render_time(shown.last_used_at)},
            {"created_at", render_time(shown.created_at)},
            {"updated_at", render_time(shown.updated_at)}};
}

http::response answer_account(services::outcome<services::account_view> const& came, unsigned status,
                              http::request const& asked) {
    return came.has_error()
               ? refuse(came.error(), asked)
               : with_etag(http::response::json(status, to_json(*came)), services::version_of(*came));
}

runtime::task<http::response> list_accounts(call of) {
    auto const page = read_page(of.asked, {"platform", "status", "profile_id", "instance", "q", "total"});
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const counted = read_flag(of.asked, "total");
    if (counted.has_error()) {
        co_return refuse(counted.error(), of.asked);
    }
    services::account_filter const wanted{.platform = filter(of.asked, "platform"),
                                          .status = filter(of.asked, "status"),
                                          .profile_id = filter(of.asked, "profile_id"),
                                          .instance = filter(of.asked, "instance"),
                                          .text = filter(of.asked, "q").value_or("")};
    auto const found = co_await of.services().accounts.list(of.workspace(), wanted, *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    if (!*counted) {
        co_return list_response(std::move(data), found->next_cursor);
    }
    auto const total = co_await of.services().accounts.count(of.workspace(), wanted);
    if (total.has_error()) {
        co_return refuse(total.error(), of.asked);
    }
    co_return list_response(std::move(data), found->next_cursor, *total);
}

runtime::task<http::response> get_account(call of) {
    auto const found = co_await of.services().accounts.get(of.workspace(), of.asked.path_parameter("id"));
    co_return answer_account(found, 200, of.asked);
}

runtime::task<http::response> update_account(call of) {
    auto body = read_body<changes_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    services::account_changes wanted{.metadata = {}, .profile_id = std::move(body->profile_id)};
    if (body->metadata) {
        wanted.metadata = boost::json::serialize(*body->metadata);
    }
    auto const changed = co_await of.services().accounts.update(of.workspace(), of.asked.path_parameter("id"),
                                                                std::move(wanted), *seen);
    co_return answer_account(changed, 200, of.asked);
}

runtime::task<http::response> refresh_account(call of) {
    auto const shown =
        co_await of.services().account_tokens.refresh_now(of.workspace(), of.asked.path_parameter("id"));
    co_return answer_account(shown, 200, of.asked);
}

runtime::task<http::response> check_account(call of) {
    auto const found =
        co_await of.services().account_tokens.check(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    co_return http::response::json(200, boost::json::object{{"account_id", found->account.to_string()},
                                                            {"status", found->status},
                                                            {"checked_at", render_time(found->checked_at)},
                                                            {"verdict", found->verdict},
                                                            {"detail", found->detail}});
}

runtime::task<http::response> delete_account(call of) {
    auto const wish = read_wish(of.asked);
    if (wish.has_error()) {
        co_return refuse(wish.error(), of.asked);
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    auto const gone = co_await of.services().disconnects.disconnect(
        of.workspace(), of.asked.path_parameter("id"), *wish, *seen);
    if (gone.has_error()) {
        co_return refuse(gone.error(), of.asked);
    }
    auto shown = to_json(gone->account);
    shown["revocation"] = name_of(gone->revocation);
    co_return http::response::json(200, shown);
}

runtime::task<http::response> list_timeline(call of) {
    auto const page = read_page(of.asked);
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found =
        co_await of.services().timeline.list(of.workspace(), of.asked.path_parameter("id"), *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& each : found->items) {
        auto const* event = std::get_if<services::event_view>(&each);
        data.push_back(event != nullptr
                           ? boost::json::object{{"event", to_json(*event)}}
                           : boost::json::object{{"audit", to_json(std::get<services::audit_view>(each))}});
    }
    co_return list_response(std::move(data), found->next_cursor);
}

} // namespace connectd::server::api
