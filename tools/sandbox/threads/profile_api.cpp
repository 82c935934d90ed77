#include "tools/sandbox/threads/profile_api.hpp"

#include "tools/sandbox/graph/login.hpp"
#include "tools/sandbox/graph/owned.hpp"
#include "tools/sandbox/graph/paging.hpp"
#include "tools/sandbox/threads/scopes.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/utf8.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::threads {
namespace {

using graph::field;
using graph::graph_call;
using graph::known_error;
using graph::member_value;
using graph::text;

constexpr std::size_t longest_text = 500;
constexpr std::size_t posts_a_day = 250;
constexpr std::size_t replies_a_day = 1000;
// A container takes a moment even without media: publishing at once fails.
constexpr std::chrono::seconds text_time{2};
constexpr std::chrono::seconds media_time{30};

constexpr std::array<std::string_view, 6> profile_fields{
    "id", "username", "name", "threads_profile_picture_url", "threads_biography", "is_verified"};
constexpr std::array<std::string_view, 3> container_fields{"id", "status", "error_message"};
constexpr std::array<std::string_view, 5> media_fields{"id", "text", "permalink", "timestamp", "media_type"};
constexpr std::array<std::string_view, 4> quota_fields{"quota_usage", "config", "reply_quota_usage",
                                                       "reply_config"};
constexpr graph::node_type profile_type{"ThreadsUser", profile_fields, "id,username"};
constexpr graph::node_type container_type{"ThreadsContainer", container_fields, "id,status"};
constexpr graph::node_type media_type{"ThreadsMedia", media_fields, "id"};
constexpr graph::node_type quota_type{"ThreadsPublishingLimit", quota_fields, "quota_usage,config"};

// Letters count one, emoji as many as their bytes in UTF-8.
std::size_t length_of(std::string_view written) {
    constexpr char32_t first_emoji = 0x1F000;
    std::size_t length = 0;
    while (!written.empty()) {
        auto const next = first_code_point(written);
        length += next.value >= first_emoji ? next.bytes : 1;
        written.remove_prefix(next.bytes);
    }
    return length;
}

member_value media_member(post const& shown, field const& wanted) {
    if (wanted.name == "id")
        return text(shown.id);
    if (wanted.name == "text")
        return graph::text_unless_empty(shown.text);
    if (wanted.name == "permalink")
        return text("https://www.threads.com/@" + shown.place + "/post/" + shown.id);
    if (wanted.name == "timestamp")
        return text(format_time(shown.created_at).substr(0, 19) + "+0000");
    return boost::json::value(shown.details.at("media_type"));
}

} // namespace

std::string profile_id(std::string_view client_id, person const& who) {
    return graph::app_scoped_id("25", client_id, who);
}

reply profile_api::finish(graph::object_or_error found) const {
    if (auto* const error = std::get_if<graph::graph_error>(&found))
        return gate_.refuse(std::move(*error));
    return json_reply(200, std::get<boost::json::object>(found));
}

std::vector<post> profile_api::published(person_ref by) const {
    auto all = posts_.list(1000);
    std::erase_if(all, [&](post const& each) { return each.author != by; });
    return all;
}

std::size_t profile_api::published_today(person_ref by, sys_ms now) const {
    auto const all = published(by);
    return static_cast<std::size_t>(std::ranges::count_if(
        all, [&](post const& each) { return each.created_at > now - std::chrono::hours{24}; }));
}

reply profile_api::answer(graph_call const& asked) {
    auto const admitted = gate_.admit(asked);
    if (auto const* const refusal = std::get_if<reply>(&admitted))
        return *refusal;
    auto const& by = std::get<graph::caller>(admitted);
    auto answer = route(asked, by);
    answer.headers.insert(answer.headers.end(), by.usage_headers.begin(), by.usage_headers.end());
    return answer;
}

reply profile_api::route(graph_call const& asked, graph::caller const& by) {
    bool const own = asked.node() == "me" || asked.node() == profile_id(by.client->client_id, *by.who);
    if (!own) {
        auto shown = asked.path.size() == 1 && asked.is("GET") ? show(asked, by) : std::nullopt;
        return shown ? std::move(*shown) : gate_.unsupported(asked);
    }
    auto const edge = asked.edge();
    if (asked.path.size() == 1 && asked.is("GET"))
        return profile(asked, by);
    if (asked.path.size() != 2)
        return gate_.unsupported(asked);
    if (edge == "threads" && asked.is("GET"))
        return list(asked, by);
    bool const creates = edge == "threads" && asked.is("POST");
    bool const publishes = edge == "threads_publish" && asked.is("POST");
    bool const counts = edge == "threads_publishing_limit" && asked.is("GET");
    if (!creates && !publishes && !counts)
        return gate_.unsupported(asked);
    if (!by.allowed.scopes.has(scope::content_publish))
        return gate_.refuse(known_error(10));
    if (counts)
        return quota(asked, by);
    return creates ? create(asked, by) : publish(asked, by);
}

