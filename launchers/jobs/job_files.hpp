#pragma once

#include <string_view>

namespace hpogrid::launchers {

/// Files of jobs/ as they were when this was built: what is submitted does not depend on where the program was copied
/// to.
[[nodiscard]] std::string_view grid_job_template() noexcept;
[[nodiscard]] std::string_view slurm_job_template() noexcept;
[[nodiscard]] std::string_view job_library() noexcept;
[[nodiscard]] std::string_view run_engine_script() noexcept;

}  // namespace hpogrid::launchers
