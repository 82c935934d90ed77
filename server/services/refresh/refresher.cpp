#include "server/services/refresh/refresher.hpp"

#include "server/runtime/log.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace connectd::server::services::refresh {

// Shared by the task that flies it and all who wait, any of which may go first.
struct refresher::flight {
    flight(order wanted, runtime::executor context)
        : what{wanted}, landed{context, runtime::timer::time_point::max()} {}

    order what;
    runtime::timer landed; // cancelled when it has
    std::optional<report> ended{};
    std::exception_ptr failure{};
};

runtime::task<report> refresher::refresh(order what) {
    auto const context = co_await boost::asio::this_coro::executor;
    for (;;) {
        auto const found = flights_.find(what.account);
        bool const joins = found != flights_.end();
        auto const one = joins ? found->second : begin(what, context);
        if (!one->ended && !one->failure) {
            auto const [error] = co_await one->landed.async_wait(runtime::use_tuple);
            if (!one->ended && !one->failure) {
                throw boost::system::system_error{error};
            }
        }
        if (one->failure) {
            std::rethrow_exception(one->failure);
        }
        // The timer's flight may have found that it was too early, which does not answer who asked for more.
        if (joins && one->what.by_timer && !what.by_timer && one->ended->how == result::untouched) {
            continue;
        }
        co_return *one->ended;
    }
}

std::shared_ptr<refresher::flight> refresher::begin(order what, runtime::executor context) {
    auto one = std::make_shared<flight>(what, context);
    flights_.emplace(what.account, one);
    if (!tasks_.spawn("refresh", fly(one))) {
        flights_.erase(what.account);
        throw boost::system::system_error{runtime::make_error_code(runtime::errc::stopped)};
    }
    return one;
}

runtime::task<void> refresher::fly(std::shared_ptr<flight> one) {
    try {
        one->ended = co_await spender_.run(one->what);
        meters_.ended(*one->ended);
    } catch (std::exception const& error) {
        runtime::log::error("a refresh ended in an exception", {{"error", error.what()}});
        one->failure = std::current_exception();
    }
    flights_.erase(one->what.account);
    one->landed.cancel();
}

} // namespace connectd::server::services::refresh
