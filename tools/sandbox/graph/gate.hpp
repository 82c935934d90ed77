// The door of a Graph API: reads a call, finds out who makes it, and turns away whom the platform would turn
// away before it looks at what they want: no token, a dead one, a missing appsecret_proof, a scripted
// trouble, too many calls.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/graph/error.hpp"
#include "tools/sandbox/graph/troubles.hpp"
#include "tools/sandbox/graph/usage.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/switches.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace connectd::sandbox::graph {

// The flag of an app whose calls must carry an appsecret_proof.
constexpr std::string_view proof_flag = "require_app_secret";

// With it on, dead tokens are answered 401 instead of 400.
constexpr std::string_view dead_token_switch = "dead_token_401";

// One call to the API.
struct graph_call {
    call const& request;
    std::string_view endpoint; // as the personality names it
    form parameters;
    std::vector<std::string> path; // its segments behind the version
    sys_ms now;

    std::string_view node() const { return path.empty() ? std::string_view{} : path.front(); }
    std::string_view edge() const { return path.size() < 2 ? std::string_view{} : path[1]; }
    bool is(std::string_view method) const noexcept { return request.method == method; }
};

// The segments of a path, decoded; empty ones are left out.
std::vector<std::string> segments(std::string_view path);

// Who makes a call.
struct caller {
    std::string token;
    oauth::access allowed;
    std::shared_ptr<oauth::app const> client;
    std::shared_ptr<person const> who;
    std::vector<std::pair<std::string, std::string>> usage_headers{};
};

struct gate_parts {
    people const& persons;
    oauth::apps const& registered;
    oauth::grants const& issued;
    rate_limits& limits;
    switches const& how;
    // The type of errors about objects and methods: GraphMethodException, IGApiException, THApiException.
    std::string_view method_exception;
    std::string_view use_case; // of calls for a page or an account: "pages", "instagram"
    // The account that a person's own token counts against; null: such calls count against the app.
    std::string (*account_of)(person const& who) = nullptr;
};

class gate {
  public:
    // Requires: all references outlive this object.
    explicit gate(gate_parts parts) : parts_{parts} {}

    std::variant<caller, reply> admit(graph_call const& asked);

    // The same for an endpoint that has read the token itself and knows no object.
    std::variant<caller, reply> admit_token(std::string_view token, std::string_view endpoint, sys_ms now);

    // The trouble of a call without a token, if there is one.
    std::optional<graph_error> trouble_without_token(std::string_view endpoint) {
        return troubles_.strike({}, {}, endpoint);
    }

    // An error as it goes out: the status of one that tells of a dead token is a matter of taste.
    reply refuse(graph_error error) const;
    // That of a token that `inspect` refused.
    reply dead(oauth::refusal why, sys_ms now) const;
    reply unsupported(graph_call const& asked) const;

    troubles& scripted() noexcept { return troubles_; }
    std::string_view method_exception() const noexcept { return parts_.method_exception; }

  private:
    std::variant<caller, reply> find(std::string_view token, sys_ms now) const;
    std::optional<graph_error> unproven(caller const& by, form const& parameters) const;

    gate_parts const parts_;
    troubles troubles_;
};

// The token of a call: a parameter, or the Authorization header.
std::string access_token_of(form const& parameters, call const& request);

// What a dead token is told.
graph_error dead_token(oauth::refusal why, sys_ms now);

} // namespace connectd::sandbox::graph
