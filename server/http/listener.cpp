#include "server/http/listener.hpp"

#include "server/http/connection_set.hpp"
#include "server/http/serve.hpp"
#include "server/http/tls.hpp"
#include "server/runtime/log.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/error.hpp>

#include <utility>

#include <sys/socket.h>

namespace connectd::server::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using acceptor = asio::basic_socket_acceptor<tcp, runtime::executor>;

// Longer than the usual burst; the kernel caps it at net.core.somaxconn.
constexpr int backlog = 4096;
// Connections over the cap that are being told so, at one time; more are closed without a word.
constexpr std::size_t most_refusals = 64;
constexpr std::chrono::milliseconds accept_pause{100};
// What cancelled handlers get to unwind.
constexpr std::chrono::seconds unwinding{5};

// A socket option in the form Asio's set_option wants.
struct reuse_port {
    int enabled = 1;

    template <class Protocol>
    int level(Protocol const&) const noexcept {
        return SOL_SOCKET;
    }
    template <class Protocol>
    int name(Protocol const&) const noexcept {
        return SO_REUSEPORT;
    }
    template <class Protocol>
    int const* data(Protocol const&) const noexcept {
        return &enabled;
    }
    template <class Protocol>
    std::size_t size(Protocol const&) const noexcept {
        return sizeof enabled;
    }
};

boost::system::error_code bind_and_listen(acceptor& socket, tcp::endpoint const& endpoint) {
    boost::system::error_code error;
    auto const step = [&error](auto&& action) {
        if (!error) {
            action();
        }
    };
    step([&] { socket.open(endpoint.protocol(), error); });
    step([&] { socket.set_option(tcp::acceptor::reuse_address{true}, error); });
    step([&] { socket.set_option(reuse_port{}, error); });
    step([&] { socket.bind(endpoint, error); });
    step([&] { socket.listen(backlog, error); });
    if (error) {
        boost::system::error_code ignored;
        socket.close(ignored);
    }
    return error;
}

// Whether the port can be had alone; an acceptor without SO_REUSEPORT asks that.
boost::system::error_code probe(asio::io_context& context, tcp::endpoint const& endpoint) {
    acceptor socket{context.get_executor()};
    boost::system::error_code error;
    socket.open(endpoint.protocol(), error);
    if (!error) {
        socket.set_option(tcp::acceptor::reuse_address{true}, error);
    }
    if (!error) {
        socket.bind(endpoint, error);
    }
    return error;
}

bool out_of_resources(boost::system::error_code const& error) noexcept {
    return error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
           error == asio::error::no_memory || error == boost::system::errc::too_many_files_open_in_system;
}

} // namespace

class listener::implementation {
  public:
    implementation(asio::io_context& context, router const& routes, runtime::clock const& clock,
                   server_options options, std::shared_ptr<connection_budget> budget,
                   std::shared_ptr<tls_certificates> certificates)
        : context_{context},
          acceptor_{context.get_executor()},
          pause_{context.get_executor()},
          set_{std::make_shared<connection_set>(context.get_executor(), routes, clock, std::move(options))},
          budget_{std::move(budget)},
          refusals_{std::make_shared<connection_budget>(most_refusals)},
          certificates_{std::move(certificates)} {}

    static task<void> accept(std::shared_ptr<implementation> self);
    static task<bool> stop(std::shared_ptr<implementation> self, runtime::steady_time deadline);
    void close() noexcept;

    asio::io_context& context_;
    acceptor acceptor_;
    runtime::timer pause_;
    std::shared_ptr<connection_set> set_;
    std::shared_ptr<connection_budget> budget_;
    std::shared_ptr<connection_budget> refusals_;
    std::shared_ptr<tls_certificates> certificates_;
    bool starved_ = false;

  private:
    void take(tcp_socket socket, tcp::endpoint const& peer);
    task<void> recover(boost::system::error_code error);
};

task<void> listener::implementation::accept(std::shared_ptr<implementation> self) {
    while (self->acceptor_.is_open()) {
        tcp::endpoint peer;
        auto [error, socket] = co_await self->acceptor_.async_accept(peer, runtime::use_tuple);
        if (!error) {
            self->starved_ = false;
            self->take(std::move(socket), peer);
        } else if (self->acceptor_.is_open()) {
            co_await self->recover(error);
        }
    }
}

// A failed accept says something about one client, or that the process has no descriptor left for it. The
// latter passes when others close; until then the client waits in the kernel's queue.
task<void> listener::implementation::recover(boost::system::error_code error) {
    if (!out_of_resources(error)) {
        co_return;
    }
    if (!std::exchange(starved_, true)) {
        runtime::log::warning("no resources to accept connections", {{"error", error.message()}});
    }
    pause_.expires_after(accept_pause);
    co_await pause_.async_wait(runtime::use_tuple);
}

void listener::implementation::take(tcp_socket socket, tcp::endpoint const& peer) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    if (budget_->take()) {
        accepted client{std::move(socket), peer, connection_place{budget_}};
        if (certificates_) {
            serve_tls(set_, std::move(client), certificates_->current());
        } else {
            serve_plain(set_, std::move(client));
        }
    } else if (!certificates_ && refusals_->take()) {
        refuse_plain(set_, {std::move(socket), peer, connection_place{refusals_}});
    }
}

void listener::implementation::close() noexcept {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    set_->drain();
}

task<bool> listener::implementation::stop(std::shared_ptr<implementation> self,
                                          runtime::steady_time deadline) {
    self->close();
    auto& tasks = self->set_->tasks();
    if (co_await tasks.join(deadline)) {
        co_return true;
    }
    self->set_->close_all();
    tasks.cancel();
    co_return co_await tasks.join(runtime::deadline_in(unwinding));
}

listener::listener(asio::io_context& context, router const& routes, runtime::clock const& clock,
                   server_options options, std::shared_ptr<connection_budget> budget,
                   std::shared_ptr<tls_certificates> certificates)
    : implementation_{std::make_shared<implementation>(context, routes, clock, std::move(options),
                                                       std::move(budget), std::move(certificates))} {}

listener::~listener() {
    implementation_->close();
}

boost::system::result<tcp::endpoint> listener::open(tcp::endpoint const& wanted) {
    auto error = wanted.port() == 0 ? boost::system::error_code{} : probe(implementation_->context_, wanted);
    if (!error) {
        error = bind_and_listen(implementation_->acceptor_, wanted);
    }
    if (error) {
        return error;
    }
    return implementation_->acceptor_.local_endpoint();
}

boost::system::result<void> listener::join(tcp::endpoint const& bound) {
    auto const error = bind_and_listen(implementation_->acceptor_, bound);
    return error ? boost::system::result<void>{error} : boost::system::result<void>{};
}

void listener::start() {
    implementation_->set_->tasks().spawn("accept", implementation::accept(implementation_));
}

task<bool> listener::stop(runtime::steady_time deadline) {
    return implementation::stop(implementation_, deadline);
}

std::size_t listener::connections() const noexcept {
    return implementation_->set_->size();
}

} // namespace connectd::server::http
