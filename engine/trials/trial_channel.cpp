#include "engine/trials/trial_channel.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>

namespace hpogrid::trials {
namespace {

using nlohmann::json;

constexpr std::size_t most_a_call = std::size_t{1} << 20;
constexpr std::size_t longest_quote = 80;

std::string quote(std::string_view text) {
    std::string shown{text.substr(0, longest_quote)};
    return json(shown + (text.size() > longest_quote ? "..." : "")).dump(-1, ' ', true, json::error_handler_t::replace);
}

MalformedMessage malformed(std::string_view line, std::string_view why) {
    return {fmt::format("the trial's process sent {} ({})", quote(line), why)};
}

std::optional<double> to_number(const json& value) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (value.is_number()) {
        return value.get<double>();
    }
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (text == "nan") {
            return std::numeric_limits<double>::quiet_NaN();
        }
        if (text == "inf" || text == "-inf") {
            return text == "inf" ? infinity : -infinity;
        }
    }
    return std::nullopt;
}

std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

ReportMessage metrics_of(const json& object) {
    ReportMessage report;
    for (const auto& [name, value] : object.items()) {
        if (const auto number = to_number(value)) {
            report.metrics.emplace_back(name, *number);
        } else {
            report.refused.emplace_back(name, fmt::format("{} ({})", quote(text_of(value)), value.type_name()));
        }
    }
    return report;
}

ReportMessage to_report(const json& message) {
    ReportMessage report = metrics_of(message.at("report"));
    if (const auto refused = message.find("refused"); refused != message.end() && refused->is_object()) {
        for (const auto& [name, description] : refused->items()) {
            report.refused.emplace_back(name, text_of(description));
        }
    }
    if (const auto iteration = message.find("iteration"); iteration != message.end()) {
        report.iteration = to_number(*iteration);
    }
    if (const auto checkpoint = message.find("checkpoint"); checkpoint != message.end() && checkpoint->is_object()) {
        report.checkpoint = SavedMessage{.number = checkpoint->at("number").get<std::uint32_t>(),
                                         .bytes = checkpoint->at("bytes").get<std::uint64_t>()};
    }
    return report;
}

std::int64_t time_of(const json& message) {
    const auto at = message.find("at");
    return at != message.end() && at->is_number_integer() ? at->get<std::int64_t>() : 0;
}

ProcessMessage to_message(const json& message, std::string_view line) {
    if (const auto report = message.find("report"); report != message.end()) {
        return report->is_object() ? ProcessMessage{to_report(message)}
                                   : ProcessMessage{malformed(line, "a report must be an object")};
    }
    if (const auto error = message.find("error"); error != message.end()) {
        const auto kind = message.find("kind");
        return ErrorMessage{text_of(*error), kind != message.end() && *kind == "oom", time_of(message)};
    }
    if (const auto done = message.find("done"); done != message.end() && *done == true) {
        return DoneMessage{time_of(message)};
    }
    if (const auto left = message.find("left"); left != message.end() && *left == true) {
        return LeftMessage{};
    }
    return OtherMessage{std::string{line}};
}

}  // namespace

ProcessMessage parse_process_message(std::string_view line) {
    try {
        const json message = json::parse(line, nullptr, false);
        if (message.is_object()) {
            return to_message(message, line);
        }
        return malformed(line, message.is_discarded() ? "no JSON" : "no JSON object");
    } catch (const std::exception& error) {
        return malformed(line, error.what());
    }
}

std::optional<ReportMessage> parse_metrics_object(std::string_view text) {
    try {
        const json object = json::parse(text, nullptr, false);
        return object.is_object() ? std::optional{metrics_of(object)} : std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string order_line(const TrialOrder& order, const std::filesystem::path& folder, const Environment& environment) {
    const auto text = [](const std::string& value) {
        return json(value).dump(-1, ' ', false, json::error_handler_t::replace);
    };
    // The configuration is JSON already: parsing it only to print it again would cost more than all the rest.
    std::string line =
        fmt::format(R"({{"trial":{},"attempt":{},"configuration":{},"folder":{},"seed":{},"checkpoint":{})",
                    order.trial.value, order.attempt, order.configuration.empty() ? "{}" : order.configuration,
                    text(folder.string()), order.seed, text(order.checkpoint.string()));
    std::replace(line.begin(), line.end(), '\n', ' ');
    if (std::isfinite(order.milestone)) {
        line += fmt::format(R"(,"milestone":{})", order.milestone);
    }
    if (!environment.empty()) {
        line += R"(,"environment":)" + json(environment).dump(-1, ' ', false, json::error_handler_t::replace);
    }
    return line + "}\n";
}

std::string proceed_line(double milestone) {
    return std::isfinite(milestone) ? fmt::format("{{\"proceed\":{}}}\n", milestone) : "{\"proceed\":null}\n";
}

TrialChannel::TrialChannel(FileDescriptor socket) : socket_{std::move(socket)} {}

std::pair<TrialChannel, FileDescriptor> TrialChannel::make_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::system_error{errno, std::generic_category(), "cannot make a socket for a trial"};
    }
    return {TrialChannel{FileDescriptor{ends[0]}}, FileDescriptor{ends[1]}};
}

void TrialChannel::send(std::string_view line) {
    unsent_ += line;
    flush();
}

void TrialChannel::flush() {
    while (socket_ && !unsent_.empty()) {
        const ssize_t count = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            if (errno != EAGAIN) {
                unsent_.clear();  // the other side has gone; receive() will see its end
            }
            return;
        }
        unsent_.erase(0, static_cast<std::size_t>(count));
    }
}

void TrialChannel::receive(std::vector<ProcessMessage>& messages) {
    std::array<char, 65536> buffer;
    std::size_t total = 0;
    while (socket_ && total < most_a_call) {
        const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && errno == EAGAIN) {
            return;
        }
        if (count <= 0) {
            if (!unread_.empty()) {
                take_line(std::exchange(unread_, {}), messages);
            }
            socket_.close();
            return;
        }
        total += static_cast<std::size_t>(count);
        take_lines({buffer.data(), static_cast<std::size_t>(count)}, messages);
        if (static_cast<std::size_t>(count) < buffer.size()) {
            return;
        }
    }
}

short TrialChannel::poll_events() const noexcept {
    return static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT);
}

void TrialChannel::take_lines(std::string_view bytes, std::vector<ProcessMessage>& messages) {
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const std::string_view part = bytes.substr(0, end);
        if (!skipping_ && unread_.size() + part.size() > longest_line) {
            messages.push_back(malformed(unread_.empty() ? part : unread_, "a line longer than 1 MiB"));
            skipping_ = true;
            unread_.clear();
        }
        if (end == std::string_view::npos) {
            if (!skipping_) {
                unread_ += part;
            }
            return;
        }
        if (skipping_) {
            skipping_ = false;
        } else if (unread_.empty()) {
            take_line(part, messages);
        } else {
            unread_ += part;
            take_line(unread_, messages);
            unread_.clear();
        }
        bytes.remove_prefix(end + 1);
    }
}

void TrialChannel::take_line(std::string_view line, std::vector<ProcessMessage>& messages) {
    if (!line.empty()) {
        messages.push_back(parse_process_message(line));
    }
}

}  // namespace hpogrid::trials
