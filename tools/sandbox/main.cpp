// connectd-sandbox: the pretend platforms as a program. Ctrl-C ends it.
#include "tools/sandbox/sandbox.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <fstream>
#include <iomanip>
#include <iostream>

#include <signal.h>

namespace {

using connectd::sandbox::sandbox;
using connectd::sandbox::sandbox_options;

struct flags {
    sandbox_options options;
    std::string config_out;
    unsigned latency_ms = 0;
    bool no_rate_limits = false;
};

std::vector<std::string> names_of_platforms() {
    std::vector<std::string> names;
    for (auto const& each : connectd::sandbox::known_platforms())
        names.emplace_back(each.name);
    return names;
}

void declare(CLI::App& program, flags& given) {
    auto& options = given.options;
    program.add_option("--address", options.address, "address to listen on")->capture_default_str();
    program.add_option("--only", options.only, "pretend this platform and not all, may be repeated")
        ->check(CLI::IsMember(names_of_platforms()));
    for (auto const& name : names_of_platforms())
        program.add_option("--" + name + "-port", options.ports[name],
                           "port of the pretend " + name + "; a free one without it");
    program.add_option("--control-port", options.ports["control"],
                       "port of the control API; a free one without it");
    program.add_option("--threads", options.threads, "threads that serve")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    program.add_option("--config-out", given.config_out,
                       "write the TOML lines that make connectd use this sandbox to this file");
    program.add_option(
        "--redirect-uri", options.redirect_uris,
        "redirect URI of the sandbox's app at every platform, may be repeated; without it those of a "
        "connectd on port 8080");
    program.add_option("--auto-approve", options.auto_approve,
                       "consent for this person (ada, ben, cleo, fresh) at once, without a page");
    program.add_option("--latency", given.latency_ms, "milliseconds that every answer is late")
        ->capture_default_str();
    program.add_flag("--no-rate-limits", given.no_rate_limits,
                     "announce rate limits, but do not enforce them");
    program.add_option("--journal", options.journal_size, "requests and events that are remembered")
        ->capture_default_str();
    program.add_option("--most-grants", options.most_grants, "grants and sessions that are remembered")
        ->check(CLI::Range(1, 100'000'000))
        ->capture_default_str();
}

void introduce(sandbox& pretend) {
    auto const line = [](std::string_view what, std::string_view value) {
        std::cout << std::left << std::setw(13) << what << value << "\n";
    };
    for (auto const& each : pretend.platforms())
        line(each->title(), pretend.url(each->name()));
    line("control API", pretend.control_url());
    std::cout << "\nApp          client id " << sandbox::default_client_id << ", secret "
              << sandbox::default_client_secret << "\n";
    for (auto const& who : pretend.persons().list()) {
        std::cout << "Person       " << who->name << ": @" << who->x_username << " at X, " << who->handle
                  << " at Bluesky";
        if (!who->app_passwords.empty())
            std::cout << " with app password " << who->app_passwords.front().password;
        std::cout << "\n";
    }
    std::cout << "\nCtrl-C ends it." << std::endl;
}

void write_config(sandbox const& pretend, std::string const& path) {
    std::ofstream file{path};
    file << pretend.config_snippet() << std::flush;
    if (!file)
        throw std::runtime_error{"cannot write " + path};
}

int run(flags const& given) {
    auto options = given.options;
    options.latency = std::chrono::milliseconds{given.latency_ms};
    options.enforce_rate_limits = !given.no_rate_limits;
    boost::asio::io_context context{1};
    boost::asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([](boost::system::error_code, int) {});

    sandbox pretend{options};
    if (!options.auto_approve.empty() && !pretend.persons().find(options.auto_approve))
        throw std::invalid_argument{"--auto-approve: nobody is called " + options.auto_approve};
    if (!given.config_out.empty())
        write_config(pretend, given.config_out);
    introduce(pretend);
    context.run();
    pretend.stop();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App program{
        "Pretends to be the platforms, strictly, for tests, demonstrations and benches of connectd.",
        "connectd-sandbox"};
    flags given;
    declare(program, given);
    CLI11_PARSE(program, argc, argv);
    try {
        return run(given);
    } catch (std::exception const& failure) {
        std::cerr << "connectd-sandbox: " << failure.what() << "\n";
        return 1;
    }
}
