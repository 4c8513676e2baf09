"""A PanDA server on loopback: as much of its REST interface as the client uses, and what it was asked."""
import email.parser
import email.policy
import json

from loopback_server import LoopbackServer


class PandaServer(LoopbackServer):
    """Remembers submitted tasks and uploaded sandboxes. `refuse` makes what changes a task fail with this message, of
    submissions those after the first `accepted`; `mute` breaks the connection instead of answering a submission."""

    def __init__(self, tls=None):
        super().__init__(tls)
        self.tasks = {}
        self.sandboxes = {}
        self.calls = []
        self.commands = []
        self.metadata = {}
        self.authorization = None
        self.refuse = None
        self.accepted = 0
        self.mute = False
        self._next_task = 50_000_001

    @property
    def environment(self):
        url = f"{self.address}/server/panda"
        return {"PANDA_URL": url, "PANDA_URL_SSL": url, "PANDACACHE_URL": url, "PANDA_BEHIND_REAL_LB": "1"}

    def answer(self, path, query, body, headers):
        self.authorization = headers.get("Authorization"), headers.get("Origin")
        success, message, data = self.call(path, query, body, headers.get("Content-Type", ""))
        return 200, json.dumps({"success": success, "message": message, "data": data})

    def call(self, path, query, body, content_type):
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
            if self.refuse and len(self.tasks) >= self.accepted:
                return False, self.refuse, None
            task, self._next_task = self._next_task, self._next_task + 1
            self.tasks[task] = json.loads(body)["task_parameters"]
            if self.mute:
                raise ConnectionAbortedError
            return True, f"succeeded. new jediTaskID={task}", task
        if call in ("task/kill", "task/retry"):
            task = int(json.loads(body)["task_id"])
            self.commands.append((call, task))
            if self.refuse:
                return False, self.refuse, 4
            return (True, "", 0) if task in self.tasks else (False, "task not found", 2)
        if call == "job/get_metadata_for_analysis_jobs":
            return not self.refuse, self.refuse or "", self.metadata.get(int(query["task_id"]), {})
        return False, f"{call} is not known here", None


def multipart_files(body, content_type):
    """(name, content) of each file in a form."""
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    for part in message.iter_parts():
        if part.get_filename():
            yield part.get_filename(), part.get_payload(decode=True)
