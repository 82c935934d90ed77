// Fires OAuth callbacks at connectd, or at the ceiling, over kept connections and reports throughput and
// latency.
//
// A platform's code lives 30 seconds, so the work comes in rounds: prepare connect sessions, have the sandbox
// approve them (it must run with an automatic approval), then fire. Only the firing is measured.
//
// usage: bench_load --target URL --sandbox URL --client-id ID [--key KEY] [--rounds N] [--each N]
// [--concurrency N] [--pid PID]
//   with --key     the target is connectd: sessions are made with that API key
//   without --key  the target is the ceiling: the authorization URL is made here, for its fixed verifier
//   --pid          reports the CPU time that process used while callbacks were fired
// Prints one line of JSON. Exit code 1 when any callback did not end in success.
#include "bench/load/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include <unistd.h>

namespace {

using namespace connectd::bench;
namespace asio = boost::asio;
namespace json = boost::json;
using steady = std::chrono::steady_clock;

// S256 of the verifier "connectd-bench-verifier-connectd-bench-verifier", which bench/callback gives to the
// ceiling.
constexpr std::string_view challenge = "g2Y8ATfuhPIsZ3pa_NbLDJsF-rJW7wmlG8DZ2YhS1iE";

struct settings {
    address target;
    address sandbox;
    std::string client_id;
    std::optional<std::string> key;
    std::size_t rounds = 5;
    std::size_t each = 3000;
    std::size_t concurrency = 64;
    std::string pid;
};

// One callback on its way: what it needs for the next step, and how the last one went.
struct attempt {
    std::size_t number = 0;
    std::string next;
    std::chrono::nanoseconds took{};
    std::string problem;
};

std::string get(std::string_view target) {
    return std::string{"GET "}.append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
}

std::string path_of(std::string_view url) {
    return parse_address(url).target;
}

task<void> prepare_at_connectd(settings const& how, client& connection, attempt& one) {
    std::string_view const body = R"({"platform":"x","return_url":"http://127.0.0.1/done"})";
    std::string request = "POST /v1/connect/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ";
    request.append(*how.key).append("\r\nContent-Type: application/json\r\nContent-Length: ");
    request.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
    auto const given = co_await connection.send(std::move(request));
    boost::system::error_code failed;
    auto const session = json::parse(given.body, failed);
    if (given.status / 100 != 2 || failed || !session.is_object() ||
        !session.as_object().contains("authorize_url")) {
        one.problem = "session: " + std::to_string(given.status) + " " + given.body.substr(0, 200);
        co_return;
    }
    auto const& url = session.at("authorize_url").as_string();
    one.next = path_of({url.data(), url.size()});
}

task<void> prepare_for_ceiling(settings const& how, client&, attempt& one) {
    one.next = "/i/oauth2/authorize?response_type=code&code_challenge_method=S256"
               "&scope=tweet.read%20tweet.write%20users.read%20offline.access&code_challenge=";
    one.next.append(challenge).append("&client_id=").append(how.client_id);
    one.next.append("&state=bench-").append(std::to_string(one.number));
    one.next.append("&redirect_uri=http%3A%2F%2F127.0.0.1%3A")
        .append(std::to_string(how.target.endpoint.port()));
    one.next.append("%2Fv1%2Fconnect%2Fcallback%2Fx");
    co_return;
}

task<void> approve(settings const&, client& connection, attempt& one) {
    auto const given = co_await connection.send(get(one.next));
    if (given.status / 100 != 3 || given.location.find("code=") == std::string::npos) {
        one.problem = "consent: " + std::to_string(given.status) + " " + given.body.substr(0, 200);
        co_return;
    }
    one.next = path_of(given.location);
}

task<void> fire(settings const&, client& connection, attempt& one) {
    auto const started = steady::now();
    auto const given = co_await connection.send(get(one.next));
    one.took = steady::now() - started;
    if (given.status / 100 != 3 || given.location.find("account_id=") == std::string::npos) {
        one.problem =
            "callback: " + std::to_string(given.status) + " " + given.location + given.body.substr(0, 200);
    }
}

using step = task<void> (*)(settings const&, client&, attempt&);

// What the workers of one phase share.
struct phase {
    settings const& how;
    step work;
    std::vector<attempt>& attempts;
    std::size_t next = 0;
};

task<void> worker(phase& shared, client& connection) {
    while (shared.next < shared.attempts.size()) {
        auto& one = shared.attempts[shared.next++];
        if (one.problem.empty()) {
            co_await shared.work(shared.how, connection, one);
        }
    }
}

// Runs the step for every attempt, so many at a time, over connections that live as long as the program.
std::chrono::nanoseconds run(asio::io_context& context, std::vector<client>& connections, phase shared) {
    auto const started = steady::now();
    for (auto& connection : connections) {
        asio::co_spawn(context, worker(shared, connection), [](std::exception_ptr const& thrown) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        });
    }
    context.restart();
    context.run();
    return steady::now() - started;
}

