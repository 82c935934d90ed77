#include "tools/sandbox/threads/threads_platform.hpp"

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "tools/sandbox/graph/control_routes.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/threads/rules.hpp"
#include "tools/sandbox/threads/scopes.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::threads {
namespace {

constexpr std::string_view token_path = "/oauth/access_token";
constexpr std::string_view exchange_path = "/access_token";
constexpr std::string_view refresh_path = "/refresh_access_token";
constexpr std::string_view api_version = "/v1.0";

constexpr std::string_view no_type_switch = "no_token_type";           // which is recent
constexpr std::string_view graph_secret_switch = "graph_secret_error"; // a wrong secret in the Graph envelope

// Permissions last this long from the consent or the last refresh.
constexpr std::chrono::days data_access{90};

constexpr std::array<std::string_view, 3> edges{"threads", "threads_publish", "threads_publishing_limit"};

std::string app_token(oauth::app const& client) {
    auto const mark = crypto::hmac_sha256(client.client_secret, "app token");
    return "TH|" + client.client_id + "|" + crypto::encode_base64url(crypto::bytes_view{mark}.first(20));
}

} // namespace

threads_platform::threads_platform(platform_parts const& parts)
    : graph_platform{rules(), parts, "THApiException", "threads"},
      tokens_{{.exchange_grant = "th_exchange_token",
               .refresh_grant = "th_refresh_token",
               .query_taken = true,
               .graph_secret_switch = graph_secret_switch,
               .code_reply = [this](oauth::tokens const& issued, oauth::app const& client,
                                    person const& who) { return code_reply(issued, client, who); }},
              apps(),
              grants(),
              persons(),
              gate(),
              switches()},
      api_{posts(), events(), gate(), url()} {}

platform::config_lines threads_platform::configuration() const {
    auto const base = url() + std::string{api_version};
    return {{"authorize_url", url() + std::string{authorize_path}},
            {"token_url", url() + std::string{token_path}},
            {"long_lived_url", url() + std::string{exchange_path}},
            {"refresh_url", url() + std::string{refresh_path}},
            {"identity_url", base + "/me"},
            {"api_base", base}};
}

std::span<control::route const> threads_platform::control_routes() const {
    static constexpr std::array<control::route, 4> table{{
        {"GET", "/threads/troubles", graph::list_troubles},
        {"POST", "/threads/troubles", graph::add_trouble},
        {"DELETE", "/threads/troubles", graph::clear_troubles},
        {"DELETE", "/threads/troubles/{id}", graph::clear_trouble},
    }};
    return table;
}

std::span<std::string_view const> threads_platform::traits() const {
    static constexpr std::array<std::string_view, 1> names{tester_trait};
    return names;
}

std::span<std::string_view const> threads_platform::switch_names() const {
    static constexpr std::array names{no_type_switch, graph_secret_switch, graph::dead_token_switch};
    return names;
}

std::span<std::string_view const> threads_platform::endpoints() const {
    static constexpr std::array<std::string_view, 12> names{"authorize",
                                                            "consent",
                                                            "token",
                                                            "exchange",
                                                            "refresh",
                                                            "me",
                                                            "threads",
                                                            "threads_publish",
                                                            "threads_publishing_limit",
                                                            "debug_token",
                                                            "node",
                                                            "other"};
    return names;
}

std::string_view threads_platform::endpoint(call const& request) const {
    if (request.path == token_path)
        return "token";
    if (request.path == exchange_path)
        return "exchange";
    if (request.path == refresh_path)
        return "refresh";
    if (request.path == authorize_path)
        return request.method == "POST" ? "consent" : "authorize";
    auto const parts = graph::segments(request.path);
    if (parts.size() < 2 || !request.path.starts_with(api_version))
        return "other";
    if (parts.size() == 2)
        return parts[1] == "me" ? "me" : parts[1] == "debug_token" ? "debug_token" : "node";
    auto const edge = std::ranges::find(edges, parts[2]);
    return edge == edges.end() ? std::string_view{"other"} : *edge;
}

boost::json::object threads_platform::code_reply(oauth::tokens const& issued, oauth::app const& client,
                                                 person const& who) {
    boost::json::object body{{"access_token", issued.access_token},
                             {"user_id", std::stoull(profile_id(client.client_id, who))}};
    if (!switches().on(no_type_switch))
        body["token_type"] = "bearer";
    return body;
}

reply threads_platform::token(call const& request, sys_ms now) {
    auto const query = form::parse(request.query).value_or(form{});
    if (request.method != "GET" || query.get("grant_type") != "client_credentials")
        return tokens_.token(request, now);
    auto const client = apps().find(query.get("client_id"));
    if (!client || query.get("client_secret") != client->client_secret)
        return graph::flat_error(400, "Error validating client secret.");
    return oauth::token_reply({{"access_token", app_token(*client)}, {"token_type", "bearer"}});
}

// By the token of somebody who tests the same app.
reply threads_platform::debug_token(graph::graph_call const& asked) {
    auto const admitted = gate().admit(asked);
    if (auto const* const refusal = std::get_if<reply>(&admitted))
        return *refusal;
    auto const& by = std::get<graph::caller>(admitted);
    auto const found = grants().inspect(asked.parameters.get("input_token"), asked.now);
    auto const* const of = std::get_if<oauth::access>(&found);
    if (!by.who->has_trait(tester_trait) || (of != nullptr && of->client_id != by.client->client_id))
        return gate().refuse(graph::known_error(10));
    if (of == nullptr)
        return json_reply(200, boost::json::object{{"data", boost::json::object{{"is_valid", false}}}});
    boost::json::array names;
    for (auto const& row : scopes().rows_of(of->scopes))
        names.push_back(boost::json::value(row.name));
    boost::json::object const data{
        {"type", "USER"},
        {"application", by.client->name},
        {"is_valid", true},
        {"issued_at", unix_seconds(of->issued_at)},
        {"expires_at", unix_seconds(asked.now) + of->expires_in.value_or(std::chrono::seconds{0}).count()},
        {"data_access_expires_at", unix_seconds(of->issued_at + data_access)},
        {"scopes", std::move(names)},
        {"user_id", profile_id(by.client->client_id, *persons().at(of->person))}};
    return json_reply(200, boost::json::object{{"data", data}});
}

reply threads_platform::answer(call const& request, sys_ms now) {
    if (request.path == token_path)
        return token(request, now);
    if (request.path == exchange_path)
        return tokens_.exchange(request, now);
    if (request.path == refresh_path)
        return tokens_.refresh(request, now);
    if (request.path == authorize_path)
        return request.method == "POST" ? authorization().decide(request, now)
                                        : authorization().page(request, now);
    if (request.path.starts_with(picture_folder))
        return picture(request);
    if (!request.path.starts_with(std::string{api_version} + "/")) {
        auto error = graph::known_error(2500);
        error.message = "Unknown path components: " + std::string{request.path};
        return gate().refuse(std::move(error));
    }
    auto const read = read_call(request, request.path.substr(api_version.size()), now);
    if (auto const* const refusal = std::get_if<reply>(&read))
        return *refusal;
    auto const& asked = std::get<graph::graph_call>(read);
    return asked.node() == "debug_token" && asked.path.size() == 1 ? debug_token(asked) : api_.answer(asked);
}

reply threads_platform::error(std::string_view endpoint, unsigned status, sys_ms now) const {
    return endpoint == "token" ? graph::flat_error(status, "An error occurred")
                               : graph_platform::error(endpoint, status, now);
}

void threads_platform::reset() {
    graph_platform::reset();
    api_.clear();
}

} // namespace connectd::sandbox::threads
