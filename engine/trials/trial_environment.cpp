#include "engine/trials/trial_environment.hpp"

#include "engine/trials/process/process_tree.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <random>

namespace hpogrid::trials {
namespace {

/// Open MPI, PRRTE and PMIx; MPICH, Hydra and Intel MPI; MVAPICH; Cray PALS and ALPS; Flux.
constexpr std::array<std::string_view, 18> mpi_prefixes{
    "OMPI_", "OPAL_",    "ORTE_",   "PRTE_",  "PMIX_",  "PMI_", "PMI2_", "MPI_",     "HYDRA_",
    "HYDI_", "MPIEXEC_", "MPIRUN_", "MPICH_", "I_MPI_", "MV2_", "PALS_", "ALPS_APP", "FLUX_TASK_"};

/// Slurm's description of the running step and of this task in it. What describes the job stays.
constexpr std::array<std::string_view, 16> slurm_prefixes{
    "SLURM_STEP",   "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NODEID",      "SLURM_TASK",     "SLURM_GTIDS",
    "SLURM_LAUNCH", "SLURM_SRUN",   "SLURM_NTASKS",  "SLURM_NPROCS",      "SLURM_CPU_BIND", "SLURM_MEM_BIND",
    "SLURM_MPI",    "SLURM_PMI",    "SLURM_PTY",     "SLURM_DISTRIBUTION"};

constexpr std::array thread_counts{"OMP_NUM_THREADS",        "OPENBLAS_NUM_THREADS",   "MKL_NUM_THREADS",
                                   "NUMEXPR_NUM_THREADS",    "VECLIB_MAXIMUM_THREADS", "BLIS_NUM_THREADS",
                                   "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"};

std::string absolute_or_empty(const std::filesystem::path& path) {
    return path.empty() ? std::string{} : std::filesystem::absolute(path).string();
}

}  // namespace

bool is_of_mpi(std::string_view variable) noexcept {
    const auto begins = [variable](std::string_view prefix) { return variable.starts_with(prefix); };
    return std::any_of(mpi_prefixes.begin(), mpi_prefixes.end(), begins) ||
           std::any_of(slurm_prefixes.begin(), slurm_prefixes.end(), begins);
}

Environment inherited_environment() {
    Environment result;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const auto equals = text.find('=');
        const std::string_view name = text.substr(0, equals);
        if (equals != std::string_view::npos && !is_of_mpi(name) && name != marker_variable) {
            result.emplace(name, text.substr(equals + 1));
        }
    }
    return result;
}

Environment slot_environment(const Surroundings& surroundings, SlotId slot) {
    Environment result;
    const auto& gpus = surroundings.gpus_of_slot;
    result["CUDA_VISIBLE_DEVICES"] = slot.value < gpus.size() ? gpus[slot.value] : std::string{};
    for (const char* name : thread_counts) {
        result[name] = std::to_string(std::max(1U, surroundings.threads));
    }
    result["HPOGRID_DATA_DIR"] = absolute_or_empty(surroundings.data_folder);
    result["HPOGRID_WORK_DIR"] = absolute_or_empty(surroundings.work_folder);
    result["PYTHONUNBUFFERED"] = "1";
    if (!surroundings.metric.empty()) {
        result["HPOGRID_METRIC"] = surroundings.metric;
    }
    return result;
}

Environment attempt_environment(const Surroundings& surroundings, SlotId slot, const TrialOrder& order,
                                const std::filesystem::path& folder, const std::string& token) {
    Environment result = slot_environment(surroundings, slot);
    result["HPOGRID_TRIAL_DIR"] = folder.string();
    result["HPOGRID_TRIAL_ID"] = std::to_string(order.trial.value);
    result["HPOGRID_ATTEMPT"] = std::to_string(order.attempt);
    result["HPOGRID_SEED"] = std::to_string(order.seed);
    if (!order.checkpoint.empty()) {
        result["HPOGRID_CHECKPOINT"] = order.checkpoint.string();
    }
    if (!surroundings.checkpoints_folder.empty()) {
        result["HPOGRID_CHECKPOINTS"] = absolute_or_empty(surroundings.checkpoints_folder);
    }
    if (!surroundings.save_at_end) {
        result["HPOGRID_SAVE_AT_END"] = "0";
    }
    result["HPOGRID_TIME_ATTRIBUTE"] = surroundings.time_attribute;
    if (!surroundings.stop.empty()) {
        nlohmann::json limits = nlohmann::json::object();
        for (const auto& [name, limit] : surroundings.stop) {
            limits[name] = limit;
        }
        result["HPOGRID_STOP"] = limits.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    }
    result[marker_variable] = token;
    return result;
}

std::vector<std::string> entries(Environment base, const Environment& changes) {
    for (const auto& [name, value] : changes) {
        base[name] = value;
    }
    std::vector<std::string> result;
    result.reserve(base.size());
    for (const auto& [name, value] : base) {
        result.push_back(name + '=' + value);
    }
    return result;
}

std::string make_token() {
    std::random_device random;
    return fmt::format("{}.{:08x}{:08x}{:08x}", ::getpid(), random(), random(), random());
}

}  // namespace hpogrid::trials
