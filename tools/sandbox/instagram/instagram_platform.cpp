#include "tools/sandbox/instagram/instagram_platform.hpp"

#include "tools/sandbox/graph/control_routes.hpp"
#include "tools/sandbox/graph/instagram_node.hpp"
#include "tools/sandbox/graph/login.hpp"
#include "tools/sandbox/graph/owned.hpp"
#include "tools/sandbox/graph/versions.hpp"
#include "tools/sandbox/instagram/rules.hpp"
#include "tools/sandbox/instagram/scopes.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::instagram {
namespace {

constexpr std::string_view token_path = "/oauth/access_token";
constexpr std::string_view exchange_path = "/access_token";
constexpr std::string_view refresh_path = "/refresh_access_token";

// Forms in which answers were seen in the world, beside the documented ones.
constexpr std::string_view flat_token_switch = "flat_token_reply"; // instead of {"data":[{...}]}
constexpr std::string_view number_switch = "number_user_id";       // beyond 2^53, instead of text
constexpr std::string_view list_switch = "permission_list";        // instead of names with commas
constexpr std::string_view wrapped_me_switch = "wrapped_me";       // {"data":[{...}]} instead of flat

constexpr std::array<std::string_view, 3> edges{"media", "media_publish", "content_publishing_limit"};

std::string own_id(std::string_view client_id, person const& who) {
    return graph::app_scoped_id("27", client_id, who);
}

std::string_view type_of(person const& who) {
    if (who.has_trait(personal_trait))
        return graph::personal_account;
    return who.has_trait(creator_trait) ? "MEDIA_CREATOR" : "BUSINESS";
}

std::string account_of(person const& who) {
    return graph::assets_of(who).instagram.id;
}

boost::json::object wrapped(boost::json::object inner) {
    return {{"data", boost::json::array{std::move(inner)}}};
}

} // namespace

instagram_platform::instagram_platform(platform_parts const& parts)
    : graph_platform{rules(), parts, "IGApiException", "instagram", account_of},
      tokens_{
          {.exchange_grant = "ig_exchange_token",
           .refresh_grant = "ig_refresh_token",
           .code_reply = [this](oauth::tokens const& issued, oauth::app const& client,
                                person const& who) { return code_reply(issued, client, who); },
           .permissions = [](oauth::scope_set granted) { return instagram::scopes().to_text(granted, ","); }},
          apps(),
          grants(),
          persons(),
          gate(),
          switches()},
      publishing_{posts(), events(), gate(), "instagram"} {}

platform::config_lines instagram_platform::configuration() const {
    auto const base = url() + "/" + std::string{graph::current_version};
    return {{"authorize_url", url() + std::string{authorize_path}},
            {"token_url", url() + std::string{token_path}},
            {"long_lived_url", url() + std::string{exchange_path}},
            {"refresh_url", url() + std::string{refresh_path}},
            {"identity_url", base + "/me"},
            {"api_base", base}};
}

std::span<control::route const> instagram_platform::control_routes() const {
    static constexpr std::array<control::route, 4> table{{
        {"GET", "/instagram/troubles", graph::list_troubles},
        {"POST", "/instagram/troubles", graph::add_trouble},
        {"DELETE", "/instagram/troubles", graph::clear_troubles},
        {"DELETE", "/instagram/troubles/{id}", graph::clear_trouble},
    }};
    return table;
}

std::span<std::string_view const> instagram_platform::traits() const {
    static constexpr std::array names{tester_trait, personal_trait, creator_trait};
    return names;
}

std::span<std::string_view const> instagram_platform::switch_names() const {
    static constexpr std::array names{flat_token_switch, number_switch, list_switch, wrapped_me_switch,
                                      graph::dead_token_switch};
    return names;
}

std::span<std::string_view const> instagram_platform::endpoints() const {
    static constexpr std::array<std::string_view, 11> names{
        "authorize", "consent",       "token",
        "exchange",  "refresh",       "me",
        "media",     "media_publish", "content_publishing_limit",
        "node",      "other"};
    return names;
}

