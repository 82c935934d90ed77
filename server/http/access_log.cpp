#include "server/http/access_log.hpp"

#include "server/runtime/log.hpp"

namespace connectd::server::http {

void write_access_log(answered const& answer) {
    namespace log = runtime::log;
    auto const level = answer.status >= 500 ? log::level::warning : log::level::info;
    if (!log::enabled(level)) {
        return;
    }
    log::write(level, "request",
               {{"method", answer.method},
                {"route", answer.route},
                {"status", answer.status},
                {"bytes_in", answer.bytes_in},
                {"bytes_out", answer.bytes_out},
                {"duration", answer.duration},
                {"delivered", answer.delivered},
                {"remote", answer.remote_address},
                {"request_id", answer.request_id}});
}

} // namespace connectd::server::http
