"""An HTTP server on loopback that answers as a subclass says."""
import http.server
import threading
import urllib.parse


class LoopbackServer:
    """`answer` is overridden: (status, text) for a path, the parameters of its query, and what was posted. `tls`: an
    SSL context makes it HTTPS."""

    def __init__(self, tls=None):
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._scheme = "http"
        if tls:
            self._scheme = "https"
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        # Who is turned away, in the handshake or by a test, is no error of ours.
        self._http.handle_error = lambda *_: None
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()

    @property
    def address(self):
        return f"{self._scheme}://127.0.0.1:{self._http.server_address[1]}"

    def answer(self, path, query, body, headers):
        raise NotImplementedError

    def _handler(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def reply(self):
                url = urllib.parse.urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, text = server.answer(url.path, dict(urllib.parse.parse_qsl(url.query)), body, self.headers)
                content = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = reply

            def log_message(self, *_):
                pass

        return Handler
