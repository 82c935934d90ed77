// Opening a store: which families it has, whether its data is ours to work on, and a clear reason when not.
#include "storage/rocksdb/background_watch.hpp"
#include "storage/rocksdb/database.hpp"
#include "storage/rocksdb/tuning.hpp"
#include "storage/schema.hpp"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace connectd::storage {
namespace {

// Fails as `opening` does, so that steps can be chained.
using step = std::optional<open_failure>;

class listener final : public rocksdb::EventListener {
  public:
    explicit listener(std::shared_ptr<background_watch> watch) : watch_(std::move(watch)) {}

    void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
        if (status->severity() >= rocksdb::Status::Severity::kHardError)
            watch_->failed("background work of the store failed: " + status->ToString());
    }

  private:
    std::shared_ptr<background_watch> watch_;
};

open_failure refused(std::filesystem::path const& folder, errc code, std::string const& why) {
    return {code, "cannot open the store in " + folder.string() + ": " + why};
}

// Whether somebody holds RocksDB's lock file; asked after a failed open, whose message does not say it
// reliably.
bool is_locked(std::filesystem::path const& folder) {
    auto* const env = rocksdb::Env::Default();
    rocksdb::FileLock* lock = nullptr;
    if (!env->LockFile((folder / "LOCK").string(), &lock).ok())
        return std::filesystem::exists(folder / "LOCK");
    env->UnlockFile(lock);
    return false;
}

} // namespace

class opening {
  public:
    explicit opening(rocksdb_options const& options)
        : options_(options), tuned_(tuned_options(options.memory)), opened_(new database) {
        tuned_.listeners.push_back(std::make_shared<listener>(opened_->watch_));
    }

    boost::system::result<std::unique_ptr<database>, open_failure> run() {
        for (auto const next :
             {&opening::prepare_folder, &opening::open_existing_families, &opening::check_schema,
              &opening::make_missing_families, &opening::stamp_schema})
            if (auto failure = (this->*next)())
                return std::move(*failure);
        return std::move(opened_);
    }

  private:
    step refuse(errc code, std::string const& why) const { return refused(options_.folder, code, why); }

    step prepare_folder() {
        auto const& folder = options_.folder;
        fresh_ = !std::filesystem::exists(folder / "CURRENT");
        if (fresh_ && !options_.create_if_missing)
            return refuse(errc::store_missing, "there is none");
        std::error_code error;
        if (std::filesystem::create_directories(folder, error))
            std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
        if (error)
            return refuse(errc::open_failed, error.message());
        return {};
    }

    step open_existing_families() {
        std::vector<std::string> names{rocksdb::kDefaultColumnFamilyName};
        if (!fresh_) {
            names.clear();
            auto const status = rocksdb::DB::ListColumnFamilies(tuned_, options_.folder.string(), &names);
            if (!status.ok())
                return refuse(errc::open_failed, status.ToString());
        }
        std::vector<rocksdb::ColumnFamilyDescriptor> wanted;
        for (auto const& name : names)
            wanted.emplace_back(name, options_for(name));
        tuned_.create_if_missing = fresh_;
        std::vector<rocksdb::ColumnFamilyHandle*> handles;
        rocksdb::DB* db = nullptr;
        auto const status = rocksdb::DB::Open(tuned_, options_.folder.string(), wanted, &handles, &db);
        if (!status.ok())
            return is_locked(options_.folder)
                       ? refuse(errc::store_locked,
                                "another process has it open (a server, or a command working offline)")
                       : refuse(errc::open_failed, status.ToString());
        opened_->db_.reset(db);
        for (std::size_t at = 0; at < handles.size(); ++at)
            adopt(names[at], std::unique_ptr<rocksdb::ColumnFamilyHandle>(handles[at]));
        return {};
    }

    rocksdb::ColumnFamilyOptions options_for(std::string_view name) const {
        rocksdb::ColumnFamilyOptions options(tuned_);
        for (auto const which : all_families)
            if (name == name_of(which))
                tune_family(options, which);
        return options;
    }

    void adopt(std::string const& name, std::unique_ptr<rocksdb::ColumnFamilyHandle> handle) {
        for (auto const which : all_families)
            if (name == name_of(which))
                opened_->handles_[index_of(which)] = std::move(handle);
        if (handle && name != rocksdb::kDefaultColumnFamilyName)
            foreign_ = name;
    }

    step check_schema() {
        auto const has_meta = opened_->handle(family::meta) != nullptr;
        auto const stamp =
            has_meta ? opened_->get(family::meta, schema_key) : result<std::optional<row>>(std::nullopt);
        if (!stamp)
            return refuse(errc::open_failed, stamp.error().message());
        if (*stamp) {
            if (auto failure = refuse_schema((*stamp)->value))
                return open_failure{failure->code,
                                    refused(options_.folder, errc::open_failed, failure->message).message};
            stamped_ = true;
            current_ = (*stamp)->value == encode_schema_stamp(schema_version);
        }
        // A first opening that was cut short leaves no stamp and no rows, and is simply continued.
        if (!stamped_ && !is_empty())
            return refuse(errc::open_failed,
                          "it holds data without a schema stamp, so connectd did not write it");
        if (!foreign_.empty())
            return refuse(errc::open_failed,
                          "it has a family '" + foreign_ + "' that this program does not know");
        return {};
    }

    bool is_empty() const {
        return foreign_.empty() && std::ranges::all_of(all_families, [this](family which) {
                   auto const rows =
                       opened_->handle(which) != nullptr ? opened_->scan(which, {{}, {}, 1, false}) : page();
                   return rows && rows->rows.empty();
               });
    }

    step make_missing_families() {
        std::vector<rocksdb::ColumnFamilyDescriptor> missing;
        for (auto const which : all_families)
            if (opened_->handle(which) == nullptr)
                missing.emplace_back(std::string(name_of(which)), options_for(name_of(which)));
        if (missing.empty())
            return {};
        std::vector<rocksdb::ColumnFamilyHandle*> handles;
        auto const status = opened_->db_->CreateColumnFamilies(missing, &handles);
        for (std::size_t at = 0; at < handles.size(); ++at)
            adopt(missing[at].name, std::unique_ptr<rocksdb::ColumnFamilyHandle>(handles[at]));
        if (!status.ok())
            return refuse(errc::open_failed, status.ToString());
        return {};
    }

    step stamp_schema() {
        if (current_)
            return {};
        write_batch batch;
        batch.put(family::meta, std::string(schema_key), encode_schema_stamp(schema_version));
        accepted_batch const only{&batch, opened_->last_version() + 1};
        if (auto failure = opened_->write({&only, 1}))
            return refuse(errc::open_failed, *failure);
        return {};
    }

    rocksdb_options const& options_;
    rocksdb::Options tuned_;
    std::unique_ptr<database> opened_;
    std::string foreign_;
    bool fresh_ = false;
    bool stamped_ = false; // by whatever version
    bool current_ = false; // by this one
};

boost::system::result<std::unique_ptr<database>, open_failure>
database::open(rocksdb_options const& options) {
    return opening(options).run();
}

} // namespace connectd::storage
