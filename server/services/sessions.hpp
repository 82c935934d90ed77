// Connect sessions: one attempt each to connect an account through a browser.
//
// Creating one stores it with its PKCE verifier and state sealed, and answers two URLs: our hosted page,
// which binds the browser, and the platform's own page for callers who show none of ours. The state is 256
// random bits; what is looked up is its SHA-256.
//
// One object per I/O thread; it holds references only, see services.hpp for what must outlive it.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "platforms/catalog.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/app_choice.hpp"
#include "server/services/branding.hpp"
#include "server/services/candidates.hpp"
#include "server/services/connect_claims.hpp"
#include "server/services/error.hpp"
#include "server/services/instance_apps.hpp"
#include "server/services/paging.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/sessions.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

// As the caller sent it; ids are checked here.
struct new_session {
    std::string platform;
    std::optional<std::string> profile_id;
    std::optional<std::string> return_url;
    std::optional<std::string> credentials_id;
    std::optional<std::vector<std::string>> scopes;
    std::optional<std::string> account_id; // reconnect this one
    std::string metadata;                  // JSON text, "" for none
    bool allow_quickstart = false;         // the operator's app, where the workspace has none of its own
    // page (the default), api, or of a dialect token: who is asked where a choice is due
    std::optional<std::string> choose;
    std::optional<std::string> instance{}; // the server, where the platform is many
    std::string dialect{};                 // whose API begins it; empty: the native one
    // That API's callback for the platform; empty: the native one, which it is for instances in any case,
    // where the app is registered with it.
    std::string redirect_uri{};
    std::optional<std::string> cancel_url{}; // for a consent that is declined
};

struct session_view {
    crypto::session_id id;
    std::string platform;
    std::string status; // pending, choosing, completed, failed, cancelled, expired
    crypto::profile_id profile;
    crypto::credentials_id credentials;
    bool quickstart = false;
    std::string instance; // the origin or issuer of the server, where the platform is many
    std::string url;
    std::optional<std::string>
        authorize_url; // only in the answer to the creation, and where a browser can go there
    std::string return_url;
    std::vector<std::string> scopes;
    std::string metadata;
    std::optional<crypto::account_id> account; // the first connected, or the one to reconnect
    std::vector<crypto::account_id> accounts;  // all that were connected
    std::string choose;                        // page, api or token
    std::vector<candidate_view> candidates;    // while choosing
    std::string error_code;
    std::string error_description;
    runtime::sys_ms created_at;
    runtime::sys_ms expires_at;
    std::optional<runtime::sys_ms> finished_at;
};

struct session_filter {
    std::optional<std::string> platform; // name or alias
    std::optional<std::string> status;   // as shown
    std::optional<std::string> profile_id;
};

// The two secrets of a session; sealed as one value.
struct session_secrets {
    crypto::secret state;
    crypto::secret verifier;
};

class sessions {
  public:
    sessions(storage::kv& store, vault& keys, platforms::catalog const& catalog, runtime::clock const& clock,
             settings const& chosen, platform_resolver& resolver, instance_apps& instances,
             connect_claims& claims) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          clock_{clock},
          settings_{chosen},
          resolver_{resolver},
          instances_{instances},
          claims_{claims} {}

    // Errors: platform_unknown, platform_not_available, profile_not_found, account_not_found,
    // credentials_not_found, credentials_missing, field_invalid (scopes, ids), return_url_refused.
    runtime::task<outcome<session_view>> create(crypto::workspace_id workspace, new_session input);

    // Errors: session_not_found, sealed_value_damaged (the candidates).
    runtime::task<outcome<session_view>> get(crypto::workspace_id workspace, std::string id);

    // Oldest first, without candidates. A page can be short, even empty, and still have a cursor. Errors:
    // field_invalid (a filter or the cursor).
    runtime::task<outcome<listing<session_view>>> list(crypto::workspace_id workspace, session_filter wanted,
                                                       page_request page);

    // What there is to choose from. Errors: session_not_found, session_not_choosing, session_used,
    // session_expired, sealed_value_damaged.
    runtime::task<outcome<std::vector<candidate_view>>> list_choices(crypto::workspace_id workspace,
                                                                     std::string id);

