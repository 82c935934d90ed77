#include "tools/sandbox/x/api.hpp"

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/html.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/x/problem.hpp"
#include "tools/sandbox/x/scopes.hpp"
#include "tools/sandbox/x/tweet_body.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::x {
namespace {

constexpr std::chrono::seconds quarter_hour{900};
constexpr std::chrono::seconds day{86'400};
constexpr rate_limit me_per_user{1, 75, quarter_hour};
constexpr rate_limit tweets_per_user{2, 100, quarter_hour};
constexpr rate_limit tweets_per_app{3, 10'000, day};

// Sorted, as the error text lists them.
constexpr std::array<std::string_view, 22> user_fields{"affiliation",
                                                       "confirmed_email",
                                                       "connection_status",
                                                       "created_at",
                                                       "description",
                                                       "entities",
                                                       "id",
                                                       "is_identity_verified",
                                                       "location",
                                                       "name",
                                                       "parody",
                                                       "pinned_tweet_id",
                                                       "profile_banner_url",
                                                       "profile_image_url",
                                                       "protected",
                                                       "public_metrics",
                                                       "subscription_type",
                                                       "url",
                                                       "username",
                                                       "verified",
                                                       "verified_type",
                                                       "withheld"};

void announce(reply& answer, rate_standing const& standing, std::string const& prefix) {
    answer.headers.emplace_back(prefix + "limit", std::to_string(standing.limit));
    answer.headers.emplace_back(prefix + "remaining", std::to_string(standing.remaining));
    answer.headers.emplace_back(prefix + "reset", std::to_string(standing.reset));
}

reply with_limits(reply answer, rate_standing const& standing) {
    announce(answer, standing, "x-rate-limit-");
    return answer;
}

// What an unknown caller gets: the limit is announced, nothing is counted against anybody.
rate_standing untouched(rate_limit const& limit, sys_ms now) {
    auto const window = limit.window.count();
    return {true, limit.points, limit.points, (unix_seconds(now) / window + 1) * window};
}

template <class Visit>
void for_each_field(std::string_view list, Visit visit) {
    while (!list.empty()) {
        auto const comma = list.find(',');
        visit(list.substr(0, comma));
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
}

// Empty when the query of users/me is one X knows; otherwise its refusal.
std::optional<reply> refuse_query(form const& query) {
    for (auto const& [name, value] : query.fields()) {
        if (name != "user.fields" && name != "expansions" && name != "tweet.fields")
            return invalid_parameter(name, value,
                                     "The query parameter [" + name +
                                         "] is not one of [expansions,tweet.fields,user.fields]");
    }
    std::optional<reply> refusal;
    for_each_field(query.get("user.fields"), [&](std::string_view field) {
        if (refusal || std::ranges::find(user_fields, field) != user_fields.end())
            return;
        std::string known;
        for (auto const each : user_fields)
            known.append(known.empty() ? "" : ",").append(each);
        refusal = invalid_parameter("user.fields", field,
                                    "The `user.fields` query parameter value [" + std::string{field} +
                                        "] is not one of [" + known + "]");
    });
    return refusal;
}

bool may(oauth::access const& caller, std::initializer_list<scope> needed) {
    return std::ranges::all_of(needed, [&](scope each) { return caller.scopes.has(each); });
}

} // namespace

api::api(people const& persons, oauth::grants const& issued, journal& events, posts& written,
         rate_limits& limits, std::string public_url)
    : people_{persons},
      grants_{issued},
      events_{events},
      posts_{written},
      limits_{limits},
      public_url_{std::move(public_url)} {}

boost::json::object api::user_object(person const& who, std::string_view fields,
                                     oauth::scope_set scopes) const {
    boost::json::object user{{"id", who.x_id}, {"name", who.display_name}, {"username", who.x_username}};
    for_each_field(fields, [&](std::string_view field) {
        if (field == "profile_image_url")
            user[field] = public_url_ + "/profile_images/" + who.x_id + "_normal.svg";
        else if (field == "verified")
            user[field] = who.x_verified;
        else if (field == "verified_type")
            user[field] = who.x_verified ? "blue" : "none";
        else if (field == "protected")
            user[field] = false;
        else if (field == "created_at")
            user[field] = "2016-03-01T12:00:00.000Z";
        else if (field == "description")
            user[field] = "";
        else if (field == "confirmed_email" && scopes.has(scope::users_email))
            user[field] = who.email;
    });
    return user;
}

reply api::users_me(call const& request, sys_ms now) {
    auto const token = request.bearer();
    auto const caller = token ? grants_.check(*token, now) : std::nullopt;
    if (!caller)
        return with_limits(plain_problem(401), untouched(me_per_user, now));
    auto const standing = limits_.take(me_per_user, caller->person, now);
    if (!standing.allowed)
        return with_limits(plain_problem(429), standing);
    if (!may(*caller, {scope::users_read, scope::tweet_read}))
        return with_limits(plain_problem(403), standing);
    auto const query = form::parse(request.query);
    if (!query)
        return with_limits(plain_problem(400), standing);
    if (auto refusal = refuse_query(*query))
        return with_limits(std::move(*refusal), standing);
    auto const who = people_.at(caller->person);
    auto answer = json_reply(
        200, boost::json::object{{"data", user_object(*who, query->get("user.fields"), caller->scopes)}});
    return with_limits(std::move(answer), standing);
}

reply api::create_tweet(call const& request, sys_ms now) {
    auto const token = request.bearer();
    auto const caller = token ? grants_.check(*token, now) : std::nullopt;
    if (!caller)
        return with_limits(plain_problem(401), untouched(tweets_per_user, now));
    auto const standing = limits_.take(tweets_per_user, caller->person, now);
    if (!standing.allowed)
        return with_limits(plain_problem(429), standing);
    auto const app_standing = limits_.take(tweets_per_app, subject_of(caller->client_id), now);
    auto const finish = [&](reply answer) {
        announce(answer, app_standing, "x-app-limit-24hour-");
        return with_limits(std::move(answer), standing);
    };
    if (!app_standing.allowed)
        return finish(plain_problem(429));
    if (!may(*caller, {scope::tweet_write, scope::tweet_read, scope::users_read}))
        return finish(plain_problem(403));
    if (!request.has_content_type("application/json"))
        return finish(plain_problem(415));
    auto body = read_tweet_body(request.body);
    if (body.refusal)
        return finish(std::move(*body.refusal));
    auto const id = std::to_string(posts_.number(now));
    if (posts_.add_if_new({id, caller->person, body.text, {}, now}))
        return finish(
            problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."));
    events_.event("x", "post_created", id, 0, now);
    return finish(json_reply(
        201, boost::json::object{
                 {"data",
                  boost::json::object{{"id", id}, {"text", body.text}, {"edit_history_tweet_ids", {id}}}}}));
}

reply api::profile_image(call const& request) const {
    auto name = request.path.substr(request.path.rfind('/') + 1);
    auto const id = name.substr(0, name.find_first_of("_."));
    for (auto const& each : people_.list()) {
        if (each->x_id == id)
            return {200, "image/svg+xml", {}, avatar_svg(each->display_name, each->x_id)};
    }
    return {200, "image/svg+xml", {}, avatar_svg("Fresh Person", id)};
}

} // namespace connectd::sandbox::x
