// The real server program as a child process, and a client that asks it one thing a connection.
#pragma once

#include "tests/storage/child_process.hpp"
#include "tests/storage/support.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::testing {

using storage::testing::child_process;
using storage::testing::scratch_folder;

// For what must come sooner or later; no test waits this long unless it fails.
inline std::chrono::steady_clock::time_point patience() {
    return std::chrono::steady_clock::now() + std::chrono::seconds{60};
}

inline std::string read_file(std::filesystem::path const& file) {
    std::ifstream in{file};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    return text;
}

inline void write_text(std::filesystem::path const& file, std::string_view text) {
    std::ofstream{file} << text;
}

struct http_answer {
    unsigned status = 0; // 0: the connection broke before there was an answer
    std::string head;
    std::string body;

    boost::json::object json() const { return boost::json::parse(body).as_object(); }
};

inline http_answer ask(std::uint16_t port, std::string const& method, std::string const& path,
                       std::string const& key = {}, std::string const& body = {}) {
    http_answer answer;
    boost::asio::io_context io{1};
    boost::asio::ip::tcp::socket socket{io};
    boost::system::error_code error;
    socket.connect({boost::asio::ip::address_v4::loopback(), port}, error);
    auto text = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
    if (!key.empty()) {
        text += "Authorization: Bearer " + key + "\r\n";
    }
    if (!body.empty()) {
        text += "Content-Type: application/json\r\n";
    }
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    if (!error) {
        boost::asio::write(socket, boost::asio::buffer(text), error);
    }
    std::string all;
    if (!error) {
        boost::asio::read(socket, boost::asio::dynamic_buffer(all), error);
    }
    auto const gap = all.find("\r\n\r\n");
    if (gap != std::string::npos && all.starts_with("HTTP/1.1 ")) {
        answer.status = static_cast<unsigned>(std::stoul(all.substr(9, 3)));
        answer.head = all.substr(0, gap);
        answer.body = all.substr(gap + 4);
    }
    return answer;
}

// A server that has said that it is ready.
class running_server {
  public:
    // `before` are words in front of the command, `after` more arguments.
    explicit running_server(std::filesystem::path const& data_dir, std::vector<std::string> before = {},
                            std::vector<std::string> const& after = {})
        : process_{command(data_dir, std::move(before), after)} {
        constexpr std::string_view announcement = "connectd is ready at http://127.0.0.1:";
        auto const deadline = patience();
        for (;;) {
            auto const start = said_.find(announcement);
            if (start != std::string::npos && said_.find('\n', start) != std::string::npos) {
                port_ = static_cast<std::uint16_t>(std::stoul(said_.substr(start + announcement.size())));
                return;
            }
            auto const more = process_.read_until(deadline);
            if (more.empty()) {
                return; // it has ended, or says nothing: `ready` is false
            }
            said_ += more;
        }
    }

    bool ready() const { return port_ != 0; }
    std::uint16_t port() const { return port_; }
    std::string const& said() const { return said_; }
    child_process& process() { return process_; }

    http_answer ask(std::string const& method, std::string const& path, std::string const& key = {},
                    std::string const& body = {}) const {
        return testing::ask(port_, method, path, key, body);
    }
    http_answer make_workspace(std::string const& key, std::string const& slug,
                               std::string const& name = "A workspace") const {
        return ask("POST", "/v1/workspaces", key, R"({"slug":")" + slug + R"(","name":")" + name + R"("})");
    }

  private:
    static std::vector<std::string> command(std::filesystem::path const& data_dir,
                                            std::vector<std::string> before,
                                            std::vector<std::string> const& after) {
        for (auto const& word : {std::string{CONNECTD}, std::string{"serve"}, std::string{"--data-dir"},
                                 data_dir.string(), std::string{"--listen"}, std::string{"127.0.0.1:0"},
                                 std::string{"--log-level"}, std::string{"off"}}) {
            before.push_back(word);
        }
        before.insert(before.end(), after.begin(), after.end());
        return before;
    }

    child_process process_;
    std::string said_;
    std::uint16_t port_ = 0;
};

// What a command says on both outputs until it ends, and its exit code.
struct finished_command {
    std::string output;
    int code = 0;
};

inline finished_command run_connectd(std::vector<std::string> arguments,
                                     std::vector<std::string> environment = {}) {
    std::vector<std::string> command{"/usr/bin/env"};
    command.insert(command.end(), environment.begin(), environment.end());
    for (auto const* word : {"/bin/sh", "-c", "exec \"$0\" \"$@\" 2>&1", CONNECTD}) {
        command.emplace_back(word);
    }
    command.insert(command.end(), arguments.begin(), arguments.end());
    child_process child{std::move(command)};
    finished_command done;
    done.output = child.read_all();
    done.code = child.wait_for_end();
    return done;
}

} // namespace connectd::server::testing
