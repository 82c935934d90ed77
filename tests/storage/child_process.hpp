// A program that a test starts, reads the output of, and may kill.
#pragma once

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace connectd::storage::testing {

class child_process {
  public:
    // The program, then its arguments. Its standard output comes through `read`.
    explicit child_process(std::vector<std::string> command) {
        int ends[2];
        if (pipe(ends) != 0)
            throw std::runtime_error("no pipe");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        posix_spawn_file_actions_addclose(&actions, ends[1]);
        std::vector<char*> arguments;
        for (auto& word : command)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        auto const failed = posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        close(ends[1]);
        output_ = ends[0];
        if (failed != 0) {
            close(output_);
            throw std::runtime_error("cannot start " + command[0]);
        }
    }
    ~child_process() {
        if (pid_ > 0) {
            kill_hard();
            wait_for_end();
        }
        close(output_);
    }

    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;

    pid_t pid() const noexcept { return pid_; }
    void kill_hard() const { kill(pid_, SIGKILL); }
    void terminate() const { kill(pid_, SIGTERM); }

    // The exit code, or minus the signal that ended it.
    int wait_for_end() {
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    // What the child has written, waiting for some of it until the deadline; empty when there is none by
    // then, or no child to write any.
    std::string read_until(std::chrono::steady_clock::time_point deadline) {
        auto const left =
            std::chrono::ceil<std::chrono::microseconds>(deadline - std::chrono::steady_clock::now());
        auto const micros = std::max(left, std::chrono::microseconds(0)).count();
        timespec const wait{micros / 1'000'000, micros % 1'000'000 * 1000};
        pollfd waiting{output_, POLLIN, 0};
        if (ppoll(&waiting, 1, &wait, nullptr) <= 0)
            return {};
        return read_some();
    }

    // Everything up to the end of the child.
    std::string read_all() {
        std::string all;
        for (auto some = read_some(); !some.empty(); some = read_some())
            all += some;
        return all;
    }

  private:
    std::string read_some() {
        std::string buffer(65536, '\0');
        for (;;) {
            auto const size = read(output_, buffer.data(), buffer.size());
            if (size < 0 && errno == EINTR)
                continue;
            buffer.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
            return buffer;
        }
    }

    pid_t pid_ = 0;
    int output_ = -1;
};

} // namespace connectd::storage::testing
