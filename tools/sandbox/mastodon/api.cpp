#include "tools/sandbox/mastodon/api.hpp"

#include "tools/sandbox/html.hpp"
#include "tools/sandbox/mastodon/rules.hpp"
#include "tools/sandbox/mastodon/scopes.hpp"
#include "tools/sandbox/mastodon/words.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::mastodon {
namespace {

constexpr std::chrono::seconds window{300};
constexpr rate_limit calls_per_token{1, 300, window};
constexpr std::chrono::hours key_lifetime{1};
constexpr std::size_t longest_status = 500;
constexpr std::size_t reserved_per_url = 23;
constexpr std::chrono::minutes nearest_schedule{5};
constexpr std::array<std::string_view, 4> visibilities{"public", "unlisted", "private", "direct"};

// Longer than 2^53 says, as Mastodon's ids are; unique within the instance only.
std::string account_id(person const& who) {
    return std::to_string(110'000'000'000'000'000 + who.number);
}

// Every link counts as much as `characters_reserved_per_url` says.
std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        bool const link = text.starts_with("https://") || text.starts_with("http://");
        count += link ? reserved_per_url : 1;
        text.remove_prefix(link ? std::min(text.find_first_of(" \t\n"), text.size())
                                : first_code_point(text).bytes);
    }
    return count;
}

// With the standing of the caller's token, whose window ends at a moment written as Ruby writes it.
reply counted(reply answer, rate_standing const& standing) {
    answer.headers.emplace_back("X-RateLimit-Limit", std::to_string(standing.limit));
    answer.headers.emplace_back("X-RateLimit-Remaining", std::to_string(standing.remaining));
    auto reset = format_time(sys_ms{std::chrono::seconds{standing.reset}});
    reset.replace(reset.find('.'), 4, ".000000");
    answer.headers.emplace_back("X-RateLimit-Reset", std::move(reset));
    return answer;
}

} // namespace

api::admitted api::admit(call const& request, sys_ms now) const {
    auto const token = request.bearer();
    if (!token)
        return api_error(401, "This method requires an authenticated user");
    auto const found = of_.issued.inspect(*token, now);
    // Tokens go with the app that they were issued to.
    if (auto const* const caller = std::get_if<oauth::access>(&found);
        caller != nullptr && caller->kind == oauth::token_kind::access &&
        of_.registered.find(caller->client_id)) {
        if (of_.persons.at(caller->person)->has_trait(disabled_account))
            return api_error(403, "Your login is currently disabled");
        return *caller;
    }
    auto const* const why = std::get_if<oauth::refusal>(&found);
    if (why != nullptr && *why == oauth::refusal::token_revoked)
        return api_error(401, "The access token was revoked");
    if (why != nullptr && *why == oauth::refusal::token_expired)
        return api_error(401, "The access token expired");
    return api_error(401, "The access token is invalid");
}

boost::json::object api::account(person const& who) const {
    auto const page = of_.url + "/@" + who.name;
    auto const picture =
        of_.url + (who.bare_profile ? "/avatars/original/missing.png" : "/avatars/" + who.name + ".svg");
    return {{"id", account_id(who)},
            {"username", who.name},
            {"acct", who.name},
            {"display_name", who.bare_profile ? "" : who.display_name},
            {"locked", false},
            {"bot", false},
            {"created_at", "2026-01-01T00:00:00.000Z"},
            {"note", ""},
            {"url", page},
            {"uri", of_.url + "/users/" + who.name},
            {"avatar", picture},
            {"avatar_static", picture},
            {"followers_count", 3},
            {"statuses_count", 1},
            {"source", boost::json::object{{"privacy", "public"}, {"sensitive", false}}}};
}

reply api::verify_credentials(call const& request, sys_ms now) {
    auto const who = admit(request, now);
    if (auto const* const refused = std::get_if<reply>(&who))
        return *refused;
    auto const& caller = std::get<oauth::access>(who);
    auto const standing = of_.limits.take(calls_per_token, caller.grant, now);
    if (!standing.allowed)
        return counted(api_error(429, "Too many requests"), standing);
    bool const may = covers(caller.scopes, scope::read_accounts) ||
                     (caller.scopes.has(scope::profile) && !of_.told.on(old_server));
    return counted(may ? json_reply(200, account(*of_.persons.at(caller.person)))
                       : api_error(403, "This action is outside the authorized scopes"),
                   standing);
}

reply api::userinfo(call const& request, sys_ms now) {
    if (of_.told.on(old_server))
        return api_error(404, "Record not found");
    auto const who = admit(request, now);
    if (auto const* const refused = std::get_if<reply>(&who))
        return *refused;
    auto const& caller = std::get<oauth::access>(who);
    if (!caller.scopes.has(scope::profile))
        return api_error(403, "This action is outside the authorized scopes");
    auto const person = account(*of_.persons.at(caller.person));
    return json_reply(200, boost::json::object{{"iss", of_.url + "/"},
                                               {"sub", person.at("uri")},
                                               {"name", person.at("display_name")},
                                               {"preferred_username", person.at("username")},
                                               {"profile", person.at("url")},
                                               {"picture", person.at("avatar")}});
}

