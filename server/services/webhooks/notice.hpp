// What an endpoint is told of one event, before its form puts it into words.
#pragma once

#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "storage/kv.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/webhooks.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace connectd::server::services::webhooks {

struct notice {
    std::string id; // of the event, and webhook-id
    std::string endpoint;
    std::string workspace;
    std::string type;           // ours
    std::string word;           // the form's
    boost::json::object data{}; // as the log has it; of a test what is to be sent
    runtime::sys_ms happened_at{};

    // Of the account and its profile as they are now, for forms that tell it; empty when they are gone.
    std::string display_name{};
    std::string metadata{};    // JSON text
    std::string external_id{}; // of the profile
    bool of_default_profile = false;

    bool is_test() const noexcept;
    // Names this delivery among all: an event may go to several endpoints.
    std::string delivery() const { return endpoint + "." + id; }
    // A text of the data; "" where it has none of that name.
    std::string_view text(std::string_view name) const;
};

// The data of a webhook.test event: the endpoint's id, or what is to be sent in place of it, by the name of
// another event.
std::string test_data(crypto::webhook_id endpoint, std::string_view word, boost::json::object const& data);

// Whether the event is about what the endpoint is bound to. Pure.
bool concerns(storage::webhook const& endpoint, storage::event const& what);

// The notice of an event for which the endpoint's form has this word; `tells_account`: with what is known of
// the account beside the event. Everything outlives the call. Errors: the store's.
runtime::task<outcome<notice>> read_notice(storage::kv& store, storage::webhook endpoint, storage::event what,
                                           std::string_view word, bool tells_account);

} // namespace connectd::server::services::webhooks
