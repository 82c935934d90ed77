#pragma once

// A few threads for work that blocks: password hashing, cold scans, name resolution. The queue is bounded, so
// that a flood of such work is refused at once and not stored up; the awaiting coroutine is resumed on its
// own context.
//
// `run` may be called from any context. A job that was queued cannot be cancelled; it runs to its end and its
// answer is then delivered, so whatever it refers to must outlive it: give it owned values.
//
// Requires: the io_context of every caller outlives the pool, or at least `drain`.

#include "server/runtime/error.hpp"
#include "server/runtime/task.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace connectd::server::runtime {

namespace detail {

// A piece of work and the one who waits for it. Exactly one of the two is called, in a thread of the pool.
class offload_job {
  public:
    offload_job() = default;
    offload_job(offload_job const&) = delete;
    offload_job& operator=(offload_job const&) = delete;
    virtual ~offload_job() = default;

    virtual void execute() noexcept = 0;
    virtual void refuse(errc why) noexcept = 0;
};

template <class Work, class Handler>
class awaited_job final : public offload_job {
  public:
    using answer_type = result<typename unnested<std::invoke_result_t<Work&>>::type>;

    awaited_job(Work work, Handler handler)
        : work_{std::move(work)},
          handler_{std::move(handler)},
          context_{boost::asio::make_work_guard(boost::asio::get_associated_executor(handler_))} {}

    void execute() noexcept override {
        std::exception_ptr failure;
        std::optional<answer_type> answer;
        try {
            if constexpr (std::is_void_v<std::invoke_result_t<Work&>>) {
                work_();
                answer.emplace();
            } else {
                answer.emplace(work_());
            }
        } catch (...) {
            failure = std::current_exception();
        }
        complete(std::move(failure), std::move(answer));
    }

    void refuse(errc why) noexcept override { complete({}, answer_type{why}); }

  private:
    void complete(std::exception_ptr failure, std::optional<answer_type> answer) {
        boost::asio::post(
            context_.get_executor(),
            [handler = std::move(handler_), failure = std::move(failure),
             answer = std::move(answer)]() mutable { handler(std::move(failure), std::move(answer)); });
        context_.reset();
    }

    Work work_;
    Handler handler_;
    // Keeps the caller's context running until the answer is on its way.
    boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> context_;
};

} // namespace detail

class offload {
  public:
    struct options {
        std::size_t threads = 2;
        std::size_t queue_limit = 256; // jobs waiting, beside those that run
        std::string name = "offload";  // of the threads; at most 12 characters are kept
    };

    // Throws std::system_error when a thread cannot be started.
    explicit offload(options chosen);
    offload(offload const&) = delete;
    offload& operator=(offload const&) = delete;
    // Waits for the jobs that run and refuses those that wait.
    ~offload();

    // Calls `work()` in the pool and returns what it returns (`result<void>` for nothing; a `result<T>` is
    // not nested). What it throws is thrown here. errc::queue_full when too many jobs wait, errc::stopped
    // after `drain` began: in both cases the work was not and will not be called.
    template <class Work>
    task<result<typename detail::unnested<std::invoke_result_t<Work&>>::type>> run(Work work);

    // Refuses new jobs, finishes those in the queue and ends the threads. Jobs that have not begun at the
    // deadline get errc::stopped; one that runs is waited for in any case. Blocks: call it from no I/O
    // thread. Safe to repeat.
    void drain(steady_time deadline);

    std::size_t waiting() const;

  private:
    struct state;
    std::unique_ptr<state> state_;

    void submit(std::unique_ptr<detail::offload_job> job) noexcept;
};

template <class Work>
task<result<typename detail::unnested<std::invoke_result_t<Work&>>::type>> offload::run(Work work) {
    using answer_type = result<typename detail::unnested<std::invoke_result_t<Work&>>::type>;
    auto const initiate = [this](auto handler, Work job) {
        using job_type = detail::awaited_job<Work, decltype(handler)>;
        submit(std::make_unique<job_type>(std::move(job), std::move(handler)));
    };
    std::optional<answer_type> answer =
        co_await boost::asio::async_initiate<use_task_t const,
                                             void(std::exception_ptr, std::optional<answer_type>)>(
            initiate, use_task, std::move(work));
    co_return std::move(*answer);
}

} // namespace connectd::server::runtime
