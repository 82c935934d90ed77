#include "server/runtime/process_metrics.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace connectd::server::runtime {

namespace {

// /proc/self/stat after the command name, which is in parentheses and may itself hold spaces and parentheses.
// Counted from 0 = state, which proc(5) calls field 3.
enum stat_field : std::size_t {
    user_ticks = 11,
    system_ticks = 12,
    threads = 17,
    start_ticks = 19,
    virtual_size = 20,
    resident_pages = 21
};

double stat_value(stat_field wanted) {
    std::ifstream file{"/proc/self/stat"};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    auto const end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos) {
        return 0;
    }
    std::istringstream rest{text.substr(end_of_name + 1)};
    std::vector<std::string> const words{std::istream_iterator<std::string>{rest}, {}};
    if (words.size() <= wanted) {
        return 0;
    }
    std::istringstream word{words[wanted]};
    double value = 0;
    word >> value;
    return value;
}

double ticks_per_second() {
    auto const ticks = ::sysconf(_SC_CLK_TCK);
    return ticks > 0 ? static_cast<double>(ticks) : 100.0;
}

double boot_time() {
    std::ifstream file{"/proc/stat"};
    for (std::string word; file >> word;) {
        if (word == "btime") {
            double value = 0;
            file >> value;
            return value;
        }
    }
    return 0;
}

double open_descriptors() {
    std::error_code error;
    std::filesystem::directory_iterator const entries{"/proc/self/fd", error};
    if (error) {
        return 0;
    }
    // Without the one that reads the folder.
    return static_cast<double>(std::distance(begin(entries), end(entries)) - 1);
}

double descriptor_limit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

} // namespace

void add_process_metrics(metrics_registry& registry) {
    registry.add_gauge_reader("process_resident_memory_bytes", "Resident memory size in bytes.", [] {
        return stat_value(resident_pages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    });
    registry.add_gauge_reader("process_virtual_memory_bytes", "Virtual memory size in bytes.",
                              [] { return stat_value(virtual_size); });
    registry.add_counter_reader(
        "process_cpu_seconds_total", "User and system CPU time spent in seconds.",
        [] { return (stat_value(user_ticks) + stat_value(system_ticks)) / ticks_per_second(); });
    registry.add_gauge_reader("process_threads", "Number of threads.", [] { return stat_value(threads); });
    registry.add_gauge_reader("process_open_fds", "Number of open file descriptors.", open_descriptors);
    registry.add_gauge_reader("process_max_fds", "Largest number of open file descriptors.",
                              descriptor_limit);
    // It does not change, so it is read once.
    auto const started = boot_time() + stat_value(start_ticks) / ticks_per_second();
    registry.add_gauge_reader("process_start_time_seconds", "Start of the process, in seconds since 1970.",
                              [started] { return started; });
}

} // namespace connectd::server::runtime
