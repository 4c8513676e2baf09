"""A PanDA server on loopback: as much of its REST interface as the client uses, and what it was asked."""
import email.parser
import email.policy
import http.server
import json
import threading
import urllib.parse


class PandaServer:
    """Remembers submitted tasks and uploaded sandboxes. `refuse` makes submissions fail with this message."""

    def __init__(self):
        self.tasks = {}
        self.sandboxes = {}
        self.calls = []
        self.refuse = None
        self._next_task = 50_000_001
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()

    @property
    def environment(self):
        url = f"http://127.0.0.1:{self._http.server_address[1]}/server/panda"
        return {"PANDA_URL": url, "PANDA_URL_SSL": url, "PANDACACHE_URL": url, "PANDA_BEHIND_REAL_LB": "1"}

    def answer(self, path, query, body, content_type):
        """(success, message, data) of one call."""
        call = path.rpartition("/api/v1/")[2]
        self.calls.append((call, query))
        if call == "file_server/validate_cache_file":
            return False, "not there", None
        if call == "file_server/upload_cache_file":
            for name, content in multipart_files(body, content_type):
                self.sandboxes[name] = content
            return True, "", None
        if call == "task/submit":
            if self.refuse:
                return False, self.refuse, None
            task, self._next_task = self._next_task, self._next_task + 1
            self.tasks[task] = json.loads(body)["task_parameters"]
            return True, f"succeeded. new jediTaskID={task}", task
        return False, f"{call} is not known here", None

    def _handler(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def reply(self):
                url = urllib.parse.urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                success, message, data = server.answer(url.path, dict(urllib.parse.parse_qsl(url.query)), body,
                                                       self.headers.get("Content-Type", ""))
                text = json.dumps({"success": success, "message": message, "data": data}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = reply

            def log_message(self, *_):
                pass

        return Handler


def multipart_files(body, content_type):
    """(name, content) of each file in a form."""
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    for part in message.iter_parts():
        if part.get_filename():
            yield part.get_filename(), part.get_payload(decode=True)
