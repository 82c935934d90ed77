// Calls an account's platform for a caller who never sees the token.
//
// The token is opened, renewed when its time is over, and put into the call. A platform that says that the
// token is dead (the descriptor tells how) is asked once more with a newer one, where the caller's body is
// small enough to be kept for that; all who meet the same dead token share one refresh. One that was renewed
// within the last minute is not renewed again: the platform's own answer is passed on. Bodies are passed on
// as they come.
//
// One object an I/O thread; holds references only, see services.hpp.
#pragma once

#include "platforms/http/client.hpp"
#include "platforms/http/stream.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/account_tokens.hpp"
#include "server/services/error.hpp"
#include "server/services/proxy/pauses.hpp"
#include "server/services/settings.hpp"
#include "storage/kv.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace connectd::server::services::proxy {

using platforms::http::body_reader;
using platforms::http::header_list;

struct call {
    std::string method;
    std::string path;  // behind the route, as it came
    std::string query; // without the question mark, as it came
    header_list headers;
    body_reader body;                    // empty: none
    std::optional<std::uint64_t> length; // of the body, where it was announced
    runtime::steady_time deadline;
    std::string request_id; // for the audit
};

struct answer {
    unsigned status = 0;
    header_list headers;
    std::optional<std::uint64_t> length;
    body_reader body;
};

// Why a call got no answer of the platform's.
struct refusal {
    failure why;
    std::optional<std::chrono::milliseconds> wait = {}; // of call_has_to_wait
    // Of reconnect_needed: the account as it is, and where its owner can help.
    std::optional<account_view> account = {};
    std::string reconnect_url = {};
};

// Set in an answer that says that the token is dead, although there is a newer one by now: the body was too
// large to be kept and has to be sent again.
inline constexpr std::string_view send_again_header = "Connectd-Send-Again";

class forwarder {
  public:
    // Bodies up to here are kept for another try.
    static constexpr std::size_t most_kept = 256 * 1024;

    forwarder(storage::kv& store, account_tokens& tokens, platforms::http::client& client,
              runtime::clock const& clock, settings const& chosen, pauses& waits,
              runtime::task_group& tasks) noexcept
        : store_{store},
          tokens_{tokens},
          client_{client},
          clock_{clock},
          settings_{chosen},
          pauses_{waits},
          tasks_{tasks} {}

    using result = boost::system::result<answer, refusal>;

    // Whether the plan includes calls, its caller has asked. Errors: account_not_found, platform_unknown,
    // platform_not_available,
    // proxy_request_refused, call_has_to_wait, reconnect_needed, platform_unavailable, platform_timeout,
    // platform_answer_invalid, those of a refresh, sealed_value_damaged.
    runtime::task<result> forward(crypto::workspace_id workspace, std::string account, call asked);

  private:
    struct journey;
    struct peeked;

    runtime::task<outcome<void>> prepare(journey& on);
    runtime::task<outcome<void>> keep_body(journey& on);
    runtime::task<outcome<answer>> travel(journey& on);
    runtime::task<outcome<peeked>> send(journey& on);
    runtime::task<outcome<void>> audit(journey const& on, unsigned status);
    runtime::task<refusal> explain(failure why, crypto::workspace_id workspace, std::string account);
    void note_use(storage::stored<storage::account> const& row);
    runtime::task<void> write_use(storage::stored<storage::account> row, runtime::sys_ms now);

    storage::kv& store_;
    account_tokens& tokens_;
    platforms::http::client& client_;
    runtime::clock const& clock_;
    settings const& settings_;
    pauses& pauses_;
    runtime::task_group& tasks_;
    std::set<crypto::account_id> noting_; // whose use is being written
};

} // namespace connectd::server::services::proxy
