#include "tests/platforms/every_platform.hpp"

#include "crypto/pkce.hpp"
#include "platforms/instance.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/oauth2.hpp"
#include "platforms/quirks/bluesky.hpp"
#include "platforms/registration.hpp"
#include "tests/support/run_task.hpp"
#include "tools/sandbox/form.hpp"

#include <iterator>
#include <stdexcept>

namespace connectd::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::string_view redirect_uri = "https://app.example/callback";

platforms::deadline in(std::chrono::milliseconds span) {
    return std::chrono::steady_clock::now() + span;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

// What stands for the placeholders of a publish_call.
struct filling {
    std::string_view id;
    std::string number;
    std::string made{};

    std::string operator()(std::string_view pattern) const {
        std::string text{pattern};
        replace_all(text, "{id}", id);
        replace_all(text, "{n}", number);
        replace_all(text, "{made}", made);
        return text;
    }
};

constexpr publish_call picture_on_instagram{
    .path = "/{id}/media",
    .body = R"({"image_url":"https://cdn.example.net/rolls-{n}.jpg","caption":"Fresh rolls {n}"})",
    .then = {.path = "/{id}/media_publish", .body = R"({"creation_id":"{made}"})"}};

std::string parameter(std::string_view url, std::string_view name) {
    auto const query = sandbox::form::parse(url.substr(url.find('?') + 1));
    return query ? std::string{query->get(name)} : std::string{};
}

// The sandbox's people are on this machine, which no user may send the product to.
platforms::http::pool_options for_this_machine() {
    platforms::http::pool_options options;
    options.user_urls = {.allow_private = true, .allow_http = true};
    return options;
}

constexpr platform_row rows[]{
    {.name = "bluesky",
     .played = "bluesky",
     .id = "did:plc:7xxegdkaxvl552wbq3gzpead",
     .calls = {"createSession", "refreshSession", "getSession", "deleteSession"},
     .publish = {.path = "/xrpc/com.atproto.repo.createRecord",
                 .body = R"({"repo":"{id}","collection":"app.bsky.feed.post","record":)"
                         R"({"$type":"app.bsky.feed.post","text":"Fresh rolls {n}",)"
                         R"("createdAt":"2026-11-01T07:00:00Z"}})"},
     .refreshed_after = 2h,
     .access_outlives_grant = true},
    {.name = "facebook",
     .played = "facebook",
     .id = "20406080000001000",
     .calls = {"token", "exchange", "me", "permissions"},
     .publish = {.path = "/{id}/feed", .body = "message=Fresh+rolls+{n}", .content_type = form_type},
     .refreshed_after = std::chrono::days{45}},
    {.name = "instagram",
     .played = "instagram",
     .id = "17841400112233445",
     .calls = {"token", "refresh", "me", ""},
     .publish = picture_on_instagram,
     .refreshed_after = std::chrono::days{45}},
    {.name = "instagram-facebook",
     .played = "facebook",
     .id = "17841400112233445",
     .calls = {"token", "exchange", "me", "permissions"},
     .publish = picture_on_instagram,
     .refreshed_after = std::chrono::days{45}},
    {.name = "linkedin",
     .played = "linkedin",
     .id = "d0AlVuN_wl",
     .calls = {"token", "refresh", "userinfo", "revoke"},
     .publish = {.path = "/posts",
                 .body =
                     R"({"author":"urn:li:person:{id}","commentary":"Fresh rolls {n}","visibility":"PUBLIC",)"
                     R"("distribution":{"feedDistribution":"MAIN_FEED","targetEntities":[],)"
                     R"("thirdPartyDistributionChannels":[]},"lifecycleState":"PUBLISHED",)"
                     R"("isReshareDisabledByAuthor":false})",
                 .status = 201}},
    {.name = "mastodon",
     .played = "mastodon",
     .id = "110000000000000001",
     .calls = {"token", "refresh", "verify_credentials", "revoke"},
     .publish = {.path = "/api/v1/statuses", .body = R"({"status":"Fresh rolls {n}"})"}},
    {.name = "pinterest",
     .played = "pinterest",
     .id = "2783136121146311752",
     .calls = {"token", "refresh", "user_account", ""},
     .publish = {.path = "/boards",
                 .body = R"({"name":"Fresh rolls {n}","privacy":"PUBLIC"})",
                 .status = 201},
     .refreshed_after = std::chrono::days{30}},
    {.name = "threads",
     .played = "threads",
     .id = "25420000000000001",
     .calls = {"token", "refresh", "me", ""},
     .publish = {.path = "/me/threads",
                 .body = "media_type=TEXT&text=Fresh+rolls+{n}&auto_publish_text=true",
                 .content_type = form_type},
     .refreshed_after = std::chrono::days{45}},
    {.name = "tiktok",
     .played = "tiktok",
     .id = "aa792a79-9919-9c48-c89d-2c8b8a0274a1",
     .calls = {"token", "refresh", "user_info", "revoke"},
     .publish = {.path = "/post/publish/inbox/video/init/",
                 .body = R"({"source_info":{"source":"FILE_UPLOAD","video_size":9,"chunk_size":9,)"
                         R"("total_chunk_count":1}})"},
     .refreshed_after = 2h},
    {.name = "x",
     .played = "x",
     .id = "1450000000000000001",
     .calls = {"token", "refresh", "users_me", "revoke"},
     .publish = {.path = "/tweets", .body = R"({"text":"Fresh rolls {n}"})", .status = 201},
     .refreshed_after = 2h},
    {.name = "youtube",
     .played = "youtube",
     .id = "UCqVcOAphDfOmV2lJYahufbj",
     .calls = {"token", "refresh", "channels", "revoke"},
     .publish = {.path = "/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status",
                 .body = R"({"snippet":{"title":"Fresh rolls {n}"},"status":{"privacyStatus":"private"}})"},
     .refreshed_after = 1h},
};

} // namespace

