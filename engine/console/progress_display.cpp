#include "engine/console/progress_display.hpp"

#include "engine/core/process_table.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace hpogrid::console {
namespace {

constexpr double block_interval = 0.5;  // seconds
constexpr double line_interval = 30.0;

bool under_mpirun() noexcept {
    return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr;
}

/// The terminal that people look at: ours, or that of the mpirun which started us and passes our output on (through a
/// pseudo-terminal of its own, so that asking ours alone would mislead). Empty if there is none.
std::string terminal_path() {
    const std::filesystem::path process = under_mpirun() ? folder_of_parent() : "/proc/self";
    std::error_code error;
    const std::string target = std::filesystem::read_symlink(process / "fd/1", error).string();
    return !error && (target.starts_with("/dev/pts/") || target.starts_with("/dev/tty")) ? target : std::string{};
}

std::size_t terminal_width() {
    constexpr std::size_t usual = 80;
    const int terminal = ::open(terminal_path().c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0) {
        return usual;
    }
    winsize size{};
    const bool known = ::ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    ::close(terminal);
    return known ? size.ws_col : usual;
}

}  // namespace

bool ProgressDisplay::on_terminal() {
    return !terminal_path().empty();
}

void ProgressDisplay::update(const study::Study& study, Moment moment) {
    if (mode_ == ProgressMode::none || moment.now < next_) {
        return;
    }
    if (mode_ == ProgressMode::live) {
        next_ = moment.now + block_interval;
        draw(study, moment);
    } else if (next_ == 0.0) {
        // The start is told otherwise.
        next_ = moment.now + line_interval;
    } else {
        next_ = moment.now + line_interval;
        fmt::print("{}\n", progress_line(study, moment));
        std::fflush(stdout);
    }
}

void ProgressDisplay::draw(const study::Study& study, Moment moment) {
    const std::size_t width = terminal_width();
    // A line that fills the last column makes some terminals wrap.
    block_.draw(progress_block(study, space_, moment, width - 1), width);
}

void ProgressDisplay::clear() {
    block_.clear(terminal_width());
}

}  // namespace hpogrid::console
