#include "platforms/http/pool.hpp"

#include "crypto/secret.hpp"
#include "platforms/http/connection.hpp"
#include "platforms/http/deadline_watch.hpp"
#include "platforms/http/request_writer.hpp"
#include "platforms/http/slots.hpp"
#include "platforms/http/target.hpp"
#include "platforms/http/tls.hpp"
#include "platforms/http/use_tuple.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace connectd::platforms::http {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor>;

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

// Requests carry client secrets and tokens; they end here, whatever the way out.
class wipe_guard {
  public:
    explicit wipe_guard(request& what) : what_(what) {}
    ~wipe_guard() {
        crypto::wipe(what_.body.data(), what_.body.size());
        crypto::wipe(what_.target.data(), what_.target.size());
        for (auto& [name, value] : what_.headers) {
            crypto::wipe(value.data(), value.size());
        }
    }
    wipe_guard(wipe_guard const&) = delete;
    wipe_guard& operator=(wipe_guard const&) = delete;

  private:
    request& what_;
};

bool is_safe(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

std::string origin_key(target const& where, bool user_given) {
    // Connections of user-given URLs are kept apart: theirs were made to checked addresses.
    std::string key;
    key.reserve(where.host.size() + 8);
    key += where.tls ? 's' : 'p';
    key += user_given ? 'u' : 'o';
    key += where.host;
    key += ':';
    key += std::to_string(where.port);
    return key;
}

} // namespace

class pool::core {
  public:
    core(executor where, resolver& names, pool_options options)
        : options_(std::move(options)),
          where_(where),
          names_(names),
          tls_(options_.ca_file, options_.system_authorities),
          watch_(where),
          slots_(where, {options_.connections_per_origin, options_.connections_total, options_.max_waiting,
                         options_.max_idle, options_.max_age}) {}

    static task<result<response>> run(std::shared_ptr<core> self, request what, deadline until);
    static task<result<streamed_response>> run_streamed(std::shared_ptr<core> self, streamed_request what,
                                                        deadline until);

    void close() {
        slots_.close();
        watch_.let_go();
    }
    void cancel() {
        close();
        watch_.cancel_all();
    }
    pool_counts counts() const {
        return {slots_.open(), slots_.idle(), slots_.waiting(), opened_, resumed_, reused_};
    }

  private:
    // One request under way; a streamed one lives until its answer has been read.
    struct flight {
        flight(std::shared_ptr<core> by, deadline until, clock::duration patience = clock::duration::max())
            : owner(std::move(by)), op(owner->watch_, until, patience) {}
        std::shared_ptr<core> owner;
        watched op;
        std::optional<slots::lease> slot{};
        bool sending = false;
    };

    static task<result<response>> fly(flight& on, request const& what, connection::streaming const* how);
    static task<result<std::size_t>> read_on(std::shared_ptr<flight> on, std::span<char> into);
    static void release_if_ended(flight& on);
    task<result<response>> call(flight& on, request const& what, connection::streaming const* how);
    task<result<slots::lease>> take(target const& where, bool user_given, watched& op);
    task<result<void>> open(connection& one, target const& where, bool user_given, watched& op);
    task<result<addresses>> lookup(std::string const& host, bool user_given, watched& op);

    pool_options const options_;
    executor where_;
    resolver& names_;
    tls_context tls_;
    deadline_watch watch_;
    slots slots_;
    std::uint64_t opened_ = 0;
    std::uint64_t resumed_ = 0;
    std::uint64_t reused_ = 0;
};

task<result<response>> pool::core::run(std::shared_ptr<core> self, request what, deadline until) {
    wipe_guard const wiped(what);
    if (until <= clock::now()) {
        co_return errc::timed_out_unsent;
    }
    flight on(std::move(self), until);
    auto answer = co_await fly(on, what, nullptr);
    if (answer) {
        on.slot->keep();
    }
    co_return answer;
}

task<result<streamed_response>> pool::core::run_streamed(std::shared_ptr<core> self, streamed_request what,
                                                         deadline until) {
    wipe_guard const wiped(what.head);
    if (until <= clock::now()) {
        co_return errc::timed_out_unsent;
    }
    auto const on = std::make_shared<flight>(std::move(self), until, what.patience);
    connection::streaming const how{what.rest, what.length};
    auto head = co_await fly(*on, what.head, &how);
    if (!head) {
        co_return head.error();
    }
    streamed_response answer{.head = std::move(*head), .length = on->slot->held->body_length()};
    release_if_ended(*on);
    answer.body = [on](std::span<char> into) { return read_on(on, into); };
    co_return answer;
}

task<result<std::size_t>> pool::core::read_on(std::shared_ptr<flight> on, std::span<char> into) {
    if (!on->slot) {
        co_return 0;
    }
    auto const got = co_await on->slot->held->read_body(into, on->op);
    if (got) {
        release_if_ended(*on);
        co_return got;
    }
    on->slot.reset();
    switch (on->op.ended()) {
    case ending::expired:
        co_return errc::timed_out;
    case ending::cancelled:
        co_return errc::cancelled;
    case ending::none:
        break;
    }
    co_return got;
}

void pool::core::release_if_ended(flight& on) {
    if (on.slot->held->body_ended()) {
        on.slot->keep();
        on.slot.reset();
    }
}

