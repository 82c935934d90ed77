// One connection to a pretend platform: reads requests, asks the rules, sends their answers, and carries out
// the faults that the plan has for them.
//
// Threads: lives on the thread of its socket's context.
#pragma once

#include "server/runtime/deadline.hpp"
#include "server/runtime/task.hpp"
#include "tools/sandbox/clock.hpp"
#include "tools/sandbox/faults.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/personality.hpp"
#include "tools/sandbox/wire/http_head.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>

namespace connectd::sandbox::wire {

using server::runtime::task;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, server::runtime::executor>;

// What the connections of one port share. Everything outlives them.
struct service {
    personality& rules;
    fault_plan& faults;
    journal& log;
    sandbox_clock const& clock;
    std::chrono::milliseconds latency; // of every answer
};

class connection {
  public:
    connection(tcp_socket socket, service const& shared);
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    // Until the client leaves, a deadline passes, a fault ends the connection, or `close`.
    task<void> serve();

    void close();

    // Lets a hanging request look whether its fault is still there.
    void look_again();

  private:
    // Each returns false when the connection is over.
    task<bool> read_request();
    task<bool> read_head();
    task<bool> read_body();
    task<bool> read_some();
    task<bool> handle();
    task<bool> send(reply const& answer);
    task<bool> send_text(std::string_view text);
    task<bool> refuse(unsigned status, std::string_view reason);
    task<bool> wait(std::chrono::milliseconds span);

    task<bool> suffer(struck met, std::string_view endpoint);
    task<bool> hang(std::uint64_t fault_id);
    task<bool> send_huge(fault const& scripted);
    task<bool> drip(reply const& answer, std::chrono::milliseconds interval);
    task<bool> send_half(reply const& answer);
    bool client_has_left();
    reply invent(fault const& scripted, std::string_view endpoint) const;

    reply process();
    void record(std::string_view endpoint, unsigned status, std::string_view fault);
    void reset();

    tcp_socket socket_;
    service const& service_;
    server::runtime::watchdog watchdog_;
    std::string in_;             // what was read and not yet consumed
    std::size_t head_size_ = 0;  // of the current request, at the front of in_
    std::size_t whole_size_ = 0; // head and body
    std::string late_;           // what came while a request hung; in_ must not move under its views
    request_head head_;
    std::string out_;
    bool hanging_ = false;
    bool closed_ = false;
};

} // namespace connectd::sandbox::wire
