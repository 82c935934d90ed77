// The token endpoints that Instagram and Threads share: a code gives a token of an hour, that one becomes a
// long one, and a long one renews itself. The first answers errors in a flat shape of its own, the others in
// the Graph envelope.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/gate.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <string_view>

namespace connectd::sandbox::graph {

struct extending_rules {
    std::string_view exchange_grant; // ig_exchange_token
    std::string_view refresh_grant;  // ig_refresh_token
    bool query_taken = false;        // a code comes in a query, too
    // With it on, a wrong secret is answered in the Graph envelope. Empty: there is no such switch.
    std::string_view graph_secret_switch{};
    std::function<boost::json::object(oauth::tokens const& issued, oauth::app const& client,
                                      person const& who)>
        code_reply;
    // Whether answers with a long token list the permissions.
    std::function<std::string(oauth::scope_set granted)> permissions = [](oauth::scope_set) { return ""; };
};

class extending_tokens {
  public:
    // Requires: all references outlive this object.
    extending_tokens(extending_rules rules, oauth::apps const& registered, oauth::grants& issued,
                     people const& persons, gate& door, switches const& how);

    // POST /oauth/access_token, with the secret in the body.
    reply token(call const& request, sys_ms now);
    // GET /access_token and GET /refresh_access_token.
    reply exchange(call const& request, sys_ms now);
    reply refresh(call const& request, sys_ms now);

  private:
    reply wrong_secret() const;
    reply unsupported(std::string_view method) const;
    // The caller of a GET with that grant type and a token, or why there is none.
    std::variant<caller, reply> asking(call const& request, form const& parameters, std::string_view grant,
                                       std::string_view endpoint, sys_ms now);
    reply answer(oauth::token_outcome const& got, sys_ms now) const;

    extending_rules const rules_;
    oauth::apps const& apps_;
    oauth::grants& grants_;
    people const& people_;
    gate& gate_;
    switches const& switches_;
};

// {"error_type":"OAuthException","code":400,"error_message":...}
reply flat_error(unsigned status, std::string_view message);

} // namespace connectd::sandbox::graph
