// A small strict authorization server that describes itself: OpenID Connect Discovery, the code flow with
// PKCE, rotation of refresh tokens, userinfo and revocation. It refuses what RFC 6749, 6750 and 7636 let it
// refuse, and is written from these, not from connectd.
#pragma once

#include "tests/server/pretend_server.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace connectd::tests {

class pretend_issuer {
  public:
    // What only survives Basic when it was form-encoded first (RFC 6749 section 2.3.1).
    static constexpr std::string_view client_id = "an:app";
    static constexpr std::string_view client_secret = "a secret+100%";
    static constexpr std::string_view metadata_path = "GET /.well-known/openid-configuration";

    // The only redirect URI that is registered.
    explicit pretend_issuer(std::string redirect_uri);

    std::string name() const { return server_.url(""); }
    pretend_server& server() noexcept { return server_; }
    // The metadata with members added or replaced.
    void describe(boost::json::object const& changed);

    // What a person does at the authorization endpoint: the query of the callback without `iss`, or a
    // sentence about what is wrong with the request.
    std::string consent(std::string_view authorize_url);

  private:
    struct grant {
        std::string redirect_uri;
        std::string challenge;
    };

    std::string token(std::string const& request);
    std::string give(); // a pair of tokens
    std::string userinfo(std::string const& request) const;
    std::string revoke(std::string const& request);

    std::string redirect_uri_;
    mutable std::mutex guard_;
    std::map<std::string, grant> codes_; // guarded by guard_, as what follows
    std::set<std::string> living_;       // access tokens
    std::set<std::string> refreshes_;    // refresh tokens
    unsigned count_ = 0;
    pretend_server server_; // last: its threads use the rest
};

} // namespace connectd::tests