reply api::post_status(call const& request, sys_ms now) {
    auto const who = admit(request, now);
    if (auto const* const refused = std::get_if<reply>(&who))
        return *refused;
    auto const& caller = std::get<oauth::access>(who);
    auto const standing = of_.limits.take(calls_per_token, caller.grant, now);
    auto const finish = [&](reply answer) { return counted(std::move(answer), standing); };
    if (!standing.allowed)
        return finish(api_error(429, "Too many requests"));
    if (!covers(caller.scopes, scope::write_statuses))
        return finish(api_error(403, "This action is outside the authorized scopes"));
    auto const body = read_body(request);
    if (!body)
        return finish(api_error(400, "The request body is malformed."));
    auto const sent_key = request.header("idempotency-key");
    auto const key = sent_key ? std::to_string(caller.grant) + " " + std::string{*sent_key} : std::string{};
    if (auto earlier = key.empty() ? std::nullopt : posted_before(key, now))
        return finish({200, "application/json; charset=utf-8", {}, std::move(*earlier)});
    auto answer = publish(caller, *body, now);
    if (!key.empty() && answer.status == 200)
        remember(key, answer.body, now);
    return finish(std::move(answer));
}

reply api::publish(oauth::access const& by, form const& body, sys_ms now) {
    auto const text = body.get("status");
    if (text.empty())
        return api_error(422, "Validation failed: Text can't be blank");
    if (characters(text) > longest_status)
        return api_error(422, "Validation failed: Text character limit of 500 exceeded");
    auto const visibility = body.has("visibility") ? body.get("visibility") : visibilities.front();
    if (std::ranges::find(visibilities, visibility) == visibilities.end())
        return api_error(422, "Validation failed: Visibility is not included in the list");
    auto const id = std::to_string(of_.written.number(now));
    if (body.has("scheduled_at")) {
        auto const due = parse_time(body.get("scheduled_at"));
        if (!due || *due < now + nearest_schedule)
            return api_error(422, "Validation failed: Scheduled at must be in the future");
        // Not a status yet: no url, no content.
        return json_reply(
            200,
            boost::json::object{{"id", id},
                                {"scheduled_at", format_time(*due)},
                                {"params", boost::json::object{{"text", text}, {"visibility", visibility}}},
                                {"media_attachments", boost::json::array{}}});
    }
    auto const person = of_.persons.at(by.person);
    of_.written.add({id, by.person, std::string{text}, {{"visibility", visibility}}, now});
    of_.events.event("mastodon", "post_created", id, by.grant, now);
    return json_reply(200,
                      boost::json::object{{"id", id},
                                          {"created_at", format_time(now)},
                                          {"visibility", visibility},
                                          {"uri", of_.url + "/users/" + person->name + "/statuses/" + id},
                                          {"url", of_.url + "/@" + person->name + "/" + id},
                                          {"content", "<p>" + escape_html(text) + "</p>"},
                                          {"account", account(*person)}});
}

std::optional<std::string> api::posted_before(std::string const& key, sys_ms now) {
    std::scoped_lock const lock{mutex_};
    auto const found = by_key_.find(key);
    if (found == by_key_.end() || found->second.at + key_lifetime <= now)
        return std::nullopt;
    return found->second.body;
}

void api::remember(std::string key, std::string body, sys_ms now) {
    std::scoped_lock const lock{mutex_};
    std::erase_if(by_key_, [&](auto const& each) { return each.second.at + key_lifetime <= now; });
    by_key_.insert_or_assign(std::move(key), answered{std::move(body), now});
}

void api::reset() {
    std::scoped_lock const lock{mutex_};
    by_key_.clear();
}

reply api::metadata() const {
    if (of_.told.on(old_server))
        return api_error(404, "Record not found");
    boost::json::array known;
    for (std::size_t row = 0; row <= static_cast<std::size_t>(scope::push); ++row)
        known.emplace_back(scopes().rows_of(oauth::scope_set{}.with(row)).front().name);
    auto const at = [&](std::string_view path) { return of_.url + std::string{path}; };
    return json_reply(
        200, boost::json::object{
                 {"issuer", of_.url + "/"},
                 {"service_documentation", "https://docs.joinmastodon.org/"},
                 {"authorization_endpoint", at("/oauth/authorize")},
                 {"token_endpoint", at("/oauth/token")},
                 {"app_registration_endpoint", at("/api/v1/apps")},
                 {"revocation_endpoint", at("/oauth/revoke")},
                 {"userinfo_endpoint", at("/oauth/userinfo")},
                 {"scopes_supported", known},
                 {"response_types_supported", {"code"}},
                 {"response_modes_supported", {"query", "fragment", "form_post"}},
                 {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_post"}},
                 {"grant_types_supported", {"authorization_code", "client_credentials"}},
                 {"code_challenge_methods_supported", {"S256"}}});
}

reply api::instance() const {
    return json_reply(
        200, boost::json::object{
                 {"domain", "mastodon.sandbox.test"},
                 {"title", "Sandbox"},
                 {"version", of_.told.on(old_server) ? "4.2.10" : "4.5.0"},
                 {"configuration",
                  boost::json::object{{"statuses", boost::json::object{{"max_characters", longest_status},
                                                                       {"characters_reserved_per_url",
                                                                        reserved_per_url}}}}}});
}

reply api::avatar(call const& request) const {
    auto const name = request.path.substr(request.path.rfind('/') + 1);
    auto const bare = name.substr(0, name.find('.'));
    return {200, "image/svg+xml", {}, avatar_svg(bare, bare)};
}

} // namespace connectd::sandbox::mastodon
