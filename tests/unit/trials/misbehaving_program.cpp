// A trial's program that does what its first argument says.

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

void report(const char* text) {
    std::puts(text);
    std::fflush(stdout);
}

[[noreturn]] void wait_forever() {
    for (;;) {
        ::pause();
    }
}

/// A daemon: its parent is gone, its session and its descriptors are its own.
void leave_daemon(bool with_program) {
    if (::fork() != 0) {
        return;
    }
    ::setsid();
    if (::fork() != 0) {
        ::_exit(0);
    }
    ::close(STDOUT_FILENO);
    ::close(STDERR_FILENO);
    if (with_program) {
        ::execl("/bin/sleep", "sleep", "1000", nullptr);
        ::_exit(1);
    }
    wait_forever();
}

int leave_children() {
    if (::fork() == 0) {
        wait_forever();  // holds the output open
    }
    leave_daemon(true);
    leave_daemon(false);
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    report(R"({"loss": 1})");
    return 0;
}

int print_much(std::size_t bytes) {
    report("first line");
    report(R"({"loss": 0.5})");
    const std::string lines(65536, 'y');
    for (std::size_t written = 0; written < bytes;) {
        const ssize_t count = ::write(STDOUT_FILENO, lines.data(), lines.size());
        if (count <= 0) {
            return 1;
        }
        written += static_cast<std::size_t>(count);
    }
    report("\nlast line");
    return 0;
}

int allocate() {
    const rlimit limit{512U << 20, 512U << 20};
    ::setrlimit(RLIMIT_AS, &limit);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::vector<std::vector<char>> all;
    for (;;) {
        all.emplace_back(std::size_t{64} << 20, 'x');
    }
}

int crash() {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::fputs("about to crash\n", stderr);
    std::signal(SIGSEGV, SIG_DFL);
    std::raise(SIGSEGV);
    return 0;
}

int epochs() {
    for (int epoch = 1; epoch <= 3; ++epoch) {
        std::printf("epoch %d\n{\"loss\": %g, \"epoch\": %d}\n", epoch, 1.0 / epoch, epoch);
        std::fflush(stdout);
    }
    return 0;
}

int hang_after_report() {
    report(R"({"loss": 2})");
    wait_forever();
}

int hang_stubbornly() {
    std::signal(SIGTERM, SIG_IGN);
    return hang_after_report();
}

int talk_forever() {
    for (;;) {
        report("still alive");
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

int write_result(const char* text) {
    std::ofstream{"result.json"} << text;
    return 0;
}

int show_surroundings() {
    for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "SLURM_PROCID", "SLURM_JOB_ID",
                             "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "HPOGRID_TRIAL_DIR", "HPOGRID_TRIAL_ID",
                             "HPOGRID_ATTEMPT", "HPOGRID_SEED", "HPOGRID_DATA_DIR", "HPOGRID_WORK_DIR"}) {
        const char* value = std::getenv(name);
        std::printf("%s=%s\n", name, value != nullptr ? value : "(unset)");
    }
    std::ifstream configuration{std::getenv("HPOGRID_CONFIG")};
    std::string line;
    std::getline(configuration, line);
    std::printf("configuration %s\n", line.c_str());
    report(R"({"loss": 1})");
    return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
    const std::string what = argument_count > 1 ? arguments[1] : "";
    const char* more = argument_count > 2 ? arguments[2] : "";
    const std::map<std::string, std::function<int()>> deeds{
        {"epochs", epochs},
        {"exit3",
         [] {
             std::fputs("this is why\n", stderr);
             return 3;
         }},
        {"crash", crash},
        {"nothing", [] { return 0; }},
        {"hang", hang_after_report},
        {"stubborn", hang_stubbornly},
        {"talk", talk_forever},
        {"children", leave_children},
        {"print", [more] { return print_much(std::strtoull(more, nullptr, 10)); }},
        {"say",
         [more] {
             report(more);
             return 0;
         }},
        {"result", [more] { return write_result(more); }},
        {"allocate", allocate},
        {"show", show_surroundings},
        {"sleep",
         [] {
             std::this_thread::sleep_for(std::chrono::milliseconds{100});
             report("{\"loss\": 1}");
             return 0;
         }},
    };
    const auto deed = deeds.find(what);
    return deed == deeds.end() ? 99 : deed->second();
}
