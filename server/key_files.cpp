#include "server/key_files.hpp"

#include "server/runtime/log.hpp"
#include "server/start_error.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace connectd::server {
namespace {

constexpr std::size_t max_key_file = 4096;

class descriptor {
  public:
    explicit descriptor(int value) noexcept : value_{value} {}
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    ~descriptor() {
        if (value_ >= 0) {
            ::close(value_);
        }
    }
    int get() const noexcept { return value_; }

  private:
    int value_;
};

[[noreturn]] void fail(std::string const& what, std::filesystem::path const& file, int error) {
    throw start_error(what + " " + file.string() + ": " + std::strerror(error));
}

void warn_if_readable(std::filesystem::path const& file, int opened) {
    struct stat found{};
    if (::fstat(opened, &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        runtime::log::warning("a key file is open to other users; give it mode 0600",
                              {{"file", file.string()}});
    }
}

// Without surrounding white space. Nothing when there is no such file.
std::optional<crypto::secret> read_key_file(std::filesystem::path const& file) {
    descriptor const opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (opened.get() < 0 && errno == ENOENT) {
        return std::nullopt;
    }
    if (opened.get() < 0) {
        fail("Cannot read", file, errno);
    }
    warn_if_readable(file, opened.get());
    auto buffer = crypto::secret::of_size(max_key_file);
    auto const size = ::read(opened.get(), buffer.writable().data(), buffer.size());
    if (size < 0) {
        fail("Cannot read", file, errno);
    }
    constexpr std::string_view blanks = " \t\r\n";
    auto text = buffer.reveal().substr(0, static_cast<std::size_t>(size));
    auto const begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        throw start_error(file.string() + " is empty.");
    }
    text = text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
    return crypto::secret::copy_of(text);
}

crypto::guarded_key parse_master_key(crypto::secret const& text, std::string const& where) {
    auto key = crypto::guarded_key::from_hex(text.reveal());
    if (key.has_error()) {
        throw start_error("The master key in " + where + " is not 64 hexadecimal digits.");
    }
    return std::move(*key);
}

std::filesystem::path file_of(secret_source const& source, std::string const& what) {
    if (source.from == secret_source::kind::file) {
        return source.name;
    }
    char const* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
        throw start_error("The systemd credential \"" + source.name + "\" should hold " + what +
                          ", but systemd has passed none (CREDENTIALS_DIRECTORY is not set).");
    }
    return std::filesystem::path{folder} / source.name;
}

} // namespace

// Whole or not at all, also when the machine stops in the middle: the file gets its name only once it is on
// disk.
void write_key_file(std::filesystem::path const& file, crypto::secret const& text) {
    auto const draft = std::filesystem::path{file}.concat(".new");
    descriptor const opened{
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (opened.get() < 0) {
        fail("Cannot make", draft, errno);
    }
    auto const whole = text.reveal();
    bool const named =
        ::write(opened.get(), whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()) &&
        ::write(opened.get(), "\n", 1) == 1 && ::fsync(opened.get()) == 0 &&
        ::link(draft.c_str(), file.c_str()) == 0; // unlike rename, never in place of another file
    int const error = errno;
    ::unlink(draft.c_str());
    if (!named) {
        fail("Cannot write", file, error);
    }
    descriptor const folder{::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder.get() < 0 || ::fsync(folder.get()) != 0) {
        fail("Cannot bring to disk", file, errno);
    }
}

placed_secret read_secret(secret_source const& source, std::string const& what) {
    if (source.from == secret_source::kind::environment) {
        char const* value = std::getenv(source.name.c_str());
        if (value == nullptr) {
            throw start_error("The environment variable " + source.name + " that should hold " + what +
                              " is not set.");
        }
        return {crypto::secret::copy_of(std::string_view{value}), "the environment variable " + source.name};
    }
    auto const file = file_of(source, what);
    auto text = read_key_file(file);
    if (!text) {
        throw start_error("There is no file " + file.string() + ", which should hold " + what + ".");
    }
    return {std::move(*text), file.string()};
}

master_key_list load_master_keys(config const& settings) {
    master_key_list list;
    for (auto const& source : settings.master_keys) {
        auto const read = read_secret(source, "a master key");
        list.keys.push_back(parse_master_key(read.text, read.where));
    }
    if (!list.keys.empty()) {
        return list;
    }
    auto const file = settings.data_dir / master_key_name;
    if (auto const text = read_key_file(file)) {
        list.keys.push_back(parse_master_key(*text, file.string()));
        return list;
    }
    if (std::filesystem::exists(settings.data_dir / store_name)) {
        throw start_error("There is a store in " + settings.data_dir.string() + ", but its master key " +
                          file.string() +
                          " is gone. Put it back, or name it in master_keys; nothing was changed.");
    }
    auto key = crypto::guarded_key::random();
    write_key_file(file, key.to_hex());
    list.keys.push_back(std::move(key));
    list.made = file;
    return list;
}

std::optional<crypto::secret> read_root_key(std::filesystem::path const& data_dir) {
    return read_key_file(data_dir / root_key_name);
}

} // namespace connectd::server
