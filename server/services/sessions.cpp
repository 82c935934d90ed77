#include "server/services/sessions.hpp"

#include "crypto/digest.hpp"
#include "crypto/pkce.hpp"
#include "crypto/random.hpp"
#include "platforms/oauth2.hpp"
#include "server/services/input.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/return_url.hpp"
#include "server/services/session_steps.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/credentials.hpp"
#include "storage/tables/profiles.hpp"
#include "storage/tables/workspaces.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t max_metadata = 16 * 1024;
constexpr std::string_view secrets_field = "secrets";

outcome<void> check_scopes(platforms::descriptor const& platform, std::vector<std::string> const& scopes) {
    if (auto const good = check_scope_shapes(scopes); good.has_error()) {
        return good.error();
    }
    auto const& known = platform.scopes.known;
    for (std::size_t index = 0; index < scopes.size(); ++index) {
        if (!known.empty() && std::ranges::find(known, scopes[index]) == known.end()) {
            return failure{errc::field_invalid, platform.title + " has no such scope.",
                           "scopes/" + std::to_string(index)};
        }
    }
    return {};
}

// state, verifier: neither contains a space.
crypto::secret pack(session_secrets const& secrets) {
    std::string text;
    text.reserve(secrets.state.size() + 1 + secrets.verifier.size());
    text.append(secrets.state.reveal()).append(" ").append(secrets.verifier.reveal());
    return crypto::secret::take(std::move(text));
}

outcome<session_secrets> unpack(crypto::secret const& packed) {
    auto const text = packed.reveal();
    auto const gap = text.find(' ');
    if (gap == std::string_view::npos) {
        return errc::sealed_value_damaged;
    }
    return session_secrets{crypto::secret::copy_of(text.substr(0, gap)),
                           crypto::secret::copy_of(text.substr(gap + 1))};
}

std::string digest_text(std::string_view value) {
    return std::string{crypto::as_text(crypto::sha256(value))};
}

outcome<storage::session_choose> parse_choose(std::optional<std::string> const& word,
                                              std::string const& dialect) {
    storage::session_choose choose{storage::session_choose::page};
    if (dialect.empty() && word == "token") { // the native return URL is told no such thing
        return failure{errc::field_invalid, "page or api.", "choose"};
    }
    if (word && !boost::describe::enum_from_string(word->c_str(), choose)) {
        return failure{errc::field_invalid, "page or api.", "choose"};
    }
    return choose;
}

std::string_view status_text(storage::session const& row, runtime::sys_ms now) {
    switch (row.status) {
    case storage::session_status::pending:
        return row.expires_at <= now ? "expired" : "pending";
    case storage::session_status::choosing:
        return row.expires_at <= now ? "expired" : "choosing";
    case storage::session_status::completed:
        return "completed";
    case storage::session_status::failed:
        return "failed";
    case storage::session_status::cancelled:
        return "cancelled";
    case storage::session_status::expired:
        break;
    }
    return "expired";
}

} // namespace

runtime::task<outcome<session_view>> sessions::create(crypto::workspace_id workspace, new_session input) {
    auto const platform = choose_platform(catalog_, settings_, input.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    auto row = co_await prepare(workspace, input, **platform);
    if (row.has_error()) {
        co_return row.error();
    }
    auto const app = co_await choose_app(store_, settings_, instances_, **platform, workspace,
                                         {.credentials_id = input.credentials_id,
                                          .allow_quickstart = input.allow_quickstart,
                                          .account_credentials = row->credentials,
                                          .account_quickstart = row->quickstart,
                                          .instance = row->instance,
                                          .scopes = input.scopes.value_or(std::vector<std::string>{})});
    if (app.has_error()) {
        co_return app.error();
    }
    auto const there = co_await settle(*row, *app, **platform, input);
    if (there.has_error()) {
        co_return there.error();
    }
    session_secrets const secrets{crypto::random_secret_token(32), crypto::make_verifier()};
    row->state_digest = digest_text(secrets.state.reveal());
    if (auto const sealed = co_await seal_secrets(*row, secrets); sealed.has_error()) {
        co_return sealed.error();
    }
    storage::write_batch batch;
    storage::sessions::create(batch, *row);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error()) {
        co_return written.error();
    }
    auto answer = view(*row);
    if ((*platform)->connect == platforms::connect_kind::oauth2) {
        answer.authorize_url = authorize_url(**there, app->client_id, *row, secrets);
    }
    co_return answer;
}

