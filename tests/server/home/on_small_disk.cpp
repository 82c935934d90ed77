// usage: on_small_disk FOLDER SIZE PROGRAM ARGUMENTS...
// Mounts a disk of that size ("24m") on the folder, seen by this process alone, and becomes the program. Ends
// with 77 and the reason on standard output where the kernel allows no such disk.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace {

constexpr int skipped = 77;

[[noreturn]] void skip(char const* call) {
    std::printf("%s: %s\n", call, std::strerror(errno));
    std::fflush(stdout);
    _exit(skipped);
}

void write_file(char const* path, std::string const& text) {
    std::ofstream(path) << text;
}

// As root a mount namespace is enough; others need a user namespace to be root in.
void enter_own_mounts() {
    auto const user = getuid();
    auto const group = getgid();
    if (unshare(CLONE_NEWNS) != 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
            skip("unshare");
        }
        write_file("/proc/self/setgroups", "deny");
        write_file("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
        write_file("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
    }
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        skip("making the mounts private");
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        return 2;
    }
    enter_own_mounts();
    auto const size = "size=" + std::string{argv[2]};
    if (mount("none", argv[1], "tmpfs", 0, size.c_str()) != 0) {
        skip("mounting a tmpfs");
    }
    execv(argv[3], argv + 3);
    return 1;
}
