#include "tools/sandbox/graph/instagram_publishing.hpp"

#include "tools/sandbox/graph/fields.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/utf8.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::graph {
namespace {

constexpr std::size_t most_a_day = 100;
constexpr std::size_t longest_caption = 2200;
constexpr std::ptrdiff_t most_hashtags = 30;
constexpr std::chrono::seconds video_time{60};

constexpr std::array<std::string_view, 3> container_fields{"id", "status_code", "status"};
constexpr std::array<std::string_view, 5> media_fields{"id", "caption", "permalink", "timestamp",
                                                       "media_type"};
constexpr std::array<std::string_view, 2> quota_fields{"quota_usage", "config"};
constexpr node_type container_type{"IGContainer", container_fields, "id"};
constexpr node_type media_type{"IGMedia", media_fields, "id"};
constexpr node_type quota_type{"IGContentPublishingLimit", quota_fields, "quota_usage"};

std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(first_code_point(text).bytes);
    return count;
}

// Meta fetches media itself, so they must be where it can reach them.
bool reachable(std::string_view url) {
    auto const begin = url.find("://");
    if (begin == std::string_view::npos || (!url.starts_with("https://") && !url.starts_with("http://")))
        return false;
    auto const host = url.substr(begin + 3, url.find_first_of(":/?#", begin + 3) - begin - 3);
    constexpr std::array<std::string_view, 5> within{"localhost", "127.", "10.", "192.168.", "["};
    return host.find('.') != std::string_view::npos &&
           std::ranges::none_of(within, [&](std::string_view each) { return host.starts_with(each); });
}

bool is_jpeg(std::string_view url) {
    auto const path = lower_case(url.substr(0, url.find_first_of("?#")));
    return !path.ends_with(".png") && !path.ends_with(".gif") && !path.ends_with(".webp");
}

std::optional<graph_error> problem_of(form const& given) {
    auto const image = given.get("image_url");
    auto const video = given.get("video_url");
    if (image.empty() && video.empty())
        return bad_parameter("The parameter image_url is required");
    if (!reachable(image.empty() ? video : image))
        return known_error(9004, 2207052);
    if (!image.empty() && !is_jpeg(image))
        return known_error(36001, 2207005);
    auto const caption = given.get("caption");
    if (characters(caption) > longest_caption)
        return known_error(36004, 2207010);
    if (std::ranges::count(caption, '#') > most_hashtags)
        return known_error(36103, 2207040);
    return std::nullopt;
}

reply as_reply(object_or_error picked, gate const& door) {
    if (auto* const error = std::get_if<graph_error>(&picked))
        return door.refuse(std::move(*error));
    return json_reply(200, std::get<boost::json::object>(picked));
}

member_value container_member(container const& shown, field const& wanted, sys_ms now) {
    if (wanted.name == "id")
        return text(shown.id);
    return text(status_of(shown, now));
}

member_value media_member(post const& shown, field const& wanted) {
    if (wanted.name == "id")
        return text(shown.id);
    if (wanted.name == "caption")
        return text_unless_empty(shown.text);
    if (wanted.name == "permalink")
        return text("https://www.instagram.com/p/" + shown.id + "/");
    if (wanted.name == "timestamp")
        return text(format_time(shown.created_at).substr(0, 19) + "+0000");
    return text("IMAGE");
}

} // namespace

std::optional<reply> instagram_publishing::edge(graph_call const& asked, caller const& by,
                                                instagram_account const& account, bool may_publish) {
    auto const name = asked.edge();
    bool const creates = name == "media" && asked.is("POST");
    bool const publishes = name == "media_publish" && asked.is("POST");
    bool const counts = name == "content_publishing_limit" && asked.is("GET");
    if ((!creates && !publishes && !counts) || asked.path.size() != 2)
        return std::nullopt;
    if (!may_publish)
        return gate_.refuse(known_error(10));
    if (counts)
        return quota(asked, account);
    return creates ? create(asked, account) : publish(asked, by, account);
}

reply instagram_publishing::create(graph_call const& asked, instagram_account const& account) {
    auto const& given = asked.parameters;
    if (auto error = problem_of(given))
        return gate_.refuse(std::move(*error));
    bool const video = !given.get("video_url").empty();
    auto const url = given.get(video ? "video_url" : "image_url");
    container made;
    made.account = account.id;
    made.text = given.get("caption");
    made.details["url"] = url;
    made.created_at = asked.now;
    made.processing = video ? video_time : std::chrono::seconds{0};
    made.broken = is_broken(url);
    return json_reply(200, boost::json::object{{"id", containers_.add(std::move(made))}});
}

// A second time it makes a second post: nothing but the status tells that it was published.
reply instagram_publishing::publish(graph_call const& asked, caller const& by,
                                    instagram_account const& account) {
    auto const id = asked.parameters.get("creation_id");
    auto const found = containers_.find(id);
    if (!found || found->account != account.id)
        return gate_.refuse(known_error(24, 2207006));
    auto const status = status_of(*found, asked.now);
    if (status != "FINISHED" && status != "PUBLISHED")
        return gate_.refuse(status == "EXPIRED" ? known_error(24, 2207006) : known_error(9007, 2207027));
    if (published_today(account.id, asked.now) >= most_a_day)
        return gate_.refuse(known_error(9, 2207042));
    auto const media = containers_.media_id();
    posts_.add({media, by.allowed.person, found->text, found->details, asked.now, account.id});
    containers_.publish(id);
    events_.event(platform_, "post_created", media, by.allowed.grant, asked.now);
    return json_reply(200, boost::json::object{{"id", media}});
}

reply instagram_publishing::quota(graph_call const& asked, instagram_account const& account) const {
    auto picked = pick(asked.parameters.get("fields"), quota_type, [&](field const& wanted) -> member_value {
        if (wanted.name == "quota_usage")
            return published_today(account.id, asked.now);
        if (wanted.name == "config")
            return boost::json::object{{"quota_total", most_a_day}, {"quota_duration", 86'400}};
        return std::nullopt;
    });
    if (auto* const error = std::get_if<graph_error>(&picked))
        return gate_.refuse(std::move(*error));
    boost::json::array const data{std::move(std::get<boost::json::object>(picked))};
    return json_reply(200, boost::json::object{{"data", data}});
}

std::optional<reply>
instagram_publishing::show(graph_call const& asked,
                           std::function<bool(std::string_view account)> const& reaches) const {
    if (!asked.is("GET") || asked.path.size() != 1)
        return std::nullopt;
    auto const fields = asked.parameters.get("fields");
    if (auto const found = containers_.find(asked.node()); found && reaches(found->account))
        return as_reply(
            pick(fields, container_type,
                 [&](field const& wanted) { return container_member(*found, wanted, asked.now); }),
            gate_);
    if (auto const found = posts_.find(asked.node()); found && reaches(found->place))
        return as_reply(
            pick(fields, media_type, [&](field const& wanted) { return media_member(*found, wanted); }),
            gate_);
    return std::nullopt;
}

std::size_t instagram_publishing::published_today(std::string_view account, sys_ms now) const {
    auto const all = posts_.list(1000);
    return static_cast<std::size_t>(std::ranges::count_if(all, [&](post const& each) {
        return each.place == account && each.created_at > now - std::chrono::hours{24};
    }));
}

std::size_t instagram_publishing::media_count(std::string_view account) const {
    auto const all = posts_.list(1000);
    return static_cast<std::size_t>(std::ranges::count(all, account, &post::place));
}

} // namespace connectd::sandbox::graph
