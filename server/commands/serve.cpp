#include "server/commands/serve.hpp"

#include "server/app.hpp"
#include "server/runtime/log.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>

namespace connectd::server::commands {
namespace {

// What an operator wants to know at once; on standard output, apart from the log.
void announce(app& running, config const& settings) {
    auto& home = running.home();
    if (auto const& made = home.made_master_key()) {
        std::printf("Made a master key: %s\n"
                    "  Everything stored is sealed under it. Keep a copy elsewhere: without it, all "
                    "connections are lost.\n",
                    made->c_str());
    }
    if (auto const& made = home.made_root_key()) {
        std::printf("Root API key: %s\n  It manages workspaces and their keys.\n", made->c_str());
    }
    for (auto const& endpoint : running.endpoints()) {
        std::printf("Listening on %s:%u\n", endpoint.address().to_string().c_str(), endpoint.port());
    }
    std::printf("connectd is ready at %s (data in %s)\n", running.public_url().c_str(),
                settings.data_dir.c_str());
    std::fflush(stdout);
}

// Waits for signals on the main thread: the first INT or TERM ends the server in good order, a second one at
// once (the store survives that like a power failure), HUP reads certificates and log level again.
class signal_loop {
  public:
    signal_loop(app& running, common_flags const& flags) : app_{running}, flags_{flags} {
        signals_.add(SIGHUP);
        wait();
    }
    signal_loop(signal_loop const&) = delete;
    signal_loop& operator=(signal_loop const&) = delete;
    ~signal_loop() {
        if (stopper_.joinable()) {
            stopper_.join();
        }
    }

    void run() { context_.run(); }

  private:
    void wait() { signals_.async_wait(std::bind_front(&signal_loop::received, this)); }

    void received(boost::system::error_code error, int number) {
        if (error) {
            return;
        }
        if (number == SIGHUP) {
            reload();
        } else if (stopper_.joinable()) {
            runtime::log::warning("ended at once, as asked");
            std::_Exit(128 + number);
        } else {
            runtime::log::info("shutting down");
            stopper_ = std::thread{[this] {
                app_.stop();
                context_.stop();
            }};
        }
        wait();
    }

    void reload() {
        app_.reload_certificates();
        try {
            runtime::log::set_level(load_config(flags_).log.level);
            runtime::log::info("reloaded certificates and log level");
        } catch (config_error const& error) {
            runtime::log::error("the configuration cannot be reloaded", {{"problems", error.what()}});
        }
    }

    app& app_;
    common_flags const& flags_;
    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
    std::thread stopper_;
};

void serve(common_flags const& flags) {
    auto const settings = load_config(flags);
    runtime::log::output const log{{.lowest = settings.log.level, .as = settings.log.format}};
    // A client or platform that is gone must be an error of its write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    runtime::system_clock const clock;
    app running{settings, clock};
    signal_loop signals{running, flags};
    running.start();
    announce(running, settings);
    signals.run();
}

} // namespace

void add_serve(CLI::App& program) {
    auto* command = program.add_subcommand("serve", "Run the server");
    auto const flags = std::make_shared<common_flags>(); // lives as long as the parsed command
    add_common_flags(*command, *flags);
    command
        ->add_option("--listen", flags->settings.listen,
                     "Address to listen on; may be repeated. Port 0 picks a free one")
        ->type_name("ADDR:PORT");
    command
        ->add_option("--public-url", flags->settings.public_url,
                     "How browsers and platforms reach this server, e.g. https://connect.example.com")
        ->type_name("URL");
    command->callback([flags] { serve(*flags); });
}

} // namespace connectd::server::commands