std::vector<platform_row> const& every_platform() {
    static std::vector<platform_row> const all(std::begin(rows), std::end(rows));
    return all;
}

platform_walk::platform_walk(platform_row const& of)
    : row{of}, pretend{options(of)}, platform{describe()}, client_{context_, names_, for_this_machine()} {
    enrol();
}

sandbox::sandbox_options platform_walk::options(platform_row const& row) {
    sandbox::sandbox_options chosen;
    chosen.only = {std::string{row.played}};
    chosen.redirect_uris = {std::string{redirect_uri}};
    return chosen;
}

platforms::descriptor platform_walk::describe() const {
    platforms::catalog_sources sources;
    for (auto const& played : pretend.platforms())
        for (auto const& [endpoint, url] : played->configuration())
            sources.endpoint_overrides[std::string{row.name}][std::string{endpoint}] = url;
    auto const load = platforms::load_catalog(sources);
    if (!load.loaded)
        throw std::logic_error{platforms::to_string(load.problems.front())};
    return *load.loaded->find(row.name);
}

platforms::outcome<platforms::connected> platform_walk::connect(std::chrono::milliseconds patience) {
    auto const until = in(patience);
    if (platform.connect == platforms::connect_kind::app_password) {
        auto const person = pretend.persons().at(*pretend.persons().find(row.person));
        return run(context_,
                   platforms::bluesky::connect(
                       client_, platform, platforms::bluesky::parse_identifier(person->handle).value(),
                       crypto::secret::copy_of(person->app_passwords.front().password), until));
    }
    auto const verifier = crypto::make_verifier();
    auto const asked = platforms::authorize_url(platform, client_id_, redirect_uri, "state-1",
                                                verifier.reveal(), platforms::requested_scopes(platform, {}));
    auto& played = *pretend.platforms().front()->as_oauth();
    auto const consent =
        played.authorization().consent(asked, {.person = std::string{row.person}}, pretend.clock().now());
    if (!consent.problem.empty())
        throw std::logic_error{std::string{row.name} + ": " + consent.problem};
    return run(context_, connector_.connect(platform, app(), parameter(consent.location, "code"),
                                            std::string{redirect_uri}, verifier.clone(), until));
}

platform_walk::account platform_walk::connected() {
    auto made = connect();
    if (made.has_error())
        throw std::logic_error{std::string{row.name} + ": " + made.error().code.message() + " " +
                               made.error().platform_error + " " + made.error().platform_message};
    if (made->candidates) {
        auto const& first = made->candidates->value().front();
        return {first.who, platforms::tokens_of(made->tokens, first)};
    }
    return {made->who.value(), std::move(made->tokens)};
}

platforms::outcome<platforms::token_set> platform_walk::refresh(platforms::token_set const& current,
                                                                std::chrono::milliseconds patience) {
    return run(context_, connector_.refresh(platform, app(), current, in(patience)));
}

platforms::outcome<void> platform_walk::revoke(platforms::token_set const& tokens) {
    return run(context_, connector_.revoke(platform, app(), tokens, in(1min)));
}

platforms::outcome<platforms::identity> platform_walk::identify(platforms::token_set const& tokens) {
    return run(context_, connector_.fetch_identity(platform, tokens, in(1min)));
}

platforms::http::response platform_walk::publish(account const& as) {
    filling fill{as.who.id, std::to_string(++published_)};
    auto const step = [&](publish_step const& wanted) {
        platforms::http::request call;
        call.method = "POST";
        call.url = (as.tokens.api_base.empty() ? platform.endpoints.api_base : as.tokens.api_base) +
                   fill(wanted.path);
        call.body = fill(wanted.body);
        call.headers = platform.proxy.headers;
        call.headers.emplace_back("Content-Type", row.publish.content_type);
        call.headers.emplace_back("Authorization", "Bearer " + std::string{as.tokens.access_token.reveal()});
        return run(context_, client_.send(std::move(call), in(1min))).value();
    };
    auto answer = step({row.publish.path, row.publish.body});
    if (row.publish.then.path.empty() || answer.status != row.publish.status)
        return answer;
    platforms::json_answer const made{answer.body};
    fill.made = platforms::find_text(*made.root(), {"/id"});
    return step(row.publish.then);
}

void platform_walk::break_down(std::string_view endpoint, sandbox::fault how) {
    how.platform = row.played;
    how.endpoint = endpoint;
    pretend.faults().add(std::move(how));
}

// An application that registers itself where the platform wants that.
void platform_walk::enrol() {
    if (platform.instances == platforms::instance_kind::host)
        platform = platforms::at_instance(platform, "https://mastodon.sandbox.test");
    if (platform.endpoints.registration_url.empty())
        return;
    auto made = run(context_, platforms::register_app(client_, platform,
                                                      {.name = "Bakery",
                                                       .redirect_uri = std::string{redirect_uri},
                                                       .scopes = platforms::requested_scopes(platform, {}),
                                                       .website = ""},
                                                      in(1min)));
    client_id_ = made.value().client_id;
    client_secret_ = std::move(made->client_secret);
}

} // namespace connectd::tests
