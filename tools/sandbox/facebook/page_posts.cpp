#include "tools/sandbox/facebook/page_posts.hpp"

#include "tools/sandbox/graph/fields.hpp"
#include "tools/sandbox/graph/paging.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace connectd::sandbox::facebook {
namespace {

using graph::graph_error;
using graph::member_value;
using graph::text;

constexpr std::size_t longest_message = 63'206;
constexpr std::chrono::minutes soonest{10};
constexpr std::chrono::days latest{30};

constexpr std::array<std::string_view, 6> fields{"id",           "message",       "created_time",
                                                 "is_published", "permalink_url", "scheduled_publish_time"};
constexpr graph::node_type post_type{"Post", fields, "created_time,message,id"};
constexpr graph::node_type created_type{"Post", fields, "id"};

member_value member(post const& shown, graph::field const& wanted) {
    auto const& name = wanted.name;
    if (name == "id")
        return text(shown.id);
    if (name == "message")
        return graph::text_unless_empty(shown.text);
    if (name == "created_time")
        return text(format_time(shown.created_at).substr(0, 19) + "+0000");
    if (name == "permalink_url")
        return text("https://www.facebook.com/" + shown.place + "/posts/" +
                    shown.id.substr(shown.id.find('_') + 1));
    auto const found = shown.details.find(name);
    return found == shown.details.end() ? std::nullopt : member_value{found->value()};
}

graph::object_or_error as_object(post const& shown, graph::graph_call const& asked,
                                 graph::node_type const& type) {
    return graph::pick(asked.parameters.get("fields"), type,
                       [&](graph::field const& wanted) { return member(shown, wanted); });
}

std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(first_code_point(text).bytes);
    return count;
}

bool untrue(std::string_view text) {
    return text == "false" || text == "0";
}

// What is wrong with what is to be published.
std::optional<graph_error> problem_of(form const& given, sys_ms now) {
    if (given.get("message").empty() && given.get("link").empty())
        return graph::bad_parameter("Missing message or attachment");
    if (characters(given.get("message")) > longest_message)
        return graph::bad_parameter("Param message is too long");
    if (!given.has("scheduled_publish_time"))
        return std::nullopt;
    auto const text = given.get("scheduled_publish_time");
    std::int64_t at = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), at);
    bool const number = error == std::errc{} && end == text.data() + text.size();
    bool const in_reach = number && at >= unix_seconds(now + soonest) && at <= unix_seconds(now + latest);
    if (!in_reach || !untrue(given.get("published")))
        return graph::bad_parameter("The specified scheduled publish time is invalid");
    return std::nullopt;
}

graph_error not_allowed() {
    auto error = graph::known_error(200);
    error.message = "(#200) If posting to a group, requires app being installed in the group, and either "
                    "publish_to_groups permission with user token, or both pages_read_engagement and "
                    "pages_manage_posts permission with page token; If posting to a page, requires both "
                    "pages_read_engagement and pages_manage_posts as an admin with sufficient administrative "
                    "permission";
    return error;
}

bool may_publish(viewer const& by, graph::page const& on) {
    return by.is_page() && by.may(scope::pages_manage_posts) && by.may(scope::pages_read_engagement) &&
           std::ranges::find(on.tasks, "CREATE_CONTENT") != on.tasks.end();
}

} // namespace

reply page_posts::publish(graph::graph_call const& asked, viewer const& by, graph::page const& on) {
    if (!may_publish(by, on))
        return gate_.refuse(not_allowed());
    auto const& given = asked.parameters;
    if (auto error = problem_of(given, asked.now))
        return gate_.refuse(std::move(*error));
    post written{on.id + "_" + std::to_string(posts_.number(asked.now)),
                 by.by().allowed.person,
                 std::string{given.get("message")},
                 {},
                 asked.now,
                 on.id};
    written.details["is_published"] = !untrue(given.get("published"));
    for (auto const* const name : {"link", "scheduled_publish_time"}) {
        if (given.has(name))
            written.details[name] = given.get(name);
    }
    auto answer = as_object(written, asked, created_type);
    if (auto const* const error = std::get_if<graph_error>(&answer))
        return gate_.refuse(*error);
    auto const id = written.id;
    if (posts_.add_if_new(std::move(written)))
        return gate_.refuse(graph::known_error(506));
    events_.event("facebook", "post_created", id, by.by().allowed.grant, asked.now);
    return json_reply(200, std::get<boost::json::object>(answer));
}

reply page_posts::list(graph::graph_call const& asked, viewer const& by, graph::page const& on,
                       std::string const& feed_url) const {
    if (!by.may(scope::pages_read_engagement))
        return gate_.refuse(graph::known_error(10));
    auto all = posts_.list(1000);
    std::erase_if(all, [&](post const& each) {
        return each.place != on.id || each.details.at("is_published") == false;
    });
    auto listed = graph::list_of(asked.parameters, all.size(), feed_url, by.by().token,
                                 [&](std::size_t i) { return as_object(all[i], asked, post_type); });
    if (auto* const error = std::get_if<graph_error>(&listed))
        return gate_.refuse(std::move(*error));
    return json_reply(200, std::get<boost::json::object>(listed));
}

std::optional<reply> page_posts::show(graph::graph_call const& asked, viewer const& by) const {
    auto const found = posts_.find(asked.node());
    if (!found || by.page(found->place) == nullptr)
        return std::nullopt;
    if (!by.may(scope::pages_read_engagement))
        return gate_.refuse(graph::known_error(10));
    auto const object = as_object(*found, asked, post_type);
    if (auto const* const error = std::get_if<graph_error>(&object))
        return gate_.refuse(*error);
    return json_reply(200, std::get<boost::json::object>(object));
}

} // namespace connectd::sandbox::facebook
