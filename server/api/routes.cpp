#include "server/api/routes.hpp"

#include "server/api/accounts.hpp"
#include "server/api/api_keys.hpp"
#include "server/api/audit.hpp"
#include "server/api/choices.hpp"
#include "server/api/connect.hpp"
#include "server/api/credentials.hpp"
#include "server/api/deliveries.hpp"
#include "server/api/dispatch.hpp"
#include "server/api/docs.hpp"
#include "server/api/event_stream.hpp"
#include "server/api/events.hpp"
#include "server/api/health.hpp"
#include "server/api/openapi.hpp"
#include "server/api/plans.hpp"
#include "server/api/platforms.hpp"
#include "server/api/profiles.hpp"
#include "server/api/proxy.hpp"
#include "server/api/reconnect.hpp"
#include "server/api/sessions.hpp"
#include "server/api/token_import.hpp"
#include "server/api/webhooks.hpp"
#include "server/api/workspaces.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace connectd::server::api {
namespace {

constexpr auto open = access::open;
constexpr auto root = access::root;
constexpr auto workspace = access::workspace;
constexpr auto either = access::either;

// clang-format off
constexpr route table[] = {
    {"GET",    "/healthz",                               open,      {},                  healthz},
    {"GET",    "/readyz",                                open,      {},                  readyz},
    {"GET",    "/metrics",                               open,      {},                  metrics},
    {"GET",    "/openapi.json",                          open,      {},                  openapi},
    {"GET",    "/docs",                                  open,      {},                  show_docs},
    {"GET",    "/docs/{file}",                           open,      {},                  docs_file},

    {"GET",    "/connect/{session}",                     open,      {},                  show_connect_page},
    {"POST",   "/connect/{session}",                     open,      {},                  submit_connect_page},
    {"GET",    "/v1/connect/callback/{platform}",        open,      {},                  connect_callback},
    {"GET",    "/reconnect/{link}",                      open,      {},                  show_reconnect_page},
    {"POST",   "/reconnect/{link}",                      open,      {},                  begin_reconnect},

    {"POST",   "/v1/workspaces",                         root,      {},                  create_workspace,
     "workspaces.create"},
    {"GET",    "/v1/workspaces",                         root,      {},                  list_workspaces},
    {"GET",    "/v1/workspaces/{id}",                    root,      {},                  get_workspace},
    {"PATCH",  "/v1/workspaces/{id}",                    root,      {},                  update_workspace,
     "workspaces.update"},
    {"DELETE", "/v1/workspaces/{id}",                    root,      {},                  delete_workspace,
     "workspaces.delete"},
    {"GET",    "/v1/workspaces/{id}/usage",              root,      {},                  get_workspace_usage},
    {"POST",   "/v1/workspaces/{id}/api-keys",           root,      {},                  create_api_key,
     "api_keys.create"},
    {"GET",    "/v1/workspaces/{id}/api-keys",           root,      {},                  list_api_keys},
    {"GET",    "/v1/workspaces/{id}/api-keys/{key}",     root,      {},                  get_api_key},
    {"PATCH",  "/v1/workspaces/{id}/api-keys/{key}",     root,      {},                  update_api_key,
     "api_keys.update"},
    {"DELETE", "/v1/workspaces/{id}/api-keys/{key}",     root,      {},                  revoke_api_key,
     "api_keys.revoke"},
    {"POST",   "/v1/workspaces/{id}/api-keys/{key}/rotate", root,   {},                  rotate_api_key,
     "api_keys.rotate"},

    {"POST",   "/v1/api-keys",                           workspace, "keys:write",        create_api_key,
     "api_keys.create"},
    {"GET",    "/v1/api-keys",                           workspace, "keys:write",        list_api_keys},
    {"GET",    "/v1/api-keys/{id}",                      workspace, "keys:write",        get_api_key},
    {"PATCH",  "/v1/api-keys/{id}",                      workspace, "keys:write",        update_api_key,
     "api_keys.update"},
    {"DELETE", "/v1/api-keys/{id}",                      workspace, "keys:write",        revoke_api_key,
     "api_keys.revoke"},
    {"POST",   "/v1/api-keys/{id}/rotate",               workspace, "keys:write",        rotate_api_key,
     "api_keys.rotate"},

    {"GET",    "/v1/workspace",                          workspace, "accounts:read",     get_own_workspace},
    {"GET",    "/v1/plans",                              workspace, "accounts:read",     list_plans},
    {"GET",    "/v1/usage",                              workspace, "accounts:read",     get_usage},

    {"POST",   "/v1/credentials",                        workspace, "credentials:write", create_credentials,
     "credentials.create", http::bodies::whole, "own_credentials"},
    {"GET",    "/v1/credentials",                        workspace, "credentials:read",  list_credentials},
    {"GET",    "/v1/credentials/{id}",                   workspace, "credentials:read",  get_credentials},
    {"PATCH",  "/v1/credentials/{id}",                   workspace, "credentials:write", update_credentials,
     "credentials.update"},
    {"DELETE", "/v1/credentials/{id}",                   workspace, "credentials:write", delete_credentials,
     "credentials.delete"},
    {"POST",   "/v1/credentials/{id}/rotate-secret",     workspace, "credentials:write", rotate_credentials_secret,
     "credentials.rotate_secret"},

    {"GET",    "/v1/platforms",                          workspace, "credentials:read",  list_platforms},
    {"GET",    "/v1/platforms/{name}",                   workspace, "credentials:read",  get_platform},

    {"POST",   "/v1/profiles",                           workspace, "accounts:write",    create_profile,
     "profiles.create"},
    {"GET",    "/v1/profiles",                           workspace, "accounts:read",     list_profiles},
    {"GET",    "/v1/profiles/{id}",                      workspace, "accounts:read",     get_profile},
    {"PATCH",  "/v1/profiles/{id}",                      workspace, "accounts:write",    update_profile,
     "profiles.update"},
    {"DELETE", "/v1/profiles/{id}",                      workspace, "accounts:write",    delete_profile,
     "profiles.delete"},

    {"POST",   "/v1/connect/sessions",                   workspace, "connect:write",     create_session,
     "sessions.create"},
    {"GET",    "/v1/connect/sessions",                   workspace, "connect:write",     list_sessions},
    {"GET",    "/v1/connect/sessions/{id}",              workspace, "connect:write",     get_session},
    {"POST",   "/v1/connect/sessions/{id}/cancel",       workspace, "connect:write",     cancel_session,
     "sessions.cancel"},
    {"GET",    "/v1/connect/sessions/{id}/choices",      workspace, "connect:write",     list_choices},
    {"POST",   "/v1/connect/sessions/{id}/choose",       workspace, "connect:write",     choose_candidates,
     "sessions.choose"},
    {"POST",   "/v1/connect/bluesky",                    workspace, "connect:write",     connect_bluesky,
     "accounts.connect"},

    {"GET",    "/v1/accounts",                           workspace, "accounts:read",     list_accounts},
    {"POST",   "/v1/accounts/import",                    workspace, "accounts:write",    import_account,
     "accounts.import"},
    {"GET",    "/v1/accounts/{id}",                      workspace, "accounts:read",     get_account},
    {"PATCH",  "/v1/accounts/{id}",                      workspace, "accounts:write",    update_account,
     "accounts.update"},
    {"DELETE", "/v1/accounts/{id}",                      workspace, "accounts:write",    delete_account,
     "accounts.disconnect"},
    {"POST",   "/v1/accounts/{id}/refresh",              workspace, "accounts:write",    refresh_account,
     "accounts.refresh"},
    {"GET",    "/v1/accounts/{id}/health",               workspace, "accounts:read",     check_account},
    {"GET",    "/v1/accounts/{id}/timeline",             workspace, "events:read",       list_timeline},
    {"*",      "/v1/accounts/{id}/proxy/{path*}",        workspace, "proxy",             call_platform, {},
     http::bodies::streamed, "proxy"},

    {"GET",    "/v1/events",                             workspace, "events:read",       list_events},
    {"GET",    "/v1/events/stream",                      workspace, "events:read",       stream_events},
    {"GET",    "/v1/events/{id}",                        workspace, "events:read",       get_event},

    {"GET",    "/v1/audit",                              either,    "events:read",       list_audit},

    {"POST",   "/v1/webhooks",                           workspace, "webhooks:write",    create_webhook,
     "webhooks.create", http::bodies::whole, "webhooks"},
    {"GET",    "/v1/webhooks",                           workspace, "webhooks:write",    list_webhooks},
    {"GET",    "/v1/webhooks/{id}",                      workspace, "webhooks:write",    get_webhook},
    {"PATCH",  "/v1/webhooks/{id}",                      workspace, "webhooks:write",    update_webhook,
     "webhooks.update"},
    {"DELETE", "/v1/webhooks/{id}",                      workspace, "webhooks:write",    delete_webhook,
     "webhooks.delete"},
    {"POST",   "/v1/webhooks/{id}/rotate-secret",        workspace, "webhooks:write",    rotate_webhook_secret,
     "webhooks.rotate_secret"},
    {"POST",   "/v1/webhooks/{id}/pause",                workspace, "webhooks:write",    pause_webhook,
     "webhooks.pause"},
    {"POST",   "/v1/webhooks/{id}/resume",               workspace, "webhooks:write",    resume_webhook,
     "webhooks.resume"},
    {"POST",   "/v1/webhooks/{id}/test",                 workspace, "webhooks:write",    test_webhook,
     "webhooks.test"},
    {"GET",    "/v1/webhooks/{id}/deliveries",           workspace, "webhooks:write",    list_deliveries},
    {"POST",   "/v1/webhooks/{id}/deliveries/{event}/redeliver", workspace, "webhooks:write", redeliver,
     "webhooks.redeliver"},
    {"POST",   "/v1/webhooks/{id}/redeliver",            workspace, "webhooks:write",    redeliver_failed,
     "webhooks.redeliver_failed"},
};
// clang-format on

// The methods of a pattern, for browsers that ask.
std::string methods_of(std::string_view pattern) {
    std::string methods;
    for (auto const& line : table) {
        if (line.pattern == pattern) {
            methods.append(methods.empty() ? "" : ", ")
                .append(line.method == "*" ? "GET, HEAD, POST, PUT, PATCH, DELETE" : line.method);
        }
    }
    return methods;
}

runtime::task<http::response> answer_preflight(context& with, std::string methods, http::request& asked) {
    co_return with.cors.preflight(asked, methods);
}

constexpr route callback_line{"GET", "/v1/connect/callback/{platform}", open, {}, connect_callback};
constexpr route page_lines[] = {
    {"GET", "/connect/{session}", open, {}, show_connect_page},
    {"POST", "/connect/{session}", open, {}, submit_connect_page},
};

http::handler handler_of(route const& line, context& with) {
    // Not a coroutine itself: the router keeps it alive, and `dispatch` gets what outlives the router.
    return [&with, &line](http::request& asked) { return dispatch(with, line, asked); };
}

void add_preflights(http::router& to, context& with) {
    std::set<std::string_view> done;
    for (auto const& line : table) {
        if (with.cors.on() && line.pattern.starts_with("/v1/") && done.insert(line.pattern).second) {
            to.add("OPTIONS", line.pattern,
                   [&with, methods = methods_of(line.pattern)](http::request& asked) {
                       return answer_preflight(with, methods, asked);
                   });
        }
    }
}

} // namespace

std::span<route const> routes() noexcept {
    return table;
}

void add_routes(http::router& to, context& with) {
    for (auto const& line : routes()) {
        auto handler = handler_of(line, with);
        if (line.method == "*") {
            to.add_any(line.pattern, std::move(handler), line.taken);
        } else {
            to.add(std::string{line.method}, line.pattern, std::move(handler), line.taken);
        }
    }
    add_preflights(to, with);
}

void add_browser_routes(http::router& to, context& with, std::string_view base,
                        std::span<std::string_view const> callbacks) {
    for (auto const& line : page_lines) {
        to.add(std::string{line.method}, std::string{base}.append(line.pattern), handler_of(line, with));
    }
    for (auto const pattern : callbacks) {
        to.add("GET", std::string{base}.append(pattern), handler_of(callback_line, with));
    }
}

} // namespace connectd::server::api
