// /v1/connect/integrations: connected accounts.
#include "server/dialects/boards.hpp"
#include "server/dialects/postpeer/postpeer.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <algorithm>
#include <cctype>

namespace connectd::server::dialects::postpeer {
namespace {

std::string in_lower_case(std::string text) {
    for (char& c : text) {
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return text;
}

bool mentions(services::account_view const& shown, std::string const& words) {
    return in_lower_case(shown.username).find(words) != std::string::npos ||
           in_lower_case(shown.display_name).find(words) != std::string::npos ||
           in_lower_case(shown.platform_user_id).find(words) != std::string::npos;
}

struct slice {
    std::size_t limit;
    std::size_t offset;
    bool newest_first;
};

services::outcome<slice> read_slice(call const& of) {
    constexpr std::size_t any = 100'000'000;
    auto const limit = read_number(of, "limit", 20, 1, 100);
    auto const offset = read_number(of, "offset", 0, 0, any);
    if (limit.has_error() || offset.has_error()) {
        return limit.has_error() ? limit.error() : offset.error();
    }
    auto const sort = of.query("sort").value_or("desc");
    if (sort != "desc" && sort != "asc") {
        return invalid("sort", "sort is desc or asc.");
    }
    return slice{*limit, *offset, sort == "desc"};
}

services::account_filter read_filter(call const& of, crypto::profile_id unnamed) {
    services::account_filter filter{
        .platform = of.query("platform"), .status = {}, .profile_id = of.query("profileId"), .instance = {}};
    if (filter.profile_id == "null") {
        filter.profile_id = unnamed.to_string();
    }
    return filter;
}

} // namespace

boost::json::object to_json(services::account_view const& shown,
                            std::span<services::credentials_view const> apps, crypto::profile_id no_profile) {
    auto const used = std::ranges::find(apps, shown.credentials, &services::credentials_view::id);
    boost::json::value app = nullptr;
    if (used != apps.end()) {
        app = {{"id", used->id.to_string()}, {"name", used->name}, {"imageUrl", nullptr}};
    }
    bool const own = !shown.credentials.is_nil();
    return {{"id", shown.id.to_string()},
            {"platform", with_twitter(shown.platform)},
            {"platformUserId", shown.platform_user_id},
            {"username", http::render_text(shown.username)},
            {"displayName", http::render_text(shown.display_name)},
            {"profileUrl", nullptr},
            {"imageUrl", http::render_text(shown.avatar_url)},
            {"platformMetadata", boost::json::object{}},
            {"profileId", shown.profile == no_profile ? boost::json::value(nullptr)
                                                      : boost::json::value(shown.profile.to_string())},
            {"appId", http::render_id(shown.credentials)},
            {"app", std::move(app)},
            {"byok", own},
            {"createdAt", http::render_time(shown.created_at)}};
}

runtime::task<http::response> list_integrations(call of) {
    auto const part = read_slice(of);
    auto const unnamed = co_await default_profile(of);
    if (part.has_error() || unnamed.has_error()) {
        co_return of.refuse(part.has_error() ? part.error() : unnamed.error());
    }
    auto found = co_await all_accounts(of, read_filter(of, *unnamed));
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    if (auto const words = of.query("q")) {
        std::erase_if(*found,
                      [lower = in_lower_case(*words)](auto const& each) { return !mentions(each, lower); });
    }
    if (part->newest_first) { // as they are read, they are by age
        std::ranges::reverse(*found);
    }
    auto const apps = co_await all_credentials(of, std::nullopt);
    if (apps.has_error()) {
        co_return of.refuse(apps.error());
    }
    boost::json::array shown;
    for (auto at = part->offset; at < found->size() && shown.size() < part->limit; ++at) {
        shown.push_back(to_json((*found)[at], *apps, *unnamed));
    }
    co_return http::response::json(
        200,
        boost::json::object{{"success", true}, {"total", found->size()}, {"integrations", std::move(shown)}});
}

runtime::task<http::response> delete_integration(call of) {
    auto const gone = co_await of.services().disconnects.disconnect(
        of.workspace(), of.asked.path_parameter("id"), {.row = services::row_wish::drop});
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return answer_done("Integration disconnected");
}

// Of the account that is named, else of the one that was connected first.
runtime::task<http::response> list_boards(call of) {
    auto id = of.query("accountId");
    if (!id) {
        auto const found = co_await all_accounts(
            of, {.platform = "pinterest", .status = {}, .profile_id = {}, .instance = {}});
        if (found.has_error()) {
            co_return of.refuse(found.error());
        }
        if (found->empty()) {
            co_return of.refuse(services::errc::account_not_found);
        }
        id = found->front().id.to_string();
    }
    auto const boards = co_await all_boards(of, *std::move(id));
    if (boards.has_error()) {
        co_return of.refuse(boards.error());
    }
    boost::json::array shown;
    for (auto const& each : *boards) {
        shown.push_back(boost::json::object{{"id", each.id},
                                            {"name", each.name},
                                            {"description", http::render_text(each.description)},
                                            {"privacy", each.privacy}});
    }
    co_return answer(200, "boards", std::move(shown));
}

} // namespace connectd::server::dialects::postpeer