runtime::task<outcome<storage::session>> sessions::prepare(crypto::workspace_id workspace,
                                                           new_session const& input,
                                                           platforms::descriptor const& platform) {
    auto const now = clock_.now();
    storage::session row;
    row.id = crypto::session_id::make(now);
    row.workspace = workspace;
    row.platform = platform.name;
    row.created_at = now;
    row.expires_at = now + settings_.session_lifetime;
    row.metadata = input.metadata;
    row.return_url = input.return_url.value_or("");
    row.cancel_url = input.cancel_url.value_or("");
    row.dialect = input.dialect;
    row.redirect_uri =
        platform.instances == platforms::instance_kind::host ? std::string{} : input.redirect_uri;
    auto const choose = parse_choose(input.choose, input.dialect);
    if (choose.has_error()) {
        co_return choose.error();
    }
    row.choose = *choose;
    if (row.metadata.size() > max_metadata) {
        co_return failure{errc::field_invalid, "At most 16 KiB of metadata.", "metadata"};
    }
    for (auto const* url : {&row.return_url, &row.cancel_url}) {
        if (url->empty()) {
            continue;
        }
        if (auto const good = co_await check_return(row.workspace, *url); good.has_error()) {
            co_return good.error();
        }
    }
    auto const wanted = input.scopes.value_or(std::vector<std::string>{});
    if (auto const good = check_scopes(platform, wanted); good.has_error()) {
        co_return good.error();
    }
    if (auto const chosen = co_await choose_target(row, platform, input); chosen.has_error()) {
        co_return chosen.error();
    }
    co_return row;
}

// What follows from the app: the server, and what to ask for there.
runtime::task<outcome<shared_platform>> sessions::settle(storage::session& row, chosen_app const& app,
                                                         platforms::descriptor const& platform,
                                                         new_session const& input) {
    row.credentials = app.credentials;
    row.quickstart = app.quickstart;
    if (row.reconnect && !row.instance.empty() && app.instance != row.instance) {
        co_return failure{errc::field_invalid,
                          "The account to reconnect is at " + row.instance + ", the app at " + app.instance +
                              ".",
                          "account_id"};
    }
    row.instance = app.instance;
    auto there = co_await resolver_.resolve(platform, {.instance = row.instance, .pkce = app.pkce});
    if (there.has_error()) {
        auto why = describe_server_failure(there.error(), row.instance);
        why.field = why.code == make_error_code(errc::field_invalid) ? "credentials_id" : "";
        co_return why;
    }
    row.scopes =
        app.scopes ? *app.scopes
                   : platforms::requested_scopes(**there, input.scopes.value_or(std::vector<std::string>{}));
    co_return std::move(*there);
}

// Which profile the account goes to, which account is to be reconnected, and at which server.
// Everybody's rules, and those of the workspace.
runtime::task<outcome<void>> sessions::check_return(crypto::workspace_id workspace, std::string url) {
    if (auto const good = check_return_url(settings_, url); good.has_error()) {
        co_return good.error();
    }
    auto const owner = co_await storage::workspaces::get(store_, workspace);
    if (owner.has_error()) {
        co_return owner.error();
    }
    auto const allowed = *owner ? (*owner)->record.return_urls : std::vector<std::string>{};
    auto const fits = [&](std::string const& prefix) { return lies_below(url, prefix); };
    if (!allowed.empty() && std::ranges::none_of(allowed, fits)) {
        co_return failure{
            errc::return_url_refused,
            "The workspace allows other return URLs only; see return_urls of GET /v1/workspace.",
            "return_url"};
    }
    co_return outcome<void>{};
}

