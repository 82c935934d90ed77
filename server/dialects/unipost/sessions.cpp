// /v1/connect/sessions: end users of the customer connect through our hosted page.
#include "server/dialects/fields.hpp"
#include "server/dialects/unipost/unipost.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <boost/json/serialize.hpp>

namespace connectd::server::dialects::unipost {
namespace {

constexpr std::size_t longest_user_id = 256;

struct session_body {
    std::string platform;
    std::string external_user_id;
    std::optional<std::string> external_user_email;
    std::optional<std::string> profile_id;
    std::optional<std::string> return_url;
    bool allow_quickstart = false;
};

services::outcome<session_body> read_session(http::request const& asked) {
    auto body = fields::read(asked);
    if (body.has_error()) {
        return body.error();
    }
    session_body wanted{.platform = body->text("platform"),
                        .external_user_id = body->text("external_user_id"),
                        .external_user_email = body->optional_text("external_user_email"),
                        .profile_id = body->optional_text("profile_id"),
                        .return_url = body->optional_text("return_url"),
                        .allow_quickstart = body->optional_flag("allow_quickstart_creds").value_or(false)};
    if (auto const& wrong = body->problem()) {
        return *wrong;
    }
    if (wanted.external_user_id.size() > longest_user_id) {
        return services::failure{services::errc::field_invalid, "external_user_id has at most 256 bytes.",
                                 "external_user_id"};
    }
    return wanted;
}

// What the account keeps of the end user.
std::string metadata_of(session_body const& wanted) {
    boost::json::object metadata{{"external_user_id", wanted.external_user_id}};
    if (wanted.external_user_email) {
        metadata["external_user_email"] = *wanted.external_user_email;
    }
    return boost::json::serialize(metadata);
}

boost::json::object to_json(services::session_view const& shown) {
    boost::json::object session{
        {"id", shown.id.to_string()},
        {"platform", with_twitter(shown.platform)},
        {"external_user_id", metadata_text(shown.metadata, "external_user_id").value_or("")},
        {"allow_quickstart_creds", shown.quickstart},
        {"status", status_of(shown)},
        {"url", shown.url},
        {"expires_at", http::render_time(shown.expires_at)},
        {"created_at", http::render_time(shown.created_at)}};
    if (auto const email = metadata_text(shown.metadata, "external_user_email")) {
        session["external_user_email"] = *email;
    }
    if (!shown.return_url.empty()) {
        session["return_url"] = shown.return_url;
    }
    if (shown.status == "completed" && shown.account) {
        session["completed_at"] = http::render_time(shown.finished_at);
        session["completed_social_account_id"] = shown.account->to_string();
        session["managed_account_id"] = shown.account->to_string();
    }
    return session;
}

// Which profile is meant where none is named: the only one.
runtime::task<services::outcome<void>> require_one_profile(call of) {
    auto const some =
        co_await of.services().profiles.list(of.workspace(), std::nullopt, {.limit = 2, .cursor = {}});
    if (some.has_error()) {
        co_return some.error();
    }
    if (some->items.size() > 1) {
        co_return services::failure{services::errc::field_invalid,
                                    "profile_id is required: the workspace has several profiles.",
                                    "profile_id"};
    }
    co_return services::outcome<void>{};
}

// With a link that carries what the public routes want as a proof, as long as it proves anything.
runtime::task<http::response> show(call of, unsigned status, boost::json::object session,
                                   services::session_view const& shown) {
    auto const state = co_await of.services().sessions.link_state(of.workspace(), shown.id.to_string());
    if (state.has_error()) {
        co_return of.refuse(state.error());
    }
    if (*state) {
        session["url"] =
            shown.url + "?session=" + shown.id.to_string() + "&state=" + std::string{(*state)->reveal()};
    }
    co_return answer(status, std::move(session), of);
}

} // namespace

std::string_view status_of(services::session_view const& shown) {
    if (shown.status == "choosing") {
        return "pending";
    }
    return shown.status == "failed" ? std::string_view{"cancelled"} : std::string_view{shown.status};
}

runtime::task<http::response> create_session(call of) {
    auto const wanted = read_session(of.asked);
    if (wanted.has_error()) {
        co_return of.refuse(wanted.error());
    }
    if (!wanted->profile_id) {
        if (auto const one = co_await require_one_profile(of); one.has_error()) {
            co_return of.refuse(one.error());
        }
    }
    auto const callback = of.base() + "/v1/connect/callback/" + std::string{with_twitter(wanted->platform)};
    auto const made =
        co_await of.services().sessions.create(of.workspace(), {.platform = wanted->platform,
                                                                .profile_id = wanted->profile_id,
                                                                .return_url = wanted->return_url,
                                                                .credentials_id = {},
                                                                .scopes = {},
                                                                .account_id = {},
                                                                .metadata = metadata_of(*wanted),
                                                                .allow_quickstart = wanted->allow_quickstart,
                                                                .choose = {},
                                                                .dialect = std::string{of.vendor.name},
                                                                .redirect_uri = callback});
    if (made.has_error()) {
        co_return of.refuse_begin(made.error(), "POST /v1/platform-credentials", callback);
    }
    auto shown = to_json(*made);
    shown["allow_quickstart_creds"] = wanted->allow_quickstart;
    co_return co_await show(of, 201, std::move(shown), *made);
}

runtime::task<http::response> get_session(call of) {
    auto const found = co_await of.services().sessions.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    co_return co_await show(of, 200, to_json(*found), *found);
}

} // namespace connectd::server::dialects::unipost
