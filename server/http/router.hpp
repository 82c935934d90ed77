#pragma once

// Method and path -> handler. Patterns are literal segments, `{name}` for exactly one non-empty segment, and
// a last
// `{name*}` for the rest of the path, slashes and escapes untouched:
//
//     routes.add("GET", "/v1/accounts/{id}", handler);
//     routes.add_any("/v1/accounts/{id}/proxy/{path*}", handler, bodies::streamed);
//
// A literal wins over `{name}`, which wins over `{name*}`. A path is cut at its slashes before escapes are
// decoded, so
// `%2F` inside an id stays in the id. `{name}` does not match "." and "..". A trailing slash makes another
// path.
//
// Filled at start, then only read. Each I/O thread has its own, as handlers hold that thread's objects; it
// outlives the listeners that use it.

#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/runtime/task.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::http {

using runtime::task;

// The request outlives the returned coroutine. What is captured outlives the router; the function itself
// should not be a capturing lambda coroutine (its captures would die with nothing to keep them) but call a
// named one.
using handler = std::function<task<response>(request&)>;

// How a handler gets the bodies of its requests: whole before it starts, and no larger than the limit allows,
// or as they come, of any size (request::read_body).
enum class bodies : bool { whole, streamed };

struct route {
    std::string method; // empty: any
    std::string pattern;
    handler run;
    std::size_t index; // 0, 1, 2, ... in the order of adding; for tables of metrics
    bodies taken;
};

class router {
  public:
    router();
    router(router&&) noexcept;
    router& operator=(router&&) noexcept;
    ~router();

    // Throws std::invalid_argument for a malformed pattern, a parameter name used twice, or a method and
    // pattern already taken. GET answers HEAD as well, unless HEAD has a handler of its own.
    void add(std::string method, std::string_view pattern, handler run, bodies taken = bodies::whole);
    void add_any(std::string_view pattern, handler run, bodies taken = bodies::whole);

    // Requests for this host find their routes below `prefix` and nowhere else: for a host "a.example" and
    // "/a", GET /b there is GET /a/b here. `host` is in lower case, and without a port means any.
    // Throws std::invalid_argument for a prefix that no pattern begins with.
    void add_host(std::string host, std::string_view prefix);

    // Asked for requests to other hosts: below which prefix they find their routes and nowhere else; empty
    // for all patterns. Requires of what it names: a pattern begins with it.
    using prefix_choice = std::string_view (*)(request const& asked);
    void choose_prefix(prefix_choice choice) noexcept { choice_ = choice; }

    struct lookup {
        route const* found = nullptr;
        std::vector<std::string> allow{}; // when nothing was found: the methods this path does have
        bool malformed = false;           // a segment does not decode
    };

    // Reads method, host and raw_path; sets path_parameters and route when found. Throws nothing but
    // std::bad_alloc.
    lookup find(request& asked) const;

    std::deque<route> const& routes() const noexcept { return routes_; }

  private:
    struct node;
    struct search;

    void insert(std::string method, std::string_view pattern, handler run, bodies taken);
    node const* below(std::string_view prefix) const;
    node const& root_for(request const& asked) const;

    std::map<std::string, node const*, std::less<>> hosts_;
    std::deque<route> routes_; // pointers into it stay valid
    std::unique_ptr<node> root_;
    prefix_choice choice_ = nullptr;
};

} // namespace connectd::server::http
