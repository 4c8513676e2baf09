#include "engine/trials/python/python_host.hpp"

#include "engine/trials/process/process_tree.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

namespace hpogrid::trials {
namespace {

using nlohmann::json;

/// Longest packet of the protocol; the host shortens its texts to much less.
constexpr std::size_t largest_packet = std::size_t{1} << 17;
/// The number that ChildProcess gives to the first inherited descriptor.
constexpr const char* control_descriptor = "3";

std::string start_name(PythonStart start) {
    switch (start) {
        case PythonStart::fork:
            return "fork";
        case PythonStart::spawn:
            return "spawn";
        case PythonStart::automatic:
            break;
    }
    return "automatic";
}

/// The import sees what a trial of the first slot would see, but for the thread counts: libraries that start their
/// threads when they are loaded would make a fork unsafe. The trial sets its own count.
Environment host_environment(const PythonInstallation& installation, const Surroundings& surroundings) {
    Environment result = inherited_environment();
    result[marker_variable] = make_token();  // room in which each forked trial writes its own
    for (auto& [name, value] : slot_environment(surroundings, SlotId{0})) {
        const bool is_thread_count = name.ends_with("_THREADS");
        result[name] = is_thread_count ? "1" : value;
    }
    result.erase("PYTHONUNBUFFERED");  // lines are flushed anyway, single characters need not be
    // torch.cuda.is_available() in a script's body must not initialise CUDA.
    result["PYTORCH_NVML_BASED_CUDA_CHECK"] = "1";
    std::string& path = result["PYTHONPATH"];
    path = installation.package.string() + (path.empty() ? "" : ":" + path);
    return result;
}

ChildExit to_exit(int status) {
    return WIFSIGNALED(status) ? ChildExit{0, WTERMSIG(status)} : ChildExit{WEXITSTATUS(status), 0};
}

std::optional<HostNews> to_news(std::string_view packet) {
    const json message = json::parse(packet, nullptr, false);
    if (!message.is_object()) {
        return std::nullopt;
    }
    if (const auto ready = message.find("ready"); ready != message.end()) {
        return HostReady{*ready == "fork", message.value("reason", "")};
    }
    if (const auto error = message.find("import_error"); error != message.end()) {
        return HostImportError{error->get<std::string>()};
    }
    if (message.contains("prepared")) {
        return HostPrepared{message["prepared"].get<std::uint32_t>(), message.at("pid").get<pid_t>()};
    }
    if (message.contains("not_prepared")) {
        return HostNotPrepared{message["not_prepared"].get<std::uint32_t>(), message.value("error", "")};
    }
    if (message.contains("exited")) {
        return HostExited{message["exited"].get<pid_t>(), to_exit(message.at("status").get<int>())};
    }
    return std::nullopt;
}

}  // namespace

PythonHost::PythonHost(const PythonInstallation& installation, const PythonScript& script,
                       const Surroundings& surroundings)
    : packet_(largest_packet) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::system_error{errno, std::generic_category(), "cannot make a socket for the Python host"};
    }
    control_ = FileDescriptor{ends[0]};
    const FileDescriptor theirs{ends[1]};

    const auto scripts_path =
        surroundings.scripts_path.empty() ? script.script.parent_path() : surroundings.scripts_path;
    SpawnRequest request;
    request.arguments = {installation.interpreter.string(),
                         "-m",
                         "hpogrid.host",
                         "--control",
                         control_descriptor,
                         "--scripts-path",
                         std::filesystem::absolute(scripts_path).lexically_normal().string(),
                         "--script",
                         script.script.string(),
                         "--model=" + script.model,
                         "--start",
                         start_name(script.start)};
    request.environment = entries(host_environment(installation, surroundings), {});
    // Python looks for modules in the working directory first: a user's selectors.py must not be the host's.
    request.working_directory = installation.package;
    request.standard_output = output_.write_end();
    request.standard_error = output_.write_end();
    request.inherited = {theirs.get()};
    auto spawned = ChildProcess::spawn(request);
    if (const auto* failure = std::get_if<SpawnFailure>(&spawned)) {
        throw std::runtime_error{failure->reason};
    }
    process_ = std::move(std::get<ChildProcess>(spawned));
    output_.close_write_end();
}

bool PythonHost::prepare(std::uint32_t number, const Environment& environment, int channel, int output) {
    const std::string text =
        json{{"prepare", number}, {"environment", environment}}.dump(-1, ' ', false, json::error_handler_t::replace);
    const std::array<int, 2> descriptors{channel, output};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof descriptors)> ancillary{};
    iovec payload{const_cast<char*>(text.data()), text.size()};
    msghdr message{};
    message.msg_iov = &payload;
    message.msg_iovlen = 1;
    message.msg_control = ancillary.data();
    message.msg_controllen = ancillary.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptors);
    std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof descriptors);
    return control_ && ::sendmsg(control_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

void PythonHost::receive(std::vector<HostNews>& news) {
    while (control_) {
        const ssize_t count = ::recv(control_.get(), packet_.data(), packet_.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && errno == EAGAIN) {
            return;
        }
        if (count <= 0) {
            control_.close();
            return;
        }
        if (auto one = to_news({packet_.data(), static_cast<std::size_t>(count)})) {
            news.push_back(std::move(*one));
        }
    }
}

void PythonHost::add_descriptors(std::vector<pollfd>& descriptors) const {
    for (const int descriptor : {control_.get(), output_.descriptor()}) {
        if (descriptor >= 0) {
            descriptors.push_back({descriptor, POLLIN, 0});
        }
    }
}

}  // namespace hpogrid::trials