    // Ends a session that nobody has finished: its links lead nowhere any more. A grant that waited for a
    // choice is forgotten. One that was cancelled before stays as it is. Errors: session_not_found,
    // session_used (finished, or being finished at this moment), session_expired, changed_meanwhile.
    runtime::task<outcome<session_view>> cancel(crypto::workspace_id workspace, std::string id);

    // What the hosted page shows. Opening it binds a pending session to the browser, whose cookie is
    // `browser`: from then on only that browser can finish it. One that waits for a choice shows its
    // candidates to the browser it is bound to and to nobody else. Errors: session_not_found, session_used
    // (also when the choice is the program's), session_expired, state_foreign, credentials_missing,
    // changed_meanwhile, sealed_value_damaged.
    struct page_view {
        session_view session;
        std::string platform_title;
        std::string authorize_url; // "" while choosing, and for a platform that wants an app password
        page_brand brand{};
    };
    // What a link that carries the session's state is good for, in any browser and however the session
    // stands; it binds none. Errors: session_not_found (also for another state), credentials_missing.
    struct link_view {
        page_view page; // without candidates; `authorize_url` while the session waits for a consent
        crypto::workspace_id workspace;
    };
    runtime::task<outcome<link_view>> open_link(std::string id, crypto::secret state);

    // The state, for such a link; nothing once it is spent. Errors: session_not_found, sealed_value_damaged.
    runtime::task<outcome<std::optional<crypto::secret>>> link_state(crypto::workspace_id workspace,
                                                                     std::string id);

    // A new value for the cookie of a browser that has none.
    static crypto::secret new_browser();
    runtime::task<outcome<page_view>> open_page(std::string id, crypto::secret browser);

    // The session, pending or choosing, that is bound to this browser. Errors: session_not_found,
    // session_used, session_expired, state_foreign.
    runtime::task<outcome<storage::stored<storage::session>>> find_bound(std::string id,
                                                                         crypto::secret browser);

    // `row` must outlive the call.
    runtime::task<outcome<session_secrets>> open_secrets(storage::session const& row);

    session_view view(storage::session const& row) const; // without candidates

  private:
    runtime::task<outcome<storage::session>> prepare(crypto::workspace_id workspace, new_session const& input,
                                                     platforms::descriptor const& platform);
    runtime::task<outcome<void>> check_return(crypto::workspace_id workspace, std::string url);
    runtime::task<outcome<void>> choose_target(storage::session& row, platforms::descriptor const& platform,
                                               new_session const& input);
    runtime::task<outcome<shared_platform>> settle(storage::session& row, chosen_app const& app,
                                                   platforms::descriptor const& platform,
                                                   new_session const& input);
    runtime::task<outcome<void>> seal_secrets(storage::session& row, session_secrets const& secrets);
    runtime::task<outcome<storage::session>> find(crypto::workspace_id workspace, std::string id);
    runtime::task<outcome<storage::stored<storage::session>>> find_open(std::string id);
    runtime::task<outcome<page_view>> begin_page(storage::session const& row,
                                                 platforms::descriptor const& platform);
    runtime::task<outcome<void>> fill_page(page_view& page, storage::stored<storage::session> row,
                                           platforms::descriptor const& platform,
                                           crypto::secret const& browser);
    runtime::task<outcome<session_view>> view_choices(storage::session const& row);
    runtime::task<outcome<std::string>> page_authorize_url(storage::session const& row,
                                                           platforms::descriptor const& platform);
    runtime::task<outcome<void>> bind(storage::stored<storage::session> row, crypto::secret const& browser);
    std::string page_url(storage::session const& row) const;
    std::string authorize_url(platforms::descriptor const& platform, std::string_view client_id,
                              storage::session const& row, session_secrets const& secrets) const;

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    runtime::clock const& clock_;
    settings const& settings_;
    platform_resolver& resolver_;
    instance_apps& instances_;
    connect_claims& claims_;
};

} // namespace connectd::server::services
