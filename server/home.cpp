#include "server/home.hpp"

#include "crypto/api_key.hpp"
#include "crypto/keyring.hpp"
#include "server/key_files.hpp"
#include "server/services/api_keys.hpp"
#include "server/start_error.hpp"

#include <system_error>
#include <utility>

namespace connectd::server {
namespace {

void make_folder(std::filesystem::path const& folder) {
    std::error_code error;
    bool const made = std::filesystem::create_directories(folder, error);
    if (error) {
        throw start_error("Cannot make the data folder " + folder.string() + ": " + error.message());
    }
    if (made) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    }
}

template <class T>
T expect(services::outcome<T> answer, std::string const& doing) {
    if (answer.has_error()) {
        auto const& why = answer.error();
        throw start_error(doing + ": " + (why.detail.empty() ? why.code.message() : why.detail));
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*answer);
    }
}

} // namespace

home::home(config const& settings, runtime::clock const& clock) {
    make_folder(settings.data_dir);
    auto keys = load_master_keys(settings);
    made_master_key_ = keys.made;
    auto masters = crypto::master_keys::from(keys.keys);
    open_store(settings);
    vault_ = std::make_unique<services::vault>(*store_, std::move(masters).value(), clock);
    auto const fits = run_now(vault_->check_master_keys());
    if (fits.has_error() &&
        fits.error().code == services::make_error_code(services::errc::wrong_master_key)) {
        throw start_error("The store in " + settings.data_dir.string() +
                          " was sealed under another master key than the one given. Start with the right one "
                          "(master_keys in "
                          "the configuration, or " +
                          (settings.data_dir / master_key_name).string() + "); nothing was changed.");
    }
    expect(fits, "The store's keys could not be checked");
    install_root_key(settings, clock);
}

home::~home() {
    close();
}

void home::open_store(config const& settings) {
    auto opened = storage::rocksdb_store::open(
        {.folder = settings.data_dir / store_name,
         .create_if_missing = true,
         .memory = {.block_cache_bytes = settings.store.cache_bytes},
         .limits = {.batches = settings.store.queue_batches, .bytes = settings.store.queue_bytes}});
    if (opened.has_error()) {
        throw start_error(opened.error().message);
    }
    store_ = std::move(*opened);
}

// The file comes first: a key that only the store knows would be lost to everybody.
void home::install_root_key(config const& settings, runtime::clock const& clock) {
    services::api_key_revision revision{0};
    services::api_keys keys{*store_, clock, revision};
    if (expect(run_now(keys.has_root_key()), "The root key could not be looked up")) {
        return;
    }
    auto const file = settings.data_dir / root_key_name;
    auto text = read_root_key(settings.data_dir);
    if (!text) {
        text = std::move(crypto::make_api_key(crypto::api_key_kind::root).text);
        write_key_file(file, *text);
    }
    expect(run_now(keys.install_root_key(std::move(*text))),
           "The root key in " + file.string() + " could not be stored");
    made_root_key_ = file;
}

void home::close() {
    if (store_) {
        store_->close();
    }
}

} // namespace connectd::server
