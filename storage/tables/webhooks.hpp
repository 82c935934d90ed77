// Webhook endpoints of a workspace, how far each of them has got in the workspace's log of events, and what
// became of every event that was sent to it.
//
// An event in the log behind an endpoint's place is a delivery that is owed: it is there with the commit of
// the event itself, and goes with the commit that moves the place past it.
#pragma once

#include "storage/tables/events.hpp"
#include "storage/tables/table.hpp"

namespace connectd::storage {

enum class webhook_status : std::uint8_t {
    active = 1,
    paused = 2,   // by its owner
    disabled = 3, // by us: it was gone, or failed for too long
};
BOOST_DESCRIBE_ENUM(webhook_status, active, paused, disabled)

struct webhook {
    crypto::webhook_id id;
    crypto::workspace_id workspace;
    std::string url;
    std::string description;
    std::vector<std::string> types; // of events, in the words of the form; none: all of them
    crypto::sealed secret;
    crypto::sealed previous_secret; // signs too, until `previous_until`
    std::optional<sys_ms> previous_until;
    webhook_status status = webhook_status::active;
    std::string status_cause;
    sys_ms created_at{};
    sys_ms updated_at{};
    std::string form = "native"; // in which it gets them: that of the dialect that made it; never changes
    std::optional<crypto::profile_id> profile{}; // events about its accounts only
    std::string secret_hint{};                   // how the secret begins

    bool operator==(webhook const&) const = default;
};
BOOST_DESCRIBE_STRUCT(webhook, (),
                      (id, workspace, url, description, types, secret, previous_secret, previous_until,
                       status, status_cause, created_at, updated_at, form, profile, secret_hint))

class webhooks : public table<webhooks, webhook> {
  public:
    static constexpr family where = family::webhooks;

    static std::string key(crypto::workspace_id workspace, crypto::webhook_id id);
    static std::string key(webhook const& record) { return key(record.workspace, record.id); }
    static std::vector<index_row> indexes(webhook const&) { return {}; }

    static task<result<std::optional<stored<webhook>>>> get(kv& store, crypto::workspace_id workspace,
                                                            crypto::webhook_id id);

    // The endpoints of one workspace, oldest first.
    static task<result<listing<webhook>>> list(kv& store, crypto::workspace_id workspace,
                                               std::optional<std::string> cursor, std::size_t limit);

    // The first workspace behind `after`, or of all, that has or had endpoints.
    static task<result<std::optional<crypto::workspace_id>>>
    next_workspace(kv& store, std::optional<crypto::workspace_id> after);
};

// Changes with every attempt, while the endpoint itself changes by its owner's hand.
struct webhook_lane {
    crypto::webhook_id webhook;
    crypto::workspace_id workspace;
    event_place place;          // everything up to here is done with
    std::uint32_t failures = 0; // in a row
    std::optional<sys_ms> failing_since;
    std::optional<sys_ms> next_attempt_at;

    bool operator==(webhook_lane const&) const = default;
};
BOOST_DESCRIBE_STRUCT(webhook_lane, (), (webhook, workspace, place, failures, failing_since, next_attempt_at))

class webhook_lanes : public table<webhook_lanes, webhook_lane> {
  public:
    static constexpr family where = family::webhooks;

    static std::string key(crypto::workspace_id workspace, crypto::webhook_id id);
    static std::string key(webhook_lane const& record) { return key(record.workspace, record.webhook); }
    static std::vector<index_row> indexes(webhook_lane const&) { return {}; }

    static task<result<std::optional<stored<webhook_lane>>>> get(kv& store, crypto::workspace_id workspace,
                                                                 crypto::webhook_id id);
};

enum class delivery_status : std::uint8_t {
    queued = 1,   // asked for once more
    retrying = 2, // the endpoint's next one, after attempts that failed
    delivered = 3,
    failed = 4, // given up
};
BOOST_DESCRIBE_ENUM(delivery_status, queued, retrying, delivered, failed)

struct delivery {
    crypto::webhook_id webhook;
    crypto::workspace_id workspace;
    crypto::event_id event;
    std::string type;
    delivery_status status = delivery_status::queued;
    std::uint32_t attempts = 0;
    std::uint32_t http_status = 0; // of the last answer; 0 where none came
    std::string error;             // of the last attempt, in our own words
    sys_ms created_at{};
    std::optional<sys_ms> last_attempt_at;
    std::optional<sys_ms> next_attempt_at;

    bool operator==(delivery const&) const = default;
};
BOOST_DESCRIBE_STRUCT(delivery, (),
                      (webhook, workspace, event, type, status, attempts, http_status, error, created_at,
                       last_attempt_at, next_attempt_at))

// At most one a pair of endpoint and event, from its first attempt on; queued ones have an index row.
class deliveries : public table<deliveries, delivery> {
  public:
    static constexpr family where = family::webhooks;

    static std::string key(crypto::workspace_id workspace, crypto::webhook_id webhook,
                           crypto::event_id event);
    static std::string key(delivery const& record) {
        return key(record.workspace, record.webhook, record.event);
    }
    static std::vector<index_row> indexes(delivery const& record);

    static task<result<std::optional<stored<delivery>>>>
    get(kv& store, crypto::workspace_id workspace, crypto::webhook_id webhook, crypto::event_id event);

    // Those of one endpoint, latest event first.
    static task<result<listing<stored<delivery>>>> list_latest(kv& store, crypto::workspace_id workspace,
                                                               crypto::webhook_id webhook,
                                                               std::optional<std::string> cursor,
                                                               std::size_t limit);
    // The same, oldest event first.
    static task<result<listing<stored<delivery>>>> list_oldest(kv& store, crypto::workspace_id workspace,
                                                               crypto::webhook_id webhook,
                                                               std::optional<std::string> cursor,
                                                               std::size_t limit);
    static task<result<std::optional<stored<delivery>>>>
    first_queued(kv& store, crypto::workspace_id workspace, crypto::webhook_id webhook);

    // The first endpoint of the workspace behind `after`, or of all, that has deliveries, whether or not it
    // still exists.
    static task<result<std::optional<crypto::webhook_id>>>
    next_webhook(kv& store, crypto::workspace_id workspace, std::optional<crypto::webhook_id> after);
};

} // namespace connectd::storage
