#include "server/api/reconnect.hpp"

#include "server/api/connect_page.hpp"
#include "server/api/problem.hpp"

namespace connectd::server::api {

runtime::task<http::response> show_reconnect_page(call of) {
    auto const link = of.asked.path_parameter("link");
    auto const offer = co_await of.services().reconnects.show(link);
    if (offer.has_error()) {
        co_return render_failed_page(describe(offer.error()), of.asked.request_id);
    }
    co_return render_reconnect_page({.brand = offer->brand,
                                     .platform_title = offer->platform_title,
                                     .username = offer->username,
                                     .action = "/reconnect/" + link});
}

runtime::task<http::response> begin_reconnect(call of) {
    auto const begun = co_await of.services().reconnects.begin(of.asked.path_parameter("link"));
    if (begun.has_error()) {
        co_return render_failed_page(describe(begun.error()), of.asked.request_id);
    }
    auto answer = http::response::redirect(begun->url, 303);
    answer.set("Cache-Control", "no-store");
    co_return answer;
}

} // namespace connectd::server::api
