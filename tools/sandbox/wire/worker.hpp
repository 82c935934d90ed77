// One thread of the sandbox: an io_context, a listening socket for each port, and the connections that came
// through them.
//
// Threads: the constructor, `listen` and `stop` are the owner's; `look_again` may be called from any thread.
#pragma once

#include "server/runtime/task_group.hpp"
#include "tools/sandbox/wire/connection.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

namespace connectd::sandbox::wire {

class worker {
  public:
    worker();
    worker(worker const&) = delete;
    worker& operator=(worker const&) = delete;
    ~worker();

    // Binds and returns the port; port 0 takes a free one. With `shared` other sockets of this process may
    // have the same port. Throws system_error. Requires: not started.
    std::uint16_t bind(std::string const& address, std::uint16_t port, bool shared);

    // Serves the n-th bound socket. Requires: not started; `shared` outlives this object.
    void serve(std::size_t socket, service const& shared);

    void start();

    // Closes every socket and waits for the thread. Does nothing the second time.
    void stop();

    // A fault was cleared: requests that hang look again.
    void look_again();

  private:
    using acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, server::runtime::executor>;

    task<void> accept(acceptor& listening, service const& shared);
    task<void> run(tcp_socket socket, service const& shared);
    void close_all();

    boost::asio::io_context context_{1};
    std::vector<std::unique_ptr<acceptor>> acceptors_; // by pointer: accept loops refer to them
    std::unordered_set<connection*> connections_;
    server::runtime::task_group group_;
    std::thread thread_;
    bool stopping_ = false; // of the context's thread
};

} // namespace connectd::sandbox::wire
