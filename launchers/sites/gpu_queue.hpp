#pragma once

#include "launchers/core/text_table.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// A queue of PanDA whose jobs get GPUs. Nothing where CRIC, the grid's register, does not say. It does not say how
/// many GPUs a job gets: that is one, unless the queue gives whole nodes, which the job finds out at run time.
struct GpuQueue {
    std::string name;
    std::string state;                      ///< "ACTIVE" or not
    std::string status;                     ///< "online", "test", "brokeroff", "offline"
    std::string site;                       ///< of the grid, as the pilot names it (QueueData of pilot3)
    std::string vendor;                     ///< "nvidia"
    std::vector<std::string> models;        ///< of GPUs
    std::optional<std::int64_t> cores;      ///< of a job
    std::optional<std::int64_t> memory;     ///< of a job, MB
    std::optional<std::int64_t> wall_time;  ///< of a job, seconds
    std::string container;                  ///< how images are run: "apptainer:pilot"

    [[nodiscard]] bool is_active() const { return state == "ACTIVE"; }
};

/// The GPU queues among CRIC's `{name: {…}}`, by name: those of resource type gpu, with "gpu" in `catchall`, or with a
/// GPU among their `architectures`. Throws InputError where it is no such object.
[[nodiscard]] std::vector<GpuQueue> gpu_queues(const nlohmann::json& queues);

/// For the terminal.
[[nodiscard]] TextTable queue_table(std::span<const GpuQueue> queues);
/// A list of objects, null where CRIC does not say.
[[nodiscard]] nlohmann::json json_of(std::span<const GpuQueue> queues);

}  // namespace hpogrid::launchers