reply profile_api::profile(graph_call const& asked, graph::caller const& by) const {
    auto const& who = *by.who;
    auto const own = graph::assets_of(who).instagram;
    return finish(
        graph::pick(asked.parameters.get("fields"), profile_type, [&](field const& wanted) -> member_value {
            auto const& name = wanted.name;
            if (name == "id")
                return text(profile_id(by.client->client_id, who));
            if (name == "username")
                return text(own.username);
            if (name == "name")
                return graph::text_unless_empty(own.name);
            if (name == "threads_profile_picture_url")
                return who.bare_profile ? std::nullopt : text(url_ + "/pictures/" + own.id + ".svg");
            if (name == "is_verified")
                return boost::json::value(who.x_verified);
            return text("");
        }));
}

reply profile_api::create(graph_call const& asked, graph::caller const& by) {
    auto const& given = asked.parameters;
    auto const type = given.get("media_type");
    bool const plain = type == "TEXT";
    auto const url = given.get(type == "VIDEO" ? "video_url" : "image_url");
    if (!plain && type != "IMAGE" && type != "VIDEO")
        return gate_.refuse(graph::bad_parameter("Param media_type must be one of {TEXT, IMAGE, VIDEO}"));
    if (plain ? given.get("text").empty() : url.empty())
        return gate_.refuse(graph::bad_parameter("The parameter text or the URL of a medium is required"));
    if (length_of(given.get("text")) > longest_text)
        return gate_.refuse(graph::bad_parameter("Param text must be at most 500 characters long"));
    graph::container made;
    made.account = profile_id(by.client->client_id, *by.who);
    made.text = given.get("text");
    made.details["media_type"] = type;
    made.created_at = asked.now;
    made.processing = plain ? text_time : media_time;
    made.broken = graph::is_broken(url);
    if (plain && given.get("auto_publish_text") == "true")
        return publish(made, by, asked.now);
    return json_reply(200, boost::json::object{{"id", containers_.add(std::move(made))}});
}

reply profile_api::publish(graph_call const& asked, graph::caller const& by) {
    auto const found = containers_.find(asked.parameters.get("creation_id"));
    bool const theirs = found && found->account == profile_id(by.client->client_id, *by.who);
    auto const status = theirs ? graph::status_of(*found, asked.now) : "EXPIRED";
    if (status != "FINISHED" && status != "PUBLISHED") {
        auto error = known_error(24, 4279009);
        error.user_message =
            "The media with id " + std::string{asked.parameters.get("creation_id")} + " cannot be found.";
        return gate_.refuse(std::move(error));
    }
    containers_.publish(found->id);
    return publish(*found, by, asked.now);
}

reply profile_api::publish(graph::container const& made, graph::caller const& by, sys_ms now) {
    if (published_today(by.allowed.person, now) >= posts_a_day)
        return gate_.refuse(known_error(613));
    auto const id = containers_.media_id();
    posts_.add(
        {id, by.allowed.person, made.text, made.details, now, graph::assets_of(*by.who).instagram.username});
    events_.event("threads", "post_created", id, by.allowed.grant, now);
    return json_reply(200, boost::json::object{{"id", id}});
}

// Cursors without URLs: whoever wants the next page has to build its address.
reply profile_api::list(graph_call const& asked, graph::caller const& by) const {
    auto const all = published(by.allowed.person);
    return finish(graph::list_of(asked.parameters, all.size(), {}, by.token, [&](std::size_t i) {
        return graph::pick(asked.parameters.get("fields"), media_type,
                           [&](field const& wanted) { return media_member(all[i], wanted); });
    }));
}

reply profile_api::quota(graph_call const& asked, graph::caller const& by) const {
    auto const used = published_today(by.allowed.person, asked.now);
    auto const config = [](std::size_t total) {
        return boost::json::object{{"quota_total", total}, {"quota_duration", 86'400}};
    };
    auto picked =
        graph::pick(asked.parameters.get("fields"), quota_type, [&](field const& wanted) -> member_value {
            if (wanted.name == "quota_usage")
                return boost::json::value(used);
            if (wanted.name == "config")
                return config(posts_a_day);
            if (wanted.name == "reply_quota_usage")
                return boost::json::value(0);
            return wanted.name == "reply_config" ? member_value{config(replies_a_day)} : std::nullopt;
        });
    if (std::holds_alternative<graph::graph_error>(picked))
        return finish(std::move(picked));
    boost::json::array const data{std::move(std::get<boost::json::object>(picked))};
    return json_reply(200, boost::json::object{{"data", data}});
}

std::optional<reply> profile_api::show(graph_call const& asked, graph::caller const& by) const {
    auto const fields = asked.parameters.get("fields");
    auto const made = containers_.find(asked.node());
    if (made && made->account == profile_id(by.client->client_id, *by.who)) {
        auto const status = graph::status_of(*made, asked.now);
        return finish(graph::pick(fields, container_type, [&](field const& wanted) -> member_value {
            if (wanted.name == "error_message")
                return status == "ERROR" ? text("UNKNOWN") : std::nullopt;
            return text(wanted.name == "id" ? std::string_view{made->id} : status);
        }));
    }
    auto const found = posts_.find(asked.node());
    if (!found || found->author != by.allowed.person)
        return std::nullopt;
    return finish(
        graph::pick(fields, media_type, [&](field const& wanted) { return media_member(*found, wanted); }));
}

} // namespace connectd::sandbox::threads
