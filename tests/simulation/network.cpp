// The way between the process and the world, which is platforms and webhook endpoints: delays, faults,
// answers that are lost.
#include "tests/platforms/support.hpp"
#include "tests/simulation/universe.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace connectd::simulation {
namespace {

using namespace std::chrono_literals;

} // namespace

universe::fault universe::choose(std::size_t platform) {
    if (calm_) {
        return fault::none;
    }
    if (outages_[platform].down_until > now_) {
        constexpr std::array faults{fault::unsent, fault::unread, fault::lost_before};
        return faults[chance_.below(faults.size())];
    }
    if (outages_[platform].refused_until > now_) {
        return fault::app;
    }
    if (chance_.one_in(20)) {
        constexpr std::array faults{fault::unsent,     fault::unread,  fault::lost_before, fault::lost_after,
                                    fault::lost_after, fault::gateway, fault::limited,     fault::garbled};
        return faults[chance_.below(faults.size())];
    }
    return fault::none;
}

server::runtime::task<universe::response> universe::carry(platforms::http::request what, fate& end) {
    co_await end.step();
    bool const delivers = what.url.starts_with(endpoint_url);
    auto said = delivers ? co_await deliver(std::move(what)) : co_await refresh(std::move(what));
    co_await end.step(10); // a token may have been spent, an event may have arrived
    co_return said;
}

server::runtime::task<universe::response> universe::refresh(platforms::http::request what) {
    auto const spent = pretend_platforms::token_in(what).value();
    auto const platform = truth_.of(spent.person).platform;
    ++calls_;
    book_.presented(spent, now_);
    auto const trouble = choose(platform);
    if (trouble == fault::limited) {
        book_.disturbed(platform, now_ + 3min, 30min); // all accounts of the app wait
    }
    bool const hangs = trouble == fault::lost_before || trouble == fault::lost_after;
    auto const there = chance_.one_in(8) ? chance_.between(1s, 15s) : chance_.between(10ms, 2s);
    auto const back = hangs ? milliseconds{20s} : chance_.between(10ms, 2s);
    if (!calm_ && chance_.one_in(12)) {
        meddlers_.emplace(now_ + chance_.between(0ms, there + back), spent.person);
    }
    co_await elapse(there);
    auto said = answer(spent, trouble);
    if (options_.sends_twice && trouble == fault::none) {
        said = answer(spent, trouble);
    }
    co_await elapse(back);
    if (options_.takes_trouble_for_refusal && said.has_value() && said->status >= 500) {
        said = tests::reply(400, R"({"error":"invalid_grant"})");
    }
    book_.ended(spent, meaning(trouble, said), now_);
    co_return said;
}

server::runtime::task<universe::response> universe::deliver(platforms::http::request what) {
    using platforms::errc;
    std::size_t which = 0;
    auto const number = std::string_view{what.url}.substr(endpoint_url.size());
    std::from_chars(number.data(), number.data() + number.size(), which);
    auto const& endpoint = endpoints_.at(which);
    bool const spared = calm_ || endpoint.spared_until > now_;
    auto const trouble = endpoint.down_until > now_ ? chance_.below(3) : spared ? 6 : chance_.below(80);
    co_await elapse(chance_.between(10ms, 2s));
    if (trouble == 0) {
        co_return errc::connect_failed;
    }
    if (trouble == 1) {
        co_return tests::reply(503, "");
    }
    if (trouble == 2) {
        co_await elapse(server::services::webhooks::courier::timeout);
        co_return errc::timed_out;
    }
    post_.arrived(which, tests::header(what, "webhook-id"), now_);
    if (endpoint.gone_until > now_) {
        post_.said_gone(which, now_);
        co_return tests::reply(410, "");
    }
    if (trouble == 3) {
        co_await elapse(server::services::webhooks::courier::timeout);
        co_return errc::timed_out;
    }
    co_await elapse(chance_.one_in(20) ? chance_.between(1s, 14s) : chance_.between(10ms, 1s));
    if (trouble == 4) {
        co_return tests::reply(429, "", {{"Retry-After", "300"}});
    }
    if (trouble == 5) {
        co_return tests::reply(500, "");
    }
    co_return tests::reply(204, "");
}

server::runtime::task<void> universe::elapse(milliseconds time) {
    auto const sleeper = std::make_shared<server::runtime::timer>(co_await boost::asio::this_coro::executor,
                                                                  server::runtime::timer::time_point::max());
    sleepers_.emplace(now_ + time, sleeper);
    co_await sleeper->async_wait(server::runtime::use_tuple);
}

universe::response universe::answer(token_name const& spent, fault what) {
    using platforms::errc;
    switch (what) {
    case fault::unsent:
        return errc::connect_failed;
    case fault::unread:
        return tests::reply(503, "");
    case fault::lost_before:
        return errc::timed_out;
    case fault::limited:
        return tests::reply(429, "", {{"Retry-After", "120"}});
    case fault::app:
        return tests::reply(401, R"({"error":"invalid_client"})");
    case fault::none:
    case fault::lost_after:
    case fault::gateway:
    case fault::garbled:
        break;
    }
    auto const before = truth_.of(spent.person);
    response said = truth_.receive(spent, now_);
    book_.processed(spent, before, now_);
    if (what == fault::lost_after) {
        return chance_.one_in(2) ? errc::timed_out : errc::connection_lost;
    }
    if (what == fault::gateway) {
        return tests::reply(502, "");
    }
    if (what == fault::garbled) {
        return tests::reply(200, R"({"access_tok)");
    }
    return said;
}

ledger::answer universe::meaning(fault what, response const& said) {
    switch (what) {
    case fault::none:
        if (said.has_value() && said->status == 200) {
            return ledger::answer::given;
        }
        return said.has_value() && said->body.find("invalid_grant") != std::string::npos
                   ? ledger::answer::refused
                   : ledger::answer::nothing; // too young to be extended
    case fault::unsent:
    case fault::limited:
    case fault::app:
        return ledger::answer::nothing;
    case fault::unread:
    case fault::lost_before:
    case fault::lost_after:
    case fault::gateway:
    case fault::garbled:
        break;
    }
    return ledger::answer::doubtful;
}

} // namespace connectd::simulation
