// From a platform's callback to a connected account.
//
// `callback` finds the session by its state, claims it, and completes it as a task of the service: a browser
// that goes away in the middle cannot leave a spent code without an account. What ends a session (an account,
// a refusal, a denied consent) is one batch, and so is the step to choosing where the consent reaches several
// accounts; what cannot be decided here and now (a store that takes no writes) leaves the session as it was.
//
// One object per I/O thread, on whose context it runs. The references given to it must outlive it and its
// task group.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/connector.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/account_commit.hpp"
#include "server/services/accounts.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/connect_claims.hpp"
#include "server/services/error.hpp"
#include "server/services/instance_apps.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/session_steps.hpp"
#include "server/services/sessions.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

// The callback's query as the platform sent it; empty where it sent nothing.
struct callback_query {
    std::string platform; // from the path
    crypto::secret state;
    crypto::secret code;
    std::string error;
    std::optional<std::string> issuer;               // RFC 9207
    std::optional<crypto::secret> browser;           // the cookie of the hosted page
    std::optional<crypto::workspace_id> workspace{}; // of a program: only a session of its own
};

// Somebody has to choose what to connect.
struct choice_due {
    // Set: the end user on our page, for which the browser's cookie is this from now on, or whoever gets this
    // as a token. Not set: the customer's program.
    std::optional<crypto::secret> browser;
};

// How a session went on: exactly one of connected, waiting and failed. `return_url` is empty where the
// session named none; the caller then shows a page.
struct callback_answer {
    crypto::workspace_id workspace;
    crypto::session_id session;
    std::string platform;
    std::string platform_title;
    std::string return_url;
    std::string cancel_url;             // where a declined consent leads; empty: to return_url
    std::string dialect;                // of the session
    std::vector<account_view> accounts; // empty unless connected
    std::optional<choice_due> waiting;
    std::optional<failure> why;
};

class connect {
  public:
    connect(storage::kv& store, vault& keys, platforms::catalog const& catalog,
            platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
            sessions& attempts, connect_claims& claims, refresh::desk& refreshes, runtime::task_group& tasks,
            platform_resolver& resolver, instance_apps& instances) noexcept;

    // The answer is an error only where no session was ended by it: state_missing, state_unknown,
    // state_foreign, session_used, session_expired, platform_unknown, and errors of the store.
    runtime::task<outcome<callback_answer>> callback(callback_query query);

  private:
    struct attempt {
        held_session session;
        shared_platform platform; // of the catalog, then as it is for this session
        storage::session const& row() const noexcept { return session.row.record; }
    };

    runtime::task<outcome<attempt>> claim_session(callback_query const& query);
    runtime::task<outcome<callback_answer>> complete(attempt owned, callback_query query);
    static std::optional<failure> check_consent(platforms::descriptor const& platform,
                                                callback_query const& query);
    runtime::task<outcome<platforms::connected>> exchange(attempt const& owned, opened_app const& app,
                                                          crypto::secret code);
    runtime::task<std::optional<failure>> forget_app(storage::session const& session,
                                                     platforms::descriptor const& platform,
                                                     platforms::failure const& why);
    runtime::task<outcome<std::optional<new_account>>> choose_now(attempt const& owned,
                                                                  platforms::connected& granted);
    runtime::task<outcome<callback_answer>> connect_now(attempt owned, new_account account,
                                                        std::string grant_owner);
    runtime::task<outcome<callback_answer>> wait_for_choice(attempt owned, platforms::connected granted,
                                                            std::optional<crypto::secret> browser);
    runtime::task<outcome<callback_answer>> give_up(attempt owned, failure why);
    static callback_answer answer(attempt const& owned);

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    platforms::connector connector_;
    runtime::clock const& clock_;
    settings const& settings_;
    sessions& sessions_;
    connect_claims& claims_;
    runtime::task_group& tasks_;
    platform_resolver& resolver_;
    instance_apps& instances_;
    account_commit commit_;
};

} // namespace connectd::server::services
