// An event as the request that an endpoint gets, and what its answer means. Pure functions, any thread.
#pragma once

#include "crypto/secret.hpp"
#include "platforms/error.hpp"
#include "platforms/http/message.hpp"
#include "server/runtime/clock.hpp"
#include "server/services/webhooks/form.hpp"
#include "server/services/webhooks/notice.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace connectd::server::services::webhooks {

// Of an answer: its content is not looked at, and a longer one is a failure.
inline constexpr std::size_t answer_bound = 64 * 1024;

// In the endpoint's form, signed at `now`. webhook-id is the event's id, the same at every attempt, of which
// this is number `number`, from 1.
platforms::http::request make_request(std::string url, form const& its, notice const& what,
                                      std::span<crypto::secret const> secrets, std::uint32_t number,
                                      runtime::sys_ms now);

struct verdict {
    bool delivered = false;
    bool gone = false;             // 410: it wants no more
    std::uint32_t http_status = 0; // 0: no answer
    std::string error;             // why not, for its owner
    std::optional<std::chrono::seconds> retry_after;
};
// 2xx is delivered and nothing else is: a redirect is not followed.
verdict judge(platforms::result<platforms::http::response> const& answer);

} // namespace connectd::server::services::webhooks
