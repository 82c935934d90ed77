// What a client does at a Mastodon instance with a token: who it belongs to, posting, and what the instance
// says of itself (documentation of July 2026).
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/posts.hpp"
#include "tools/sandbox/rate_limits.hpp"
#include "tools/sandbox/switches.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

namespace connectd::sandbox::mastodon {

class api {
  public:
    struct parts {
        people const& persons;
        oauth::apps const& registered;
        oauth::grants const& issued;
        journal& events;
        posts& written;
        rate_limits& limits;
        sandbox::switches const& told;
        std::string url;
    };
    // Requires: what `made_of` refers to outlives this object.
    explicit api(parts made_of) : of_{std::move(made_of)} {}

    reply verify_credentials(call const& request, sys_ms now);
    reply userinfo(call const& request, sys_ms now);
    reply post_status(call const& request, sys_ms now);
    // Without a token.
    reply metadata() const;
    reply instance() const;
    reply avatar(call const& request) const;
    // Forgets the keys of posts that must not come twice.
    void reset();

  private:
    using admitted = std::variant<oauth::access, reply>;
    admitted admit(call const& request, sys_ms now) const;
    boost::json::object account(person const& who) const;
    reply publish(oauth::access const& by, form const& body, sys_ms now);
    std::optional<std::string> posted_before(std::string const& key, sys_ms now);
    void remember(std::string key, std::string body, sys_ms now);

    parts const of_;
    std::mutex mutex_;
    struct answered {
        std::string body;
        sys_ms at;
    };
    std::map<std::string, answered> by_key_; // Idempotency-Key, of the token that sent it
};

} // namespace connectd::sandbox::mastodon
