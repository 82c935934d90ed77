#include "tests/support/run_task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <stdexcept>

namespace connectd::tests {

void start(boost::asio::io_context& context, task<void> what, std::shared_ptr<started_task> state) {
    auto const slot = state->cancel.slot();
    boost::asio::co_spawn(
        context, std::move(what),
        boost::asio::bind_cancellation_slot(slot, [state = std::move(state)](std::exception_ptr thrown) {
            state->thrown = std::move(thrown);
            state->finished = true;
        }));
}

void finish(boost::asio::io_context& context, started_task const& state) {
    while (!state.finished) {
        context.restart();
        if (context.run_one() == 0) {
            throw std::logic_error("the coroutine waits for nothing");
        }
    }
}

} // namespace connectd::tests
