#include "engine/trials/plugin/order_reader.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace hpogrid::trials::plugin {

std::optional<nlohmann::json> OrderReader::next() {
    while (orders_.empty()) {
        if (!read(true)) {
            return std::nullopt;
        }
    }
    nlohmann::json order = std::move(orders_.front());
    orders_.pop_front();
    return order;
}

bool OrderReader::stopped(std::uint32_t trial, std::uint32_t attempt) {
    while (read(false)) {
    }
    return stops_.contains({trial, attempt});
}

bool OrderReader::read(bool wait) {
    std::array<char, 65536> buffer;
    ssize_t count = 0;
    do {
        count = ::recv(descriptor_, buffer.data(), buffer.size(), wait ? 0 : MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) {
        return false;
    }
    unread_.append(buffer.data(), static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n', begin)) {
        take_line(std::string_view{unread_}.substr(begin, end - begin));
        begin = end + 1;
    }
    unread_.erase(0, begin);
    return true;
}

void OrderReader::take_line(std::string_view line) {
    nlohmann::json message = nlohmann::json::parse(line);
    if (const auto stop = message.find("stop"); stop != message.end()) {
        stops_.emplace(stop->get<std::uint32_t>(), message.at("attempt").get<std::uint32_t>());
    } else {
        orders_.push_back(std::move(message));
    }
}

}  // namespace hpogrid::trials::plugin
