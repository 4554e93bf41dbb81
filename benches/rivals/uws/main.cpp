// The chat and an echo on uWebSockets: a topic a room. No TLS, no compression; the text goes on as it came.

#include <cstdio>
#include <string>

#include "App.h"

struct Member {
    std::string room;
};

int main() {
    auto listening = [](us_listen_socket_t *socket) {
        if (!socket) {
            std::fprintf(stderr, "cannot listen\n");
            return;
        }
        std::printf("listening on 127.0.0.1:%d\n", us_socket_local_port(0, (us_socket_t *) socket));
        std::fflush(stdout);
    };
    uWS::App app;
    app.ws<Member>("/ws/chat/:room/", {
            .compression = uWS::DISABLED,
            .maxPayloadLength = 64 * 1024,
            .idleTimeout = 120,
            .maxBackpressure = 1024 * 1024,
            .upgrade = [](auto *response, auto *request, auto *context) {
                response->template upgrade<Member>({std::string(request->getParameter(0))},
                    request->getHeader("sec-websocket-key"), request->getHeader("sec-websocket-protocol"),
                    request->getHeader("sec-websocket-extensions"), context);
            },
            .open = [](auto *socket) { socket->subscribe(socket->getUserData()->room); },
            .message = [&app](auto *socket, std::string_view text, uWS::OpCode kind) {
                app.publish(socket->getUserData()->room, text, kind);
            },
        })
        .ws<Member>("/echo/", {
            .compression = uWS::DISABLED,
            .maxPayloadLength = 64 * 1024,
            .idleTimeout = 120,
            .message = [](auto *socket, std::string_view text, uWS::OpCode kind) { socket->send(text, kind); },
        })
        .listen("127.0.0.1", 0, listening)
        .run();
}
