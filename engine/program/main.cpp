// hpogrid-engine: rank 0 of `mpirun hpogrid-engine` runs optimiser and scheduler, every other rank evaluates trials.

#include "engine/cluster/local_transport.hpp"
#include "engine/cluster/mpi_session.hpp"
#include "engine/cluster/mpi_transport.hpp"
#include "engine/cluster/stop_signals.hpp"
#include "engine/core/environment.hpp"
#include "engine/core/error.hpp"
#include "engine/program/command_line.hpp"
#include "engine/program/controller_rank.hpp"
#include "engine/program/worker_rank.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string>
#include <thread>

namespace {

using namespace hpogrid;

/// Under `mpirun --enable-recovery` the exit status of a rank is lost: mpirun itself then always exits 0. Whoever
/// starts it names a file for it in the environment (jobs/run-engine does). Answers what the rank is to exit with: 0
/// when the status is in the file, because mpirun would complain of anything else in its own words.
int leave_status(int status) {
    const std::string path = environment_variable("HPOGRID_EXIT_STATUS_FILE");
    if (path.empty()) {
        return status;
    }
    std::ofstream file{path};
    file << status << std::endl;
    return file ? 0 : status;
}

/// Controller and worker in one process: the worker has a thread of its own.
int run_alone(const program::CommandLine& command_line, const std::string& host, cluster::StopSignals& signals) {
    cluster::LocalTransports ends = cluster::make_local_transports();
    std::thread worker{[&]() noexcept { static_cast<void>(program::run_worker(*ends.worker, {.host = host})); }};
    signals.leave_pending_for(worker.native_handle());
    const program::ControllerResult result = program::run_controller(command_line, *ends.controller, signals);
    worker.join();
    return result.status;
}

cluster::MpiEnd mpi_end(cluster::LostRanks lost) noexcept {
    switch (lost) {
        case cluster::LostRanks::none:
            return cluster::MpiEnd::finalize;
        case cluster::LostRanks::dead:
            return cluster::MpiEnd::leave;
        default:
            return cluster::MpiEnd::abort;
    }
}

cluster::MpiEnd mpi_end(cluster::WorkerEnd end) noexcept {
    switch (end) {
        case cluster::WorkerEnd::dismissed:
            return cluster::MpiEnd::finalize;
        case cluster::WorkerEnd::controller_silent:
            return cluster::MpiEnd::abort;
        default:
            return cluster::MpiEnd::leave;
    }
}

int run_rank(const program::CommandLine& command_line, cluster::MpiSession& session, cluster::StopSignals& signals) {
    cluster::MpiTransport transport{session};
    if (session.rank() == 0) {
        const program::ControllerResult result = program::run_controller(command_line, transport, signals);
        const int status = leave_status(result.status);
        session.end_by(mpi_end(result.lost_ranks), status);
        return status;
    }
    cluster::MpiTransport channel{session, {.tag = 2}};
    const program::NodePlace place{.host = session.host(),
                                   .index = session.worker_on_node(),
                                   .workers = session.node_workers(),
                                   .channel = &channel,
                                   .controller = session.controller_process()};
    const cluster::WorkerEnd end = program::run_worker(transport, place);
    const bool orderly = end == cluster::WorkerEnd::dismissed || end == cluster::WorkerEnd::dismissed_after_deaths;
    const int status = orderly ? 0 : program::interrupted_status;
    session.end_by(mpi_end(end), status);
    return status;
}

/// Without it there is one rank, which need not wait for MPI to say what its command line asks for.
bool is_started_by_mpirun() {
    return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr;
}

/// Answers the status to exit with.
int print(const program::PrintAndExit& instead) {
    std::fputs(instead.text.c_str(), instead.status == 0 ? stdout : stderr);
    return instead.status;
}

int run(int argument_count, char** arguments) {
    const auto [command_line, instead] = program::parse_command_line(argument_count, arguments);
    if (instead && !is_started_by_mpirun()) {
        return leave_status(print(*instead));
    }
    // Before MPI and any thread, so that all of them leave the signals to us.
    cluster::StopSignals signals;
    cluster::MpiSession session;
    if (instead) {
        if (session.rank() != 0) {
            return instead->by_every_rank ? print(*instead) : 0;
        }
        return leave_status(print(*instead));
    }
    return session.size() == 1 ? leave_status(run_alone(command_line, session.host(), signals))
                               : run_rank(command_line, session, signals);
}

}  // namespace

int main(int argument_count, char** arguments) {
    try {
        return run(argument_count, arguments);
    } catch (const std::exception& error) {
        fmt::print(stderr, "hpogrid-engine: {}\n", error.what());
        return program::interrupted_status;
    }
}