runtime::task<outcome<void>> sessions::choose_target(storage::session& row,
                                                     platforms::descriptor const& platform,
                                                     new_session const& input) {
    auto target = co_await services::choose_target(store_, row.workspace, row.platform, input.profile_id,
                                                   input.account_id);
    if (target.has_error()) {
        co_return target.error();
    }
    row.profile = target->profile;
    row.reconnect = target->reconnect;
    // For choose_app, which may say otherwise.
    row.credentials = target->credentials;
    row.quickstart = target->quickstart;
    auto instance = choose_instance(platform, input.instance, target->instance);
    if (instance.has_error()) {
        co_return instance.error();
    }
    // Of an issuer the account alone knows it yet: the app says the rest.
    row.instance = instance->empty() ? std::move(target->instance) : std::move(*instance);
    co_return outcome<void>{};
}

runtime::task<outcome<void>> sessions::seal_secrets(storage::session& row, session_secrets const& secrets) {
    auto const key = storage::sessions::key(row);
    auto const packed = pack(secrets);
    auto sealed = co_await keys_.seal(row.workspace, packed,
                                      {.family = "sessions", .record_key = key, .field = secrets_field});
    if (sealed.has_error()) {
        co_return sealed.error();
    }
    row.secrets = std::move(*sealed);
    co_return outcome<void>{};
}

runtime::task<outcome<session_secrets>> sessions::open_secrets(storage::session const& row) {
    auto const key = storage::sessions::key(row);
    auto const packed = co_await keys_.open(
        row.workspace, row.secrets, {.family = "sessions", .record_key = key, .field = secrets_field});
    if (packed.has_error()) {
        co_return packed.error();
    }
    co_return unpack(*packed);
}

runtime::task<outcome<storage::session>> sessions::find(crypto::workspace_id workspace, std::string id) {
    auto const parsed = parse_id<crypto::session_id>(id, errc::session_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto row = co_await storage::sessions::get(store_, workspace, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::session_not_found;
    }
    co_return std::move((*row)->record);
}

runtime::task<outcome<session_view>> sessions::get(crypto::workspace_id workspace, std::string id) {
    auto const row = co_await find(workspace, std::move(id));
    if (row.has_error()) {
        co_return row.error();
    }
    co_return co_await view_choices(*row);
}

// The candidates are there as long as they can be chosen.
runtime::task<outcome<session_view>> sessions::view_choices(storage::session const& row) {
    auto shown = view(row);
    if (shown.status == "choosing") {
        auto const waiting = co_await open_choices(keys_, row);
        if (waiting.has_error()) {
            co_return waiting.error();
        }
        shown.candidates = view_candidates(*waiting);
    }
    co_return shown;
}

session_view sessions::view(storage::session const& row) const {
    return {.id = row.id,
            .platform = row.platform,
            .status = std::string{status_text(row, clock_.now())},
            .profile = row.profile,
            .credentials = row.credentials,
            .quickstart = row.quickstart,
            .instance = row.instance,
            .url = page_url(row),
            .authorize_url = {},
            .return_url = row.return_url,
            .scopes = row.scopes,
            .metadata = row.metadata,
            .account = row.account ? row.account : row.reconnect,
            .accounts = row.accounts,
            .choose = boost::describe::enum_to_string(row.choose, "page"),
            .candidates = {},
            .error_code = row.error_code,
            .error_description = row.error_description,
            .created_at = row.created_at,
            .expires_at = row.expires_at,
            .finished_at = row.finished_at};
}

// On the host of the callback, which reads the cookie that the page sets.
std::string sessions::page_url(storage::session const& row) const {
    auto const behind_scheme = row.redirect_uri.find("://");
    auto const origin = behind_scheme == std::string::npos
                            ? settings_.public_url
                            : row.redirect_uri.substr(0, row.redirect_uri.find('/', behind_scheme + 3));
    return origin + "/connect/" + row.id.to_string();
}

std::string sessions::authorize_url(platforms::descriptor const& platform, std::string_view client_id,
                                    storage::session const& row, session_secrets const& secrets) const {
    return platforms::authorize_url(platform, client_id, redirect_uri(settings_, row), secrets.state.reveal(),
                                    secrets.verifier.reveal(), row.scopes);
}

} // namespace connectd::server::services
