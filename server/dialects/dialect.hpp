// One vendor's API as data: its routes, where its keys come in, how its errors look, and what the customer's
// site is told when a connect session ends. Each vendor fills one of these; `mounts` puts them into a router.
//
// A dialect belongs to the request, not to what is stored: the same account looks like each vendor's. It is
// constant; contexts are one an I/O thread.
#pragma once

#include "server/http/rate_limiter.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/access.hpp"
#include "server/services/connect.hpp"
#include "server/services/error.hpp"
#include "server/services/refusal.hpp"
#include "server/services/services.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::dialects {

using services::access;

// By a dialect's name.
using host_names = std::map<std::string, std::vector<std::string>, std::less<>>;

// How an end user's way ends in the browser, which is the same for every API; the composition root gives it.
struct browser_pages {
    // On to the return URL, in the words of the session's API, or a page; with the entry of the audit log.
    std::function<http::response(services::callback_answer const& ended, http::request& asked)> conclude;
    std::function<http::response(services::failure const& why, http::request const& asked)> refuse;
};

// What the handlers of one I/O thread work with; it outlives the thread's router.
struct context {
    services::all& services;
    runtime::clock const& clock;
    http::rate_limiter& limiter; // of all threads and APIs, by API key
    std::string public_url;
    host_names hosts = {};
    browser_pages pages = {};
};

// What went wrong, before a vendor gives it a form.
struct trouble {
    services::refusal what;
    std::string field = {}; // of the input that is at fault, "" where none is
    std::string request_id = {};
    std::string_view path = {};            // of the request, as sent
    std::string_view scope = {};           // that the route needs, where that is known
    std::vector<std::string> granted = {}; // the scopes of a key that has not that one
};

struct dialect;

// A request on its way through a handler. Everything in it outlives the handler's coroutine.
struct call {
    context& with;
    dialect const& vendor;
    services::principal const& who;
    http::request& asked;

    services::all& services() const noexcept { return with.services; }
    crypto::workspace_id workspace() const noexcept { return who.workspace; }

    // Where the vendor's paths begin for browsers: on the vendor's own host without a path where that was
    // asked, else "https://connect.example.com/compat/unipost".
    std::string base() const;
    http::response refuse(services::failure const& why) const;
    // A session that could not be begun. Of a missing app it says how one is stored, and what its redirect
    // URI is: both are other ones than the native API's.
    http::response refuse_begin(services::failure const& why, std::string_view stored_with,
                                std::string_view redirect_uri) const;
    // What only this vendor refuses.
    http::response refuse(services::refusal what) const;
    // The one value of a query parameter, if it is there and not empty.
    std::optional<std::string> query(std::string_view name) const;
};

using action = runtime::task<http::response> (*)(call);

struct route {
    std::string_view method;
    std::string_view pattern; // behind the mount and a base
    access needs;
    std::string_view scope; // of a workspace's key
    action run;
    // What the audit log calls it, in the words of the native API; empty for what changes nothing.
    std::string_view audited = {};
};

using parameter_list = std::vector<std::pair<std::string, std::string>>;

// Of dialects whose paths begin at the mount.
inline constexpr std::string_view no_base[] = {""};

struct dialect {
    std::string_view name; // as sessions and the configuration call it
    std::string_view mount;
    std::span<std::string_view const> bases; // behind the mount and before each pattern
    std::span<route const> routes;
    // Where platforms send browsers back to, with the parameter {platform}; apps registered with the vendor
    // have these.
    std::span<std::string_view const> callbacks;
    // How the vendor's keys begin, which its clients may check: a key of ours is taken with that before it.
    std::span<std::string_view const> key_prefixes;
    std::string_view (*presented_key)(http::request const& asked); // "" when there is none
    http::response (*refuse)(trouble const& found);
    // What is added to a session's return URL.
    parameter_list (*told)(services::callback_answer const& ended);
    // In which webhook endpoints that are made here get their events; has the dialect's name.
    services::webhooks::form const* deliveries;
    // Says in an answer how much of the key's limit is left; null where the vendor has no such headers.
    void (*tell_limit)(call const& of, http::rate_limiter::standing const& now,
                       http::response& answer) = nullptr;
    // The header of an answer that is given again to an Idempotency-Key; empty where the vendor has none.
    std::string_view replayed = {};
};

// Whether the host of a request, with or without its port, is one of these.
bool is_one_of(std::vector<std::string> const& hosts, std::string_view host) noexcept;

} // namespace connectd::server::dialects