// User and system time of a process (proc(5), fields 14 and 15), in nanoseconds.
std::chrono::nanoseconds cpu_time(std::string const& pid) {
    std::ifstream file{"/proc/" + pid + "/stat"};
    std::string line;
    std::getline(file, line);
    auto const end = line.rfind(')');
    if (end == std::string::npos) {
        return {};
    }
    unsigned long long user = 0;
    unsigned long long system = 0;
    std::sscanf(line.c_str() + end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user,
                &system);
    auto const ticks = static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(ticks));
}

settings parse(int count, char** words) {
    std::map<std::string, std::string> given;
    for (int at = 1; at + 1 < count; at += 2) {
        given[words[at]] = words[at + 1];
    }
    auto const number = [&given](char const* name, std::size_t otherwise) {
        return given.contains(name) ? std::stoul(given[name]) : otherwise;
    };
    settings how{parse_address(given["--target"]),
                 parse_address(given["--sandbox"]),
                 given["--client-id"],
                 {},
                 number("--rounds", 5),
                 number("--each", 3000),
                 number("--concurrency", 64),
                 given["--pid"]};
    if (given.contains("--key")) {
        how.key = given["--key"];
    }
    return how;
}

double micros(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::micro>(time).count();
}

int report(std::vector<std::chrono::nanoseconds> took, std::chrono::nanoseconds firing,
           std::chrono::nanoseconds cpu, std::map<std::string, std::size_t> const& problems) {
    std::size_t errors = 0;
    for (auto const& [problem, times] : problems) {
        std::fprintf(stderr, "%zu times %s\n", times, problem.c_str());
        errors += times;
    }
    std::sort(took.begin(), took.end());
    auto const at = [&took](double part) {
        return took.empty()
                   ? 0.0
                   : micros(took[static_cast<std::size_t>(part * static_cast<double>(took.size() - 1))]);
    };
    auto const done = static_cast<double>(took.size());
    auto const seconds = std::chrono::duration<double>(firing).count();
    json::object const figures{
        {"callbacks", took.size()}, {"errors", errors},   {"per_second", seconds > 0 ? done / seconds : 0},
        {"p50_us", at(0.5)},        {"p99_us", at(0.99)}, {"cpu_us", done > 0 ? micros(cpu) / done : 0}};
    std::puts(json::serialize(figures).c_str());
    return errors == 0 ? 0 : 1;
}

int measure(settings const& how) {
    asio::io_context context{1};
    std::vector<client> to_target;
    std::vector<client> to_sandbox;
    for (std::size_t at = 0; at < how.concurrency; ++at) {
        to_target.emplace_back(context, how.target.endpoint);
        to_sandbox.emplace_back(context, how.sandbox.endpoint);
    }
    std::vector<std::chrono::nanoseconds> took;
    std::chrono::nanoseconds firing{};
    std::chrono::nanoseconds cpu{};
    std::map<std::string, std::size_t> problems;
    // The first round opens connections and fills caches on every side; it does not count.
    for (std::size_t round = 0; round <= how.rounds; ++round) {
        std::vector<attempt> attempts(how.each);
        for (auto& one : attempts) {
            one.number = round * how.each + static_cast<std::size_t>(&one - attempts.data());
        }
        run(context, to_target, {how, how.key ? prepare_at_connectd : prepare_for_ceiling, attempts});
        run(context, to_sandbox, {how, approve, attempts});
        auto const before = cpu_time(how.pid);
        auto const lasted = run(context, to_target, {how, fire, attempts});
        auto const used = cpu_time(how.pid) - before;
        for (auto const& one : attempts) {
            if (!one.problem.empty()) {
                ++problems[one.problem];
            } else if (round > 0) {
                took.push_back(one.took);
            }
        }
        if (round > 0) {
            firing += lasted;
            cpu += used;
        }
    }
    return report(std::move(took), firing, cpu, problems);
}

} // namespace

int main(int count, char** words) {
    try {
        return measure(parse(count, words));
    } catch (std::exception const& failure) {
        std::fprintf(stderr, "bench_load: %s\n", failure.what());
        return 2;
    }
}
