// One refresh of one account, from reading its rows to writing what came of it.
//
// A refresh token may be good for one use. So the mark that it is being spent is on disk before the platform
// is asked, and what the platform gave is on disk before anybody is told. What is cut off in between, by a
// crash or by an answer that never comes, is found by its mark and tried again: a platform that did not see
// the first attempt, or forgives a second one for a while, answers as if nothing had been; one that refuses
// the token then has ended the grant, and that is said with its cause.
//
// At most `at_once` of a lane (a platform, or one of its servers) are under way, whoever wants them; the
// others wait for their turn before anything is written.
//
// Belongs to the thread of its client; holds references only.
#pragma once

#include "platforms/connector.hpp"
#include "server/runtime/keyed_turns.hpp"
#include "server/services/grants.hpp"
#include "server/services/refresh/preparation.hpp"
#include "server/services/settings.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace connectd::server::services::refresh {

class spender {
  public:
    spender(storage::kv& store, vault& keys, platforms::catalog const& catalog,
            platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
            platform_resolver& resolver, std::size_t at_once)
        : store_{store},
          keys_{keys},
          connector_{client},
          clock_{clock},
          settings_{chosen},
          grants_{store, keys, catalog, client, clock, chosen, resolver},
          apps_{store, clock},
          preparation_{store, keys, catalog, clock, chosen, apps_, resolver},
          turns_{std::make_shared<runtime::keyed_turns>(at_once)} {}
    spender(spender const&) = delete;
    spender& operator=(spender const&) = delete;

    // Requires: no other one runs for the account; see refresher.hpp.
    runtime::task<report> run(order what);

  private:
    using mark = std::optional<runtime::sys_ms>; // of a token that may be spent

    runtime::task<report> spend(prepared with, mark before);
    runtime::task<report> keep(prepared const& with, platforms::token_set fresh);
    runtime::task<void> give_back(storage::account const& row, platforms::token_set fresh);
    runtime::task<report> bury(prepared const& with, platforms::failure const& why, mark before);
    runtime::task<report> put_off(prepared const& with, platforms::failure const& why, mark before);
    setback judge(prepared const& with, platforms::failure const& why, mark before) const;

    // Writes the change and reports the account as it is then. Where the token has moved on meanwhile nothing
    // is written, and what is there now is what counts.
    runtime::task<report> settle(stored_rows held, std::function<change(rows)> make, result how, failure why);

    storage::kv& store_;
    vault& keys_;
    platforms::connector connector_;
    runtime::clock const& clock_;
    settings const& settings_;
    grants grants_;
    app_health apps_;
    preparation preparation_;
    // By lane. Shared with the refreshes: those that a shutdown cuts off go with the event loop, after this
    // object.
    std::shared_ptr<runtime::keyed_turns> turns_;
};

} // namespace connectd::server::services::refresh
