// Sends an endpoint a test event at once, beside whatever else it is to get, and waits for the answer. Other
// services' customers know their tests like that; ours are queued (delivery_log).
//
// One a process, made before the threads and outlives them. The background thread, whose connections lead to
// webhooks, opens it before any other runs; then every function may be called from every thread. Holds
// references only.
#pragma once

#include "crypto/id.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "server/services/webhooks/form.hpp"
#include "server/services/webhooks/message.hpp"
#include "storage/kv.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace connectd::server::services::webhooks {

class tester {
  public:
    static constexpr std::chrono::seconds timeout{10};

    tester(storage::kv& store, vault& keys, runtime::clock const& clock, settings const& chosen,
           forms const& known) noexcept
        : store_{store}, keys_{keys}, clock_{clock}, settings_{chosen}, forms_{known} {}
    tester(tester const&) = delete;
    tester& operator=(tester const&) = delete;

    struct backing {
        platforms::http::client& client; // of the background thread
        runtime::task_group& tasks;      // its
    };
    void open(backing by) { backing_.emplace(by); }

    // What to send: the name of an event, webhook.test or another, and its data.
    struct sample {
        std::string word;
        boost::json::object data;
    };
    struct report {
        std::string delivery; // as the notice names it
        std::string body;     // that was sent
        verdict came;
        std::chrono::milliseconds took{};
    };

    // Of an endpoint that may be off; is in its log of deliveries afterwards. Errors: webhook_not_found,
    // field_invalid (a word that the form does not know). Throws runtime::errc::stopped (as system_error)
    // during the shutdown. Requires: open.
    runtime::task<outcome<report>> test(crypto::workspace_id workspace, std::string webhook,
                                        std::optional<sample> what = {});

    // To where no endpoint leads yet, signed with a secret that nobody knows. Errors: feature_not_in_plan,
    // field_invalid. Otherwise as above. Requires: a form that there is.
    runtime::task<outcome<report>> test_url(crypto::workspace_id workspace, std::string url,
                                            std::string form_name);

  private:
    runtime::task<report> send(platforms::http::request request, std::string delivery);
    runtime::task<verdict> reach(platforms::http::request request);

    storage::kv& store_;
    vault& keys_;
    runtime::clock const& clock_;
    settings const& settings_;
    forms const& forms_;
    std::optional<backing> backing_;
};

} // namespace connectd::server::services::webhooks
