#include "server/api/routes.hpp"

#include "server/api/accounts.hpp"
#include "server/api/api_keys.hpp"
#include "server/api/audit.hpp"
#include "server/api/choices.hpp"
#include "server/api/connect.hpp"
#include "server/api/credentials.hpp"
#include "server/api/deliveries.hpp"
#include "server/api/docs.hpp"
#include "server/api/event_stream.hpp"
#include "server/api/events.hpp"
#include "server/api/health.hpp"
#include "server/api/openapi.hpp"
#include "server/api/platforms.hpp"
#include "server/api/problem.hpp"
#include "server/api/profiles.hpp"
#include "server/api/proxy.hpp"
#include "server/api/reconnect.hpp"
#include "server/api/sessions.hpp"
#include "server/api/token_import.hpp"
#include "server/api/webhooks.hpp"
#include "server/api/workspaces.hpp"

#include <string>
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
    {"POST",   "/v1/workspaces/{id}/api-keys",           root,      {},                  create_api_key,
     "api_keys.create"},
    {"GET",    "/v1/workspaces/{id}/api-keys",           root,      {},                  list_api_keys},
    {"DELETE", "/v1/workspaces/{id}/api-keys/{key}",     root,      {},                  revoke_api_key,
     "api_keys.revoke"},

    {"POST",   "/v1/credentials",                        workspace, "credentials:write", create_credentials,
     "credentials.create"},
    {"GET",    "/v1/credentials",                        workspace, "credentials:read",  list_credentials},
    {"DELETE", "/v1/credentials/{id}",                   workspace, "credentials:write", delete_credentials,
     "credentials.delete"},

    {"GET",    "/v1/platforms",                          workspace, "credentials:read",  list_platforms},
    {"GET",    "/v1/platforms/{name}",                   workspace, "credentials:read",  get_platform},

    {"POST",   "/v1/profiles",                           workspace, "accounts:write",    create_profile,
     "profiles.create"},
    {"GET",    "/v1/profiles",                           workspace, "accounts:read",     list_profiles},
    {"GET",    "/v1/profiles/{id}",                      workspace, "accounts:read",     get_profile},

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
     http::bodies::streamed},

    {"GET",    "/v1/events",                             workspace, "events:read",       list_events},
    {"GET",    "/v1/events/stream",                      workspace, "events:read",       stream_events},
    {"GET",    "/v1/events/{id}",                        workspace, "events:read",       get_event},

    {"GET",    "/v1/audit",                              either,    "events:read",       list_audit},

    {"POST",   "/v1/webhooks",                           workspace, "webhooks:write",    create_webhook,
     "webhooks.create"},
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

runtime::task<http::response> run(context& with, route const& line, http::request& asked) {
    auto const who = co_await authenticate(with, asked, line.needs, line.scope);
    if (who.has_error()) {
        co_return refuse(who.error(), asked);
    }
    call const made{with, *who, asked};
    auto answer = co_await line.run(made);
    if (line.audited.empty()) {
        co_return answer;
    }
    co_return co_await audited(made, line.audited, std::move(answer));
}

constexpr route callback_line{"GET", "/v1/connect/callback/{platform}", open, {}, connect_callback};
constexpr route page_lines[] = {
    {"GET", "/connect/{session}", open, {}, show_connect_page},
    {"POST", "/connect/{session}", open, {}, submit_connect_page},
};

http::handler handler_of(route const& line, context& with) {
    // Not a coroutine itself: the router keeps it alive, and `run` gets what outlives the router.
    return [&with, &line](http::request& asked) { return run(with, line, asked); };
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
