#include "server/api/sessions.hpp"

#include "server/api/body.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::api {
namespace {

struct session_body {
    std::string platform;
    std::optional<std::string> profile_id;
    std::optional<std::string> return_url;
    std::optional<std::string> credentials_id;
    std::optional<std::vector<std::string>> scopes;
    std::optional<std::string> account_id;
    std::optional<boost::json::object> metadata;
    std::optional<bool> allow_quickstart_creds;
    std::optional<std::string> choose;
    std::optional<std::string> instance;
};
BOOST_DESCRIBE_STRUCT(session_body, (),
                      (platform, profile_id, return_url, credentials_id, scopes, account_id, metadata,
                       allow_quickstart_creds, choose, instance))

boost::json::array to_json(std::vector<services::candidate_view> const& candidates) {
    boost::json::array list;
    for (auto const& each : candidates) {
        list.push_back({{"id", each.id},
                        {"kind", each.kind},
                        {"username", render_text(each.username)},
                        {"display_name", render_text(each.display_name)},
                        {"avatar_url", render_text(each.avatar_url)}});
    }
    return list;
}

boost::json::array to_json(std::vector<crypto::account_id> const& ids) {
    boost::json::array list;
    for (auto const& each : ids) {
        list.emplace_back(each.to_string());
    }
    return list;
}

} // namespace

boost::json::object to_json(services::session_view const& shown) {
    boost::json::value error = nullptr;
    if (!shown.error_code.empty()) {
        error = {{"code", shown.error_code}, {"description", shown.error_description}};
    }
    return {{"id", shown.id.to_string()},
            {"platform", shown.platform},
            {"status", shown.status},
            {"url", shown.url},
            {"profile_id", shown.profile.to_string()},
            {"credentials_id", render_id(shown.credentials)},
            {"quickstart", shown.quickstart},
            {"instance", render_text(shown.instance)},
            {"account_id",
             shown.account ? boost::json::value(shown.account->to_string()) : boost::json::value(nullptr)},
            {"account_ids", to_json(shown.accounts)},
            {"choose", shown.choose},
            {"candidates", to_json(shown.candidates)},
            {"return_url", render_text(shown.return_url)},
            {"scopes", render_list(shown.scopes)},
            {"metadata", render_metadata(shown.metadata)},
            {"error", error},
            {"created_at", render_time(shown.created_at)},
            {"expires_at", render_time(shown.expires_at)},
            {"finished_at", render_time(shown.finished_at)}};
}

runtime::task<http::response> create_session(call of) {
    auto body = read_body<session_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const made = co_await of.services().sessions.create(
        of.workspace(), {.platform = std::move(body->platform),
                         .profile_id = std::move(body->profile_id),
                         .return_url = std::move(body->return_url),
                         .credentials_id = std::move(body->credentials_id),
                         .scopes = std::move(body->scopes),
                         .account_id = std::move(body->account_id),
                         .metadata = body->metadata ? boost::json::serialize(*body->metadata) : std::string{},
                         .allow_quickstart = body->allow_quickstart_creds.value_or(false),
                         .choose = std::move(body->choose),
                         .instance = std::move(body->instance)});
    if (made.has_error()) {
        co_return refuse(made.error(), of.asked);
    }
    auto shown = to_json(*made);
    // Holds the state: shown to the one who made the session, this once.
    shown["authorize_url"] =
        made->authorize_url ? boost::json::value(*made->authorize_url) : boost::json::value(nullptr);
    co_return http::response::json(201, shown);
}

runtime::task<http::response> get_session(call of) {
    auto const found = co_await of.services().sessions.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    co_return http::response::json(200, to_json(*found));
}

runtime::task<http::response> list_sessions(call of) {
    auto const page = read_page(of.asked, {"platform", "status", "profile_id"});
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found = co_await of.services().sessions.list(of.workspace(),
                                                            {.platform = filter(of.asked, "platform"),
                                                             .status = filter(of.asked, "status"),
                                                             .profile_id = filter(of.asked, "profile_id")},
                                                            *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> list_choices(call of) {
    auto const found =
        co_await of.services().sessions.list_choices(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    co_return list_response(to_json(*found), std::nullopt);
}

runtime::task<http::response> cancel_session(call of) {
    auto const ended = co_await of.services().sessions.cancel(of.workspace(), of.asked.path_parameter("id"));
    if (ended.has_error()) {
        co_return refuse(ended.error(), of.asked);
    }
    co_return http::response::json(200, to_json(*ended));
}

} // namespace connectd::server::api
