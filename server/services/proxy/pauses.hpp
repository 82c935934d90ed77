// Calls that a platform has told to wait, and until when: they are answered here instead of being sent to be
// refused again, which some platforms punish.
//
// What an answer says holds for the account, the method and the path: many platforms count each endpoint
// apart, and holding up another one would refuse what the platform would have served. Where the exhausted
// limit is the app's own, all calls with that app wait.
//
// One table a process, used from all threads. It forgets at a restart, and takes no more entries when it is
// full: the platform says it again.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/http/message.hpp"
#include "server/runtime/clock.hpp"
#include "storage/tables/accounts.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::services::proxy {

struct stated_wait {
    std::chrono::milliseconds how_long;
    bool whole_app = false;
};

// What a 429, or a 503 with Retry-After, says about how long to wait: Retry-After, otherwise the latest reset
// of those rate limits (proxy_rules::rate_limit_headers) of which nothing remains. A reset is a time in ISO
// 8601, the seconds since 1970, or the seconds from now. At most a day.
std::optional<stated_wait> read_wait(platforms::proxy_rules const& rules,
                                     platforms::http::response const& answer, runtime::sys_ms now);

class pauses {
  public:
    static constexpr std::size_t most = 20'000;

    // How long a call of this account has to wait, if it has to.
    std::optional<std::chrono::milliseconds> left(storage::account const& row, std::string_view method,
                                                  std::string_view path, runtime::sys_ms now);

    void set(storage::account const& row, std::string_view method, std::string_view path, stated_wait wait,
             runtime::sys_ms now);

  private:
    std::mutex guard_;
    std::map<std::string, runtime::sys_ms, std::less<>> until_;
};

} // namespace connectd::server::services::proxy
