#include "server/app.hpp"

#include "server/api/problem.hpp"
#include "server/dialects/mounts.hpp"
#include "server/http/tls.hpp"
#include "server/platform_catalog.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/process_metrics.hpp"
#include "server/service_settings.hpp"
#include "server/start_error.hpp"

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

namespace connectd::server {
namespace {

std::shared_ptr<http::tls_certificates> load_certificates(config const& settings) {
    if (!settings.tls) {
        return nullptr;
    }
    std::string problem;
    auto loaded = http::tls_certificates::load(
        {settings.tls->certificate.string(), settings.tls->key.string()}, &problem);
    if (loaded.has_error()) {
        throw start_error("The TLS certificate cannot be used: " + problem);
    }
    return *loaded;
}

} // namespace

app::app(config settings, runtime::clock const& clock)
    : settings_{std::move(settings)},
      clock_{clock},
      certificates_{load_certificates(settings_)},
      connections_{std::make_shared<http::connection_budget>(settings_.limits.connections)},
      limiter_{{.quota = settings_.api.requests_per_key, .window = settings_.api.requests_window}},
      cors_{settings_.api.cors_origins},
      forms_{dialects::webhook_forms()} {
    catalog_ = std::make_unique<platforms::catalog>(load_platforms(settings_));
    home_ = std::make_unique<server::home>(settings_, clock_);
    service_settings_ = make_service_settings(settings_, *catalog_);
    quickstart_ = load_quickstart_apps(settings_, *catalog_);
    service_settings_.quickstart = &quickstart_;
    store_ = std::make_unique<services::ringing_store>(home_->store(), bell_);
    webhook_tests_ = std::make_unique<services::webhooks::tester>(*store_, home_->vault(), clock_,
                                                                  service_settings_, forms_);
    shared_ = std::make_unique<services::shared>(services::shared{
        *store_, home_->vault(), *catalog_, clock_, service_settings_, claims_, key_revision_, desk_, bell_,
        discoveries_, registrations_, pauses_, audit_turns_, idempotency_claims_, forms_, *webhook_tests_});
    names_ = std::make_unique<platforms::http::resolver>();
    add_metrics();
    try {
        make_threads();
    } catch (std::runtime_error const& error) { // an unusable authorities' file
        throw start_error(error.what());
    }
    http_metrics_ = std::make_unique<http_metrics>(metrics_, threads_.front()->routes());
}

app::~app() {
    stop();
}

void app::make_threads() {
    auto const count =
        settings_.io_threads != 0 ? settings_.io_threads : std::max(1U, std::thread::hardware_concurrency());
    auto const outbound = make_pool_options(settings_);
    auto inbound = make_server_options(settings_);
    auto const hosts = make_dialect_hosts(settings_);
    inbound.hooks.problem = [this, hosts](http::http_error const& error) {
        if (auto answer = dialects::http_refusal(error, hosts)) {
            return std::move(*answer);
        }
        auto answer = api::http_problem(error);
        if (error.cause != nullptr && error.cause->path.starts_with("/v1/")) {
            cors_.permit(*error.cause, answer);
        }
        return answer;
    };
    inbound.hooks.answered = [this, log = settings_.log.access](http::answered const& answer) {
        http_metrics_->record(answer);
        if (log) {
            http::write_access_log(answer);
        }
    };
    for (unsigned index = 0; index < count; ++index) {
        threads_.push_back(std::make_unique<io_thread>(io_thread::parts{
            *shared_, bell_, *names_, outbound, inbound, connections_, certificates_, metrics_, limiter_,
            cors_, std::bind_front(&app::not_ready, this), "io " + std::to_string(index), hosts}));
    }
    background_ =
        std::make_unique<server::background>(server::background::parts{*shared_,
                                                                       *names_,
                                                                       outbound,
                                                                       make_webhook_pool_options(settings_),
                                                                       bell_,
                                                                       metrics_,
                                                                       make_refresh_options(settings_),
                                                                       {},
                                                                       settings_.audit.retention});
}

void app::add_metrics() {
    runtime::add_process_metrics(metrics_);
    auto& store = home_->store();
    metrics_.add_gauge_reader("connectd_store_writable", "1 while the store takes writes.",
                              [&store] { return store.writable() ? 1.0 : 0.0; });
    metrics_.add_counter_reader("connectd_store_commit_groups_total",
                                "Groups of batches that went to disk in one sync.",
                                [&store] { return static_cast<double>(store.figures().groups); });
    metrics_.add_counter_reader("connectd_store_batches_total", "Batches written.",
                                [&store] { return static_cast<double>(store.figures().batches_written); });
    metrics_.add_gauge_reader("connectd_http_connections", "Open client connections.",
                              [budget = connections_] { return static_cast<double>(budget->used()); });
}

void app::start() {
    for (auto const& wanted : settings_.listen) {
        auto const bound = threads_.front()->open(wanted);
        std::for_each(threads_.begin() + 1, threads_.end(), [&](auto const& thread) { thread->join(bound); });
        bound_.push_back(bound);
    }
    service_settings_.public_url = public_url_of(settings_, bound_.front());
    for (auto const& thread : threads_) {
        thread->start(service_settings_.public_url);
    }
    background_->start();
}

void app::stop() {
    if (stopping_.exchange(true)) {
        return;
    }
    auto const deadline = runtime::deadline_in(settings_.shutdown_grace);
    for (auto const& thread : threads_) {
        thread->stop(deadline);
    }
    for (auto const& thread : threads_) {
        thread->wait();
    }
    if (background_) {
        background_->stop(deadline);
    }
    if (home_) {
        home_->close();
    }
}

bool app::reload_certificates() {
    std::string problem;
    if (!certificates_ || certificates_->reload(&problem).has_value()) {
        return true;
    }
    runtime::log::error("the certificate could not be reloaded; the old one stays in use",
                        {{"reason", problem}});
    return false;
}

std::string app::not_ready() const {
    if (stopping_.load()) {
        return "The server is shutting down.";
    }
    auto const& store = home_->store();
    return store.writable() ? std::string{} : "The store takes no writes: " + store.failure();
}

} // namespace connectd::server
