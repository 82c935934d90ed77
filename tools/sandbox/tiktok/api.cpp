#include "tools/sandbox/tiktok/api.hpp"

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/tiktok/rules.hpp"
#include "tools/sandbox/tiktok/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <array>
#include <charconv>

namespace connectd::sandbox::tiktok {
namespace {

constexpr std::chrono::seconds minute{60};
constexpr rate_limit info_per_app{1, 600, minute};
constexpr rate_limit creator_per_token{2, 20, minute};
constexpr rate_limit posts_per_token{3, 6, minute};
constexpr rate_limit status_per_token{4, 30, minute};

struct field {
    std::string_view name;
    scope needed;
};
constexpr std::array<field, 13> fields{{
    {"open_id", scope::user_info_basic},
    {"union_id", scope::user_info_basic},
    {"avatar_url", scope::user_info_basic},
    {"avatar_url_100", scope::user_info_basic},
    {"avatar_large_url", scope::user_info_basic},
    {"display_name", scope::user_info_basic},
    {"bio_description", scope::user_info_profile},
    {"profile_deep_link", scope::user_info_profile},
    {"is_verified", scope::user_info_profile},
    {"username", scope::user_info_profile},
    {"follower_count", scope::user_info_stats},
    {"likes_count", scope::user_info_stats},
    {"video_count", scope::user_info_stats},
}};

reply lacks_scope(sys_ms now) {
    return api_error(401, "scope_not_authorized",
                     "The user did not authorize the scope required for completing this request.", now);
}

reply wrong_parameters(std::string_view what, sys_ms now) {
    return api_error(400, "invalid_params", what, now);
}

boost::json::value value_of(std::string_view name, person const& who, oauth::access const& caller,
                            std::string const& url) {
    if (name == "open_id")
        return boost::json::value(open_id_of(caller.person, caller.client_id));
    if (name == "union_id")
        return boost::json::value(open_id_of(caller.person, "union"));
    if (name.starts_with("avatar"))
        return boost::json::value(url + "/avatars/" + who.name + ".svg?x-expires=1790000000");
    if (name == "display_name")
        return boost::json::value(who.display_name);
    if (name == "username")
        return boost::json::value(who.name + ".sandbox");
    if (name.ends_with("_count"))
        return 3;
    if (name == "is_verified")
        return false;
    return "";
}

std::vector<std::string_view> parts(std::string_view list) {
    std::vector<std::string_view> found;
    while (!list.empty()) {
        auto const comma = std::min(list.find(','), list.size());
        found.push_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return found;
}

std::optional<boost::json::object> read_object(call const& request) {
    boost::json::error_code broken;
    auto parsed = boost::json::parse(request.body, broken);
    if (broken || !parsed.is_object() || !request.has_content_type("application/json"))
        return std::nullopt;
    return std::move(parsed.get_object());
}

std::string_view text_at(boost::json::object const& body, std::string_view section, std::string_view name) {
    auto const* const inner = body.if_contains(section);
    auto const* const object = inner == nullptr ? nullptr : inner->if_object();
    auto const* const found = object == nullptr ? nullptr : object->if_contains(name);
    return found != nullptr && found->is_string() ? std::string_view{found->get_string()}
                                                  : std::string_view{};
}

} // namespace

api::admitted api::admit(call const& request, rate_limit const& limit, bool by_app, sys_ms now) {
    auto const token = request.bearer();
    auto const caller = token ? grants_.check(*token, now) : std::nullopt;
    if (!caller)
        return api_error(401, "access_token_invalid",
                         "The access token is invalid or not found in the request.", now);
    auto const subject = by_app ? subject_of(caller->client_id) : caller->grant;
    if (!limits_.take(limit, subject, now).allowed)
        return api_error(429, "rate_limit_exceeded",
                         "The API rate limit was exceeded. Please try again later.", now);
    return *caller;
}

reply api::user_info(call const& request, sys_ms now) {
    auto const who = admit(request, info_per_app, true, now);
    if (auto const* const refused = std::get_if<reply>(&who))
        return *refused;
    auto const& caller = std::get<oauth::access>(who);
    auto const query = form::parse(request.query);
    if (!query || query->get("fields").empty())
        return wrong_parameters("Fields is required", now);
    boost::json::object user;
    for (auto const name : parts(query->get("fields"))) {
        auto const known = std::ranges::find(fields, name, &field::name);
        if (known == fields.end())
            return wrong_parameters("Invalid fields: " + std::string{name}, now);
        if (!caller.scopes.has(known->needed))
            return lacks_scope(now);
        user[name] = value_of(name, *people_.at(caller.person), caller, url_);
    }
    return api_success({{"user", std::move(user)}}, now);
}

reply api::creator_info(call const& request, sys_ms now) {
    auto const who = admit(request, creator_per_token, false, now);
    if (auto const* const refused = std::get_if<reply>(&who))
        return *refused;
    auto const& caller = std::get<oauth::access>(who);
    if (!caller.scopes.has(scope::video_publish))
        return lacks_scope(now);
    auto const person = people_.at(caller.person);
    return api_success(
        {{"creator_username", person->name + ".sandbox"},
         {"creator_nickname", person->display_name},
         {"creator_avatar_url", url_ + "/avatars/" + person->name + ".svg"},
         {"privacy_level_options", {"PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"}},
         {"comment_disabled", false},
         {"duet_disabled", false},
         {"stitch_disabled", true},
         {"max_video_post_duration_sec", 300}},
        now);
}

reply api::begin_post(call const& request, scope needed, sys_ms now) {
    auto const who = admit(request, posts_per_token, false, now);
    if (auto const* const refused = std::get_if<reply>(&who))
        return *refused;
    auto const& caller = std::get<oauth::access>(who);
    if (!caller.scopes.has(needed))
        return lacks_scope(now);
    auto const body = read_object(request);
    if (!body)
        return wrong_parameters("The request body is not a JSON object", now);
    auto const source = text_at(*body, "source_info", "source");
    if (source != "FILE_UPLOAD" && source != "PULL_FROM_URL")
        return wrong_parameters("source_info.source is invalid", now);
    // Apps that were not audited post for nobody but the author.
    if (needed == scope::video_publish && text_at(*body, "post_info", "privacy_level") != "SELF_ONLY")
        return api_error(403, "unaudited_client_can_only_post_to_private_accounts",
                         "Unaudited clients can only post to a private account.", now);
    auto const number = std::to_string(posts_.number(now));
    auto const id = (source == "FILE_UPLOAD" ? "v_inbox_file~v2." : "p_pub_url~v2.") + number;
    posts_.add({id, caller.person, std::string{text_at(*body, "post_info", "title")}, {}, now});
    events_.event("tiktok", "post_created", id, caller.grant, now);
    boost::json::object data{{"publish_id", id}};
    if (source == "FILE_UPLOAD")
        data["upload_url"] = url_ + "/upload?upload_id=" + number;
    return api_success(std::move(data), now);
}

// The bytes of a video: no token, the URL is the permission. 206 for a chunk, 201 for the last one.
reply api::upload(call const& request, sys_ms) {
    auto const range = request.header("content-range").value_or("");
    auto const dash = range.find('-');
    auto const slash = range.find('/');
    std::uint64_t last = 0;
    std::uint64_t total = 0;
    if (!range.starts_with("bytes ") || dash == std::string_view::npos || slash == std::string_view::npos ||
        slash < dash ||
        std::from_chars(range.data() + dash + 1, range.data() + slash, last).ptr != range.data() + slash ||
        std::from_chars(range.data() + slash + 1, range.data() + range.size(), total).ec != std::errc{})
        return {416, "", {}, ""};
    return {last + 1 == total ? 201U : 206U, "", {{"Content-Range", std::string{range}}}, ""};
}

reply api::status(call const& request, sys_ms now) {
    auto const who = admit(request, status_per_token, false, now);
    if (auto const* const refused = std::get_if<reply>(&who))
        return *refused;
    auto const body = read_object(request);
    auto const* const id = body ? body->if_contains("publish_id") : nullptr;
    auto const posted =
        id != nullptr && id->is_string() ? posts_.find(std::string_view{id->get_string()}) : std::nullopt;
    if (!posted || posted->author != std::get<oauth::access>(who).person)
        return api_error(400, "invalid_publish_id", "The publish id does not exist.", now);
    // The name is TikTok's spelling, and the ids are numbers beyond 2^53.
    boost::json::array ids;
    ids.emplace_back(std::stoull(posted->id.substr(posted->id.rfind('.') + 1)));
    return api_success({{"status", "PUBLISH_COMPLETE"}, {"publicaly_available_post_id", std::move(ids)}},
                       now);
}

} // namespace connectd::sandbox::tiktok