std::string_view instagram_platform::endpoint(call const& request) const {
    if (request.path == token_path)
        return "token";
    if (request.path == exchange_path)
        return "exchange";
    if (request.path == refresh_path)
        return "refresh";
    if (request.path == authorize_path)
        return request.method == "POST" ? "consent" : "authorize";
    auto const parts = graph::segments(graph::split_version(request.path, {}).path);
    if (parts.empty() || request.path.starts_with(picture_folder))
        return "other";
    if (parts.size() == 1)
        return parts[0] == "me" ? "me" : "node";
    auto const edge = std::ranges::find(edges, parts[1]);
    return edge == edges.end() ? std::string_view{"other"} : *edge;
}

boost::json::object instagram_platform::code_reply(oauth::tokens const& issued, oauth::app const& client,
                                                   person const& who) {
    auto const id = own_id(client.client_id, who);
    boost::json::object body{{"access_token", issued.access_token}};
    if (switches().on(number_switch))
        body["user_id"] = std::stoull(id);
    else
        body["user_id"] = id;
    boost::json::array names;
    for (auto const& row : scopes().rows_of(issued.granted.scopes))
        names.push_back(boost::json::value(row.name));
    if (switches().on(list_switch))
        body["permissions"] = std::move(names);
    else
        body["permissions"] = scopes().to_text(issued.granted.scopes, ",");
    return switches().on(flat_token_switch) ? body : wrapped(std::move(body));
}

reply instagram_platform::account(graph::graph_call const& asked, graph::caller const& by) {
    auto const owned = graph::assets_of(*by.who).instagram;
    if (asked.is("GET") && asked.path.size() == 1) {
        auto const picture =
            by.who->bare_profile ? "" : url() + std::string{picture_folder} + owned.id + ".svg";
        auto shown = graph::instagram_node({owned, picture, publishing_.media_count(owned.id),
                                            own_id(by.client->client_id, *by.who), type_of(*by.who)},
                                           asked.parameters.get("fields"));
        if (auto* const error = std::get_if<graph::graph_error>(&shown))
            return gate().refuse(std::move(*error));
        auto& body = std::get<boost::json::object>(shown);
        return json_reply(200, switches().on(wrapped_me_switch) ? wrapped(std::move(body)) : std::move(body));
    }
    bool const may =
        by.allowed.scopes.has(scope::content_publish) && type_of(*by.who) != graph::personal_account;
    if (auto done = publishing_.edge(asked, by, owned, may))
        return std::move(*done);
    return gate().unsupported(asked);
}

reply instagram_platform::api(graph::graph_call const& asked) {
    auto const admitted = gate().admit(asked);
    if (auto const* const refusal = std::get_if<reply>(&admitted))
        return *refusal;
    auto const& by = std::get<graph::caller>(admitted);
    auto const id = graph::assets_of(*by.who).instagram.id;
    auto answer = [&] {
        if (asked.node() == "me" || asked.node() == id ||
            asked.node() == own_id(by.client->client_id, *by.who))
            return account(asked, by);
        auto shown = publishing_.show(asked, [&](std::string_view of) { return of == id; });
        return shown ? std::move(*shown) : gate().unsupported(asked);
    }();
    answer.headers.insert(answer.headers.end(), by.usage_headers.begin(), by.usage_headers.end());
    return answer;
}

reply instagram_platform::answer(call const& request, sys_ms now) {
    if (request.path == token_path)
        return tokens_.token(request, now);
    if (request.path == exchange_path)
        return tokens_.exchange(request, now);
    if (request.path == refresh_path)
        return tokens_.refresh(request, now);
    if (request.path == authorize_path)
        return request.method == "POST" ? authorization().decide(request, now)
                                        : authorization().page(request, now);
    if (request.path.starts_with(picture_folder))
        return picture(request);
    auto const read = read_call(request, graph::split_version(request.path, now).path, now);
    if (auto const* const refusal = std::get_if<reply>(&read))
        return *refusal;
    return api(std::get<graph::graph_call>(read));
}

reply instagram_platform::error(std::string_view endpoint, unsigned status, sys_ms now) const {
    return endpoint == "token" ? graph::flat_error(status, "An error occurred")
                               : graph_platform::error(endpoint, status, now);
}

void instagram_platform::reset() {
    graph_platform::reset();
    publishing_.clear();
}

} // namespace connectd::sandbox::instagram
