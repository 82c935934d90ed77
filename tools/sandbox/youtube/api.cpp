#include "tools/sandbox/youtube/api.hpp"

#include "tools/sandbox/json_body.hpp"
#include "tools/sandbox/pictures.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/youtube/accounts.hpp"
#include "tools/sandbox/youtube/errors.hpp"
#include "tools/sandbox/youtube/resource.hpp"
#include "tools/sandbox/youtube/scopes.hpp"

#include <boost/json/array.hpp>

#include <array>

namespace connectd::sandbox::youtube {
namespace {

using names = std::string_view;

constexpr std::array<names, 12> channel_parts{
    "id",           "snippet",          "contentDetails",      "statistics",    "status", "topicDetails",
    "auditDetails", "brandingSettings", "contentOwnerDetails", "localizations", "player", "invideoPromotion"};
constexpr std::array<names, 6> playlist_parts{"id",     "snippet",        "status",
                                              "player", "contentDetails", "localizations"};
constexpr std::array<names, 3> thread_parts{"id", "snippet", "replies"};

constexpr method_rule list_channels{oauth::scope_set::of({scope::readonly, scope::manage, scope::force_ssl}),
                                    1};
constexpr method_rule insert_playlists{oauth::scope_set::of({scope::manage, scope::force_ssl}), 50, false,
                                       true};
constexpr method_rule insert_threads{oauth::scope_set::of({scope::force_ssl}), 50, false, true};

boost::json::object thumbnail(std::string const& url, int side) {
    return {{"url", url}, {"width", side}, {"height", side}};
}

std::string etag_of(std::string_view id) {
    return made_up_id("", "etag of " + std::string{id}, 27);
}

bool wants_own_channel(form const& query) {
    return query.get("mine") == "true";
}

} // namespace

boost::json::object api::channel(person const& who, std::vector<std::string> const& parts) const {
    auto const id = channel_id(who);
    boost::json::object item{{"kind", "youtube#channel"}, {"etag", etag_of(id)}, {"id", id}};
    for (auto const& part : parts) {
        if (part == "snippet") {
            auto const picture = picture_url(public_url_, who);
            boost::json::object snippet{
                {"title", who.display_name}, {"description", ""}, {"publishedAt", "2020-01-01T00:00:00Z"}};
            if (!who.bare_profile)
                snippet.emplace("customUrl", "@" + who.name);
            snippet.emplace("thumbnails", boost::json::object{{"default", thumbnail(picture, 88)},
                                                              {"medium", thumbnail(picture, 240)},
                                                              {"high", thumbnail(picture, 800)}});
            item.emplace("snippet", std::move(snippet));
        } else if (part == "statistics") {
            item.emplace("statistics", boost::json::object{{"viewCount", "0"},
                                                           {"subscriberCount", "0"},
                                                           {"hiddenSubscriberCount", false},
                                                           {"videoCount", "0"}});
        } else if (part == "status") {
            item.emplace("status", boost::json::object{{"privacyStatus", "public"}, {"isLinked", true}});
        }
    }
    return item;
}

reply api::channels(call const& request, sys_ms now) {
    auto entered = gate_.enter(request, list_channels, now);
    if (auto* const refusal = std::get_if<reply>(&entered))
        return std::move(*refusal);
    auto const& by = std::get<caller>(entered);
    auto reading = read_query(request, channel_parts);
    if (auto* const refusal = std::get_if<reply>(&reading))
        return std::move(*refusal);
    auto const& wanted = std::get<resource>(reading);
    auto const own = channel_id(*by.who);
    if (!wants_own_channel(wanted.query) && wanted.query.get("id").empty())
        return invalid_argument(
            "missingRequiredParameter",
            "No filter selected. Expected one of: categoryId, forHandle, forUsername, id, "
            "managedByMe, mine, mySubscribers",
            "youtube.parameter", "parameters.");
    bool const found = !by.who->has_trait("youtube_no_channel") &&
                       (wants_own_channel(wanted.query) || wanted.query.get("id") == own);
    boost::json::object body{
        {"kind", "youtube#channelListResponse"},
        {"etag", etag_of(found ? own : "nothing")},
        {"pageInfo", boost::json::object{{"totalResults", found ? 1 : 0}, {"resultsPerPage", 5}}}};
    // Nothing found has no `items` at all.
    if (found)
        body.emplace("items", boost::json::array{channel(*by.who, wanted.parts)});
    return json_reply(200, body);
}

reply api::insert_playlist(call const& request, sys_ms now) {
    auto entered = gate_.enter(request, insert_playlists, now);
    if (auto* const refusal = std::get_if<reply>(&entered))
        return std::move(*refusal);
    auto const& by = std::get<caller>(entered);
    auto reading = read_resource(request, playlist_parts);
    if (auto* const refusal = std::get_if<reply>(&reading))
        return std::move(*refusal);
    auto const& wanted = std::get<resource>(reading).body;
    auto const title = text_at(wanted, "/snippet/title");
    auto const description = text_at(wanted, "/snippet/description");
    auto const privacy = privacy_of(wanted, "public");
    if (title.empty())
        return invalid_argument("playlistTitleRequired", "The request must specify a playlist title.",
                                "youtube.playlist", "snippet.title");
    if (!is_plain(title, 150) || !is_plain(description, 5000) || !privacy)
        return invalid_argument("invalidPlaylistSnippet", "The request provides an invalid playlist snippet.",
                                "youtube.playlist", "snippet");
    if (auto refusal = gate_.charge(by, insert_playlists, now))
        return std::move(*refusal);
    auto const id = made_up_id("PL", "playlist " + std::to_string(posts_.number(now)), 34);
    add_post(id, by, title, "playlist", now);
    return json_reply(
        200, boost::json::object{{"kind", "youtube#playlist"},
                                 {"etag", etag_of(id)},
                                 {"id", id},
                                 {"snippet", boost::json::object{{"publishedAt", format_time(now)},
                                                                 {"channelId", channel_id(*by.who)},
                                                                 {"title", title},
                                                                 {"description", description},
                                                                 {"channelTitle", by.who->display_name}}},
                                 {"status", boost::json::object{{"privacyStatus", *privacy}}}});
}

reply api::insert_comment(call const& request, sys_ms now) {
    auto entered = gate_.enter(request, insert_threads, now);
    if (auto* const refusal = std::get_if<reply>(&entered))
        return std::move(*refusal);
    auto const& by = std::get<caller>(entered);
    auto reading = read_resource(request, thread_parts);
    if (auto* const refusal = std::get_if<reply>(&reading))
        return std::move(*refusal);
    auto const& wanted = std::get<resource>(reading).body;
    auto const video = text_at(wanted, "/snippet/videoId");
    auto const text = text_at(wanted, "/snippet/topLevelComment/snippet/textOriginal");
    if (text.empty())
        return invalid_argument("commentTextRequired", "The comment thread needs a text.",
                                "youtube.commentThread", "snippet.topLevelComment.snippet.textOriginal");
    if (!posts_.find(video))
        return not_found("videoNotFound",
                         "The video identified by the videoId parameter could not be found.");
    if (auto refusal = gate_.charge(by, insert_threads, now))
        return std::move(*refusal);
    auto const id = made_up_id("Ug", "thread " + std::to_string(posts_.number(now)), 26);
    add_post(id, by, text, "comment", now);
    boost::json::object const comment{
        {"kind", "youtube#comment"},
        {"id", id},
        {"snippet", boost::json::object{{"textOriginal", text}, {"videoId", video}}}};
    return json_reply(200,
                      boost::json::object{{"kind", "youtube#commentThread"},
                                          {"etag", etag_of(id)},
                                          {"id", id},
                                          {"snippet", boost::json::object{{"channelId", channel_id(*by.who)},
                                                                          {"videoId", video},
                                                                          {"topLevelComment", comment}}}});
}

void api::add_post(std::string const& id, caller const& by, std::string text, std::string_view kind,
                   sys_ms now) {
    posts_.add({id, by.allowed.person, std::move(text), {{"kind", kind}}, now});
    events_.event("youtube", "post_created", id, 0, now);
}

} // namespace connectd::sandbox::youtube