task<result<response>> pool::core::fly(flight& on, request const& what, connection::streaming const* how) {
    bool cancelled = false;
    result<response> answer = errc::connection_lost;
    try {
        answer = co_await on.owner->call(on, what, how);
        auto const state = co_await asio::this_coro::cancellation_state;
        cancelled = state.cancelled() != asio::cancellation_type::none;
    } catch (boost::system::system_error const& error) {
        // The caller's coroutine was cancelled just between two waits.
        if (error.code() != asio::error::operation_aborted) {
            throw;
        }
        cancelled = true;
    }
    if (answer) {
        co_return answer;
    }
    on.slot.reset();
    if (on.op.ended() == ending::expired) {
        co_return on.sending ? errc::timed_out : errc::timed_out_unsent;
    }
    if (cancelled || on.op.ended() == ending::cancelled) {
        co_return on.sending ? errc::cancelled : errc::cancelled_unsent;
    }
    co_return answer;
}

task<result<response>> pool::core::call(flight& on, request const& what, connection::streaming const* how) {
    auto& op = on.op;
    auto const where = parse_target(what.url);
    if (!where) {
        co_return where.error();
    }
    if (auto const allowed = check_scheme(options_.user_urls, where->tls); what.user_given_url && !allowed) {
        co_return allowed.error();
    }
    if (auto const checked = check_request(what); !checked) {
        co_return checked.error();
    }
    op.begin_wait();
    auto slot = co_await take(*where, what.user_given_url, op);
    if (!slot) {
        co_return slot.error();
    }
    on.slot.emplace(std::move(*slot));
    auto& held = on.slot->held;
    response_limits const limits{options_.max_response_header,
                                 how == nullptr ? what.max_response_body : unlimited};
    for (bool kept = held != nullptr;; kept = false) {
        if (kept) {
            ++reused_;
        } else {
            held = std::make_unique<connection>(where_);
            op.begin_wait();
            if (auto const opened = co_await open(*held, *where, what.user_given_url, op); !opened) {
                co_return opened.error();
            }
        }
        on.sending = true;
        auto done = co_await held->exchange(what, *where, options_.user_agent, limits, op, how);
        if (done.answer) {
            co_return std::move(done.answer);
        }
        on.sending = !done.unsent;
        bool const repeatable = is_safe(what.method) && (how == nullptr || !how->rest);
        bool const again = done.unsent || (!done.answered && repeatable);
        auto const state = co_await asio::this_coro::cancellation_state;
        bool const over = op.ended() != ending::none || state.cancelled() != asio::cancellation_type::none;
        if (!kept || !again || over) {
            co_return done.unsent ? errc::connect_failed : done.answer.error();
        }
    }
}

task<result<slots::lease>> pool::core::take(target const& where, bool user_given, watched& op) {
    auto const key = origin_key(where, user_given);
    if (slots_.closed()) {
        co_return errc::cancelled_unsent;
    }
    if (auto free = slots_.try_take(key)) {
        co_return std::move(*free);
    }
    co_return co_await slots_.wait(key, op);
}

task<result<void>> pool::core::open(connection& one, target const& where, bool user_given, watched& op) {
    result<addresses> found = where.literal ? addresses{*where.literal} : addresses{};
    if (!where.literal) {
        found = co_await lookup(where.host, user_given, op);
    }
    if (!found) {
        co_return found.error();
    }
    if (auto const allowed = check_addresses(options_.user_urls, *found); user_given && !allowed) {
        co_return allowed.error();
    }
    result<void> connected = errc::connect_failed;
    for (std::size_t i = 0; i < found->size() && !connected && op.ended() == ending::none; ++i) {
        bool const last = i + 1 == found->size();
        auto const attempt_until = last ? deadline::max() : clock::now() + options_.connect_attempt;
        connected = co_await one.connect({(*found)[i], where.port}, op, attempt_until);
    }
    if (!connected) {
        co_return connected.error();
    }
    if (where.tls) {
        if (auto const shaken = co_await one.handshake(tls_, where, op); !shaken) {
            co_return shaken.error();
        }
    }
    one.opened_at = clock::now();
    ++opened_;
    resumed_ += one.resumed() ? 1 : 0;
    co_return result<void>();
}

task<result<addresses>> pool::core::lookup(std::string const& host, bool user_given, watched& op) {
    timer answered(where_, timer::time_point::max());
    result<addresses> answer = errc::resolve_failed;
    auto const ticket = names_.start(host, user_given, where_, [&answer, &answered](result<addresses> found) {
        answer = std::move(found);
        answered.cancel();
    });
    op.on_end([&answered] { answered.cancel(); });
    if (op.ended() != ending::none) {
        co_return answer;
    }
    co_await answered.async_wait(use_tuple);
    op.clear_on_end();
    co_return answer;
}

pool::pool(asio::io_context& context, resolver& names, pool_options options)
    : core_(std::make_shared<core>(context.get_executor(), names, std::move(options))) {}

pool::~pool() {
    core_->cancel();
}

task<result<response>> pool::send(request what, deadline until) {
    return core::run(core_, std::move(what), until);
}

task<result<streamed_response>> pool::open(streamed_request what, deadline until) {
    return core::run_streamed(core_, std::move(what), until);
}

void pool::close() {
    core_->close();
}

void pool::cancel() {
    core_->cancel();
}

pool_counts pool::counts() const {
    return core_->counts();
}

} // namespace connectd::platforms::http
