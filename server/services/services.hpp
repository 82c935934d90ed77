// The domain, one object an I/O thread: every noun's service over the shared store, vault, catalog and clock.
//
// Object lifetimes: the composition root owns what `shared` names and each thread's HTTP client and task
// group; all of it outlives the services, and the group is joined before they go.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/keyed_turns.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/account_tokens.hpp"
#include "server/services/accounts.hpp"
#include "server/services/api_keys.hpp"
#include "server/services/audit.hpp"
#include "server/services/choices.hpp"
#include "server/services/code_exchange.hpp"
#include "server/services/connect.hpp"
#include "server/services/connect_claims.hpp"
#include "server/services/credentials.hpp"
#include "server/services/disconnects.hpp"
#include "server/services/discovery_cache.hpp"
#include "server/services/event_bell.hpp"
#include "server/services/events.hpp"
#include "server/services/idempotency.hpp"
#include "server/services/instance_apps.hpp"
#include "server/services/logins.hpp"
#include "server/services/plans.hpp"
#include "server/services/platform_list.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/profiles.hpp"
#include "server/services/proxy/forwarder.hpp"
#include "server/services/proxy/pauses.hpp"
#include "server/services/reconnects.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/sessions.hpp"
#include "server/services/settings.hpp"
#include "server/services/timeline.hpp"
#include "server/services/token_import.hpp"
#include "server/services/vault.hpp"
#include "server/services/webhooks/delivery_log.hpp"
#include "server/services/webhooks/endpoints.hpp"
#include "server/services/webhooks/form.hpp"
#include "server/services/webhooks/tester.hpp"
#include "server/services/workspaces.hpp"
#include "storage/kv.hpp"

namespace connectd::server::services {

// One a process; every member may be used from all threads.
struct shared {
    storage::kv& store;
    services::vault& vault;
    platforms::catalog const& catalog;
    runtime::clock const& clock;
    services::settings const& settings;
    connect_claims& claims;
    api_key_revision& key_revision;
    refresh::desk& refreshes;
    event_bell const& bell;
    discovery_cache& discoveries;
    runtime::keyed_turns& registrations;
    services::proxy::pauses& pauses;
    runtime::keyed_turns& audit_turns;
    services::idempotency_claims& idempotency;
    webhooks::forms const& forms;
    webhooks::tester& webhook_tests;
};

struct all {
    all(shared const& common, platforms::http::client& client, runtime::task_group& tasks)
        : resolver{common.discoveries, client, common.clock, common.settings},
          instances{common.store, common.vault, client, common.clock, common.settings, common.registrations},
          plans{common.store, common.settings},
          idempotency{common.store, common.vault, common.clock, common.idempotency},
          workspaces{common.store, common.vault, common.clock, common.settings, common.key_revision},
          audit{common.store, common.clock, common.audit_turns, tasks},
          api_keys{common.store, common.clock, common.key_revision, &tasks},
          credentials{common.store, common.vault, common.catalog, common.clock, common.settings, resolver},
          platforms{common.store, common.catalog, common.settings},
          profiles{common.store, common.clock},
          events{common.store},
          timeline{common.store},
          webhook_endpoints{common.store,    common.vault, common.clock,
                            common.settings, common.bell,  common.forms},
          webhook_deliveries{common.store, common.clock, common.bell},
          webhook_tests{common.webhook_tests},
          sessions{common.store,    common.vault, common.catalog, common.clock,
                   common.settings, resolver,     instances,      common.claims},
          reconnects{common.store, common.catalog, common.settings, sessions},
          accounts{common.store, common.catalog, common.clock},
          disconnects{common.store,    common.vault,     common.catalog, client,  common.clock,
                      common.settings, common.refreshes, tasks,          resolver},
          token_import{common.store,    common.vault,     common.catalog, client,   common.clock,
                       common.settings, common.refreshes, resolver,       instances},
          code_exchange{common.store,    common.vault,     common.catalog, client,   common.clock,
                        common.settings, common.refreshes, tasks,          resolver, instances},
          account_tokens{common.store, common.vault,    common.catalog,   client,
                         common.clock, common.settings, common.refreshes, resolver},
          proxy{common.store, account_tokens, client, common.clock, common.settings, common.pauses, tasks},
          connect{common.store, common.vault,  common.catalog,   client, common.clock, common.settings,
                  sessions,     common.claims, common.refreshes, tasks,  resolver,     instances},
          choices{common.store, common.vault,  common.catalog,   common.clock, common.settings,
                  sessions,     common.claims, common.refreshes, tasks},
          logins{common.store,    common.vault, common.catalog, client,           common.clock,
                 common.settings, sessions,     common.claims,  common.refreshes, tasks} {}
    all(all const&) = delete;
    all& operator=(all const&) = delete;

    // First: what the others use.
    platform_resolver resolver;
    instance_apps instances;
    services::plans plans;
    services::idempotency idempotency;
    services::workspaces workspaces;
    services::audit audit;
    services::api_keys api_keys;
    services::credentials credentials;
    services::platform_list platforms;
    services::profiles profiles;
    services::events events;
    services::timeline timeline;
    webhooks::endpoints webhook_endpoints;
    webhooks::delivery_log webhook_deliveries;
    webhooks::tester& webhook_tests; // of all threads
    services::sessions sessions;
    services::reconnects reconnects;
    services::accounts accounts;
    services::disconnects disconnects;
    services::token_import token_import;
    services::code_exchange code_exchange;
    services::account_tokens account_tokens;
    services::proxy::forwarder proxy;
    services::connect connect;
    services::choices choices;
    services::logins logins;
};

} // namespace connectd::server::services
