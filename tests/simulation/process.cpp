#include "tests/simulation/process.hpp"

#include "tests/server/services/support.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <functional>
#include <utility>

namespace connectd::simulation {
namespace {

namespace services = server::services;
namespace refresh = services::refresh;

server::runtime::task<void> ask(refresh::desk& desk, refresh::order what) {
    co_await desk.refresh(what);
}

server::runtime::task<void> store(services::account_commit& commits, services::new_connection made) {
    co_await commits.store(std::move(made));
}

server::runtime::task<void> part(services::disconnects& all, crypto::workspace_id workspace,
                                 crypto::account_id id, services::row_wish row) {
    co_await all.disconnect(workspace, id.to_string(), {.row = row});
}

// Whether it worked is in what it has written.
template <class T>
server::runtime::task<void> finish(server::runtime::task<T> work) {
    co_await std::move(work);
}

} // namespace

server::runtime::task<void> fate::step(std::uint64_t times_as_often) {
    for (auto turns = chance_.below(2); turns > 0; --turns) {
        co_await boost::asio::post(io_, server::runtime::use_task);
    }
    if (chance_.one_in(one_in_ / times_as_often)) {
        has_come_ = true;
        io_.stop();
    }
    if (has_come_) {
        co_await never_.async_wait(server::runtime::use_tuple);
    }
}

storage::task<storage::result<std::optional<storage::row>>> watched_store::get(storage::family where,
                                                                               std::string key) {
    co_await fate_.step();
    co_return co_await given_.below.get(where, std::move(key));
}

storage::task<storage::result<storage::page>> watched_store::scan(storage::family where,
                                                                  storage::scan_range range) {
    co_await fate_.step();
    co_return co_await given_.below.scan(where, std::move(range));
}

storage::task<storage::result<std::uint64_t>> watched_store::commit(storage::write_batch batch) {
    co_await fate_.step();
    auto const operations = batch.operations();
    std::vector<storage::write_batch::operation> written{operations.begin(), operations.end()};
    if (given_.ignores_guards) {
        batch = {};
        for (auto const& each : written) {
            if (each.value && each.stamp_at) {
                std::string_view const key{each.key};
                batch.put_stamped(each.where, key.substr(0, *each.stamp_at),
                                  key.substr(*each.stamp_at + sizeof(std::uint64_t)), *each.value);
            } else if (each.value) {
                batch.put(each.where, each.key, *each.value);
            } else {
                batch.erase(each.where, each.key);
            }
        }
    }
    auto const done = co_await given_.below.commit(std::move(batch));
    if (done.has_value()) {
        given_.post.committed(written, given_.now);
        co_await given_.book.committed(std::move(written), given_.now);
    }
    co_await fate_.step();
    co_return done;
}

process::process(surroundings const& around)
    : around_{around},
      fate_{io_, around.chance, around.steps_in_a_life},
      watched_{around.store, fate_},
      store_{watched_, bell_},
      keys_{store_, services::testing::masters("a"), around.clock},
      client_{around, fate_},
      resolver_{discoveries_, client_, around.clock, around.settings},
      tasks_{io_.get_executor(), "tasks"},
      work_{io_.get_executor(), "work"},
      spender_{store_,       keys_,           around.catalog, client_,
               around.clock, around.settings, resolver_,      around.schedule.plan.lane.at_once},
      meters_{metrics_},
      refresher_{spender_, meters_, work_},
      notices_{store_, around.catalog, around.clock, around.settings},
      scheduler_{{store_, around.clock, refresher_, notices_, desk_, meters_, work_},
                 around.schedule,
                 io_.get_executor()},
      commits_{store_, keys_, around.clock, desk_},
      disconnects_{store_,          keys_, around.catalog, client_,  around.clock,
                   around.settings, desk_, tasks_,         resolver_},
      endpoints_{store_, keys_, around.clock, around.settings, bell_, forms_},
      deliveries_{store_, around.clock, bell_},
      courier_{store_, keys_, client_, around.clock, forms_},
      delivery_meters_{metrics_},
      deliverer_{courier_,          store_, around.clock, delivery_meters_, work_, around.delivering,
                 io_.get_executor()} {
    bell_.listen(io_.get_executor(), std::bind_front(&services::webhooks::deliverer::heard, &deliverer_));
    desk_.open({refresher_, work_, io_.get_executor(),
                std::bind_front(&refresh::scheduler::changed, &scheduler_),
                std::bind_front(&refresh::scheduler::refreshed, &scheduler_)});
    tasks_.spawn("scheduler", scheduler_.run());
    tasks_.spawn("deliverer", deliverer_.run());
}

void process::go_on() {
    scheduler_.look();
    deliverer_.look();
    io_.restart();
    io_.poll();
}

void process::refresh(services::refresh::order what) {
    tasks_.spawn("refresh", ask(desk_, what));
}

void process::connect(services::new_connection made) {
    tasks_.spawn("connect", store(commits_, std::move(made)));
}

void process::disconnect(crypto::workspace_id workspace, crypto::account_id id,
                         services::row_wish what_becomes_of_the_row) {
    tasks_.spawn("disconnect", part(disconnects_, workspace, id, what_becomes_of_the_row));
}

void process::pause(crypto::workspace_id workspace, std::string webhook) {
    tasks_.spawn("pause", finish(endpoints_.pause(workspace, std::move(webhook))));
}

void process::resume(crypto::workspace_id workspace, std::string webhook) {
    tasks_.spawn("resume", finish(endpoints_.resume(workspace, std::move(webhook), false)));
}

void process::redeliver(crypto::workspace_id workspace, std::string webhook, std::string event) {
    tasks_.spawn("redeliver", finish(deliveries_.redeliver(workspace, std::move(webhook), std::move(event))));
}

} // namespace connectd::simulation
