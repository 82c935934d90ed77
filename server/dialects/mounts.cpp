#include "server/dialects/mounts.hpp"

#include "server/dialects/autoposting/autoposting.hpp"
#include "server/dialects/letmepost/letmepost.hpp"
#include "server/dialects/postato/postato.hpp"
#include "server/dialects/postpeer/postpeer.hpp"
#include "server/dialects/unipost/unipost.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace connectd::server::dialects {
namespace {

dialect const* const dialects[] = {&autoposting::api, &letmepost::api, &postato::api, &postpeer::api,
                                   &unipost::api};

constexpr unsigned created = 201;
constexpr unsigned first_refusal = 400;

// The id of what was made, wherever the vendor puts it, or what the path names last.
std::string target_of(http::request const& asked, http::response const& answer) {
    auto const& named = asked.path_parameters;
    if (answer.status != created && !named.empty()) {
        return named.back().second;
    }
    boost::json::error_code error;
    auto const body = boost::json::parse(answer.body, error);
    for (auto const* place : {"/id", "/data/id", "/app/id", "/profile/id"}) {
        boost::json::error_code missing;
        auto const* id = error ? nullptr : body.find_pointer(place, missing);
        if (id != nullptr && id->is_string()) {
            return std::string{id->get_string()};
        }
    }
    return named.empty() ? std::string{} : named.back().second;
}

// Before the answer goes out: what is not in the log must not be acknowledged.
runtime::task<http::response> answer_and_note(call of, route const& line) {
    auto answer = co_await line.run(of);
    if (line.audited.empty() || answer.status >= first_refusal) {
        co_return answer;
    }
    auto const written = co_await of.services().audit.record({.who = of.who,
                                                              .workspace = of.workspace(),
                                                              .remote_address = of.asked.remote_address(),
                                                              .request_id = of.asked.request_id,
                                                              .action = line.audited,
                                                              .target = target_of(of.asked, answer),
                                                              .status = answer.status});
    co_return written.has_error() ? of.refuse(written.error()) : std::move(answer);
}

runtime::task<http::response> run(context& with, dialect const& of, route const& line, http::request& asked) {
    auto const who =
        co_await services::admit(with.services.api_keys, of.presented_key(asked), line.needs, line.scope);
    if (who.has_error()) {
        co_return of.refuse({.what = services::refusal_of(who.error()),
                             .field = who.error().field,
                             .request_id = asked.request_id,
                             .path = asked.raw_path,
                             .scope = line.scope});
    }
    call const known{with, of, *who, asked};
    // One bucket a key, whichever API it is used with.
    if (with.limiter.on() && !who->key.is_nil()) {
        auto const standing = with.limiter.take(std::string{who->key.raw()}, runtime::steady_now());
        if (!standing.allowed) {
            auto refused = known.refuse(services::errc::rate_limit_exceeded);
            auto const wait = std::chrono::ceil<std::chrono::seconds>(standing.until_next);
            refused.set("Retry-After", std::to_string(wait.count()));
            co_return refused;
        }
    }
    co_return co_await answer_and_note(known, line);
}

bool is_below(std::string_view path, std::string_view mount) noexcept {
    return path.starts_with(mount) && (path.size() == mount.size() || path[mount.size()] == '/');
}

bool is_one_of(std::vector<std::string> const& hosts, std::string_view host) noexcept {
    return std::ranges::find(hosts, host) != hosts.end() ||
           std::ranges::find(hosts, host.substr(0, host.rfind(':'))) != hosts.end();
}

dialect const* asked_of(http::request const& asked, host_names const& hosts) noexcept {
    for (auto const* each : dialects) {
        auto const own = hosts.find(each->name);
        if (is_below(asked.raw_path, each->mount) ||
            (own != hosts.end() && is_one_of(own->second, asked.host))) {
            return each;
        }
    }
    return nullptr;
}

} // namespace

std::span<dialect const* const> all_dialects() noexcept {
    return dialects;
}

dialect const* find_dialect(std::string_view name) noexcept {
    auto const* const* found = std::ranges::find(dialects, name, &dialect::name);
    return found == std::end(dialects) ? nullptr : *found;
}

void add_routes(http::router& to, context& with) {
    for (auto const* of : dialects) {
        for (auto const& line : of->routes) {
            for (auto const base : of->bases) {
                // Not a coroutine itself: the router keeps it alive, and `run` gets what outlives the router.
                to.add(std::string{line.method}, std::string{of->mount}.append(base).append(line.pattern),
                       [&with, of, &line](http::request& asked) { return run(with, *of, line, asked); });
            }
        }
    }
}

void add_hosts(http::router& to, host_names const& hosts) {
    for (auto const& [name, own] : hosts) {
        for (auto const& host : own) {
            to.add_host(host, find_dialect(name)->mount);
        }
    }
}

std::optional<http::response> http_refusal(http::http_error const& error, host_names const& hosts) {
    auto const* of = error.cause == nullptr ? nullptr : asked_of(*error.cause, hosts);
    if (of == nullptr) {
        return std::nullopt;
    }
    return of->refuse({.what = {.status = http::status_of(error.kind),
                                .code = std::string{http::name_of(error.kind)},
                                .detail = error.detail},
                       .field = {},
                       .request_id = error.request_id,
                       .path = error.cause->raw_path});
}

parameter_list told(services::callback_answer const& ended) {
    // A dialect may mark its sessions behind a point.
    auto const* of = find_dialect(std::string_view{ended.dialect}.substr(0, ended.dialect.find('.')));
    return of == nullptr ? parameter_list{} : of->told(ended);
}

} // namespace connectd::server::dialects
