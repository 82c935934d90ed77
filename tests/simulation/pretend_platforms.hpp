// The platforms as they really are, in small: who has granted what, which refresh token is the newest, what
// is accepted and what ends a grant. They are told what arrives and answer; delays and losses are the
// network's, see universe.hpp.
//
// Pure, time is an argument and always the true one. One thread.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/http/message.hpp"
#include "server/runtime/clock.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::simulation {

using server::runtime::sys_ms;

// A token as it is on the wire: "r.<person>.<consent>.<number>".
struct token_name {
    std::size_t person = 0;
    unsigned consent = 0;
    unsigned number = 0;

    bool operator==(token_name const&) const = default;
    auto operator<=>(token_name const&) const = default;
};
std::string write_token(char kind, token_name const& name);
std::optional<token_name> read_token(std::string_view text);

// What a person has granted, by the newest consent, which ends the one before.
struct grant {
    std::size_t platform = 0; // place in `all_rules`
    unsigned consent = 0;     // counts them; 0: never
    unsigned number = 0;      // of the newest token
    sys_ms issued_at{};       // when that one was
    sys_ms access_ends{};
    std::string dead{}; // why, empty while it lives
    sys_ms dead_since{};
};

struct rules {
    std::string_view name;
    platforms::refresh_model model{};
    std::chrono::seconds access{};      // how long an access token lives
    std::chrono::seconds lead{};        // what the descriptor says
    std::chrono::seconds grace{};       // a spent token is accepted for so long
    std::chrono::seconds minimum_age{}; // younger tokens are not extended
};
extern std::vector<rules> const all_rules;

// The descriptors that say the same to the program.
platforms::catalog make_catalog();

class pretend_platforms {
  public:
    // The person consents, again maybe.
    token_name consent(std::size_t person, std::size_t platform, sys_ms now);
    void revoke(std::size_t person, sys_ms now);
    grant const& of(std::size_t person) const { return grants_.at(person); }
    rules const& rules_of(std::size_t person) const { return all_rules[of(person).platform]; }
    std::size_t people() const noexcept { return grants_.size(); }

    bool accepts(token_name const& held) const {
        auto const& mine = of(held.person);
        return mine.dead.empty() && mine.consent == held.consent;
    }

    // The token that a refresh brings; nothing for a request that is none.
    static std::optional<token_name> token_in(platforms::http::request const& what);
    // Acts on a refresh and answers.
    platforms::http::response receive(token_name const& spent, sys_ms now);

  private:
    void end(grant& what, std::string why, sys_ms now);
    platforms::http::response give(grant const& of, std::size_t person, sys_ms now);

    std::vector<grant> grants_;
};

} // namespace connectd::simulation
