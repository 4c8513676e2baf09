"""BigPanDA on loopback: the lists of tasks and jobs as it answers them in JSON."""
import fnmatch
import json

from loopback_server import LoopbackServer

# Of more tasks it answers no metadata.
MOST_WITH_METADATA = 100


def job_metadata(project="simple", losses=(1.0,), timestamp=1000.0, **others):
    """A userJobMetadata.json of one trial a loss."""
    results = {str(i): {"time_s": 2.0, "timestamp": timestamp + i, "height": loss, "width": 1.0, "loss": loss}
               for i, loss in enumerate(losses)}
    best = min(losses)
    return {"project_name": project, "start_datetime": "11/24/2026, 12:00:00", "end_datetime": "11/24/2026, 12:10:00",
            "start_timestamp": timestamp, "task_time_s": 600.0, "hyperparameters": ["height", "width"],
            "metric": "loss", "mode": "min", "best_config": {"height": best, "width": 1.0}, "best_metric_score": best,
            "result": results, **others}


class MonitorServer(LoopbackServer):
    """`tasks`: what /tasks/ lists; `metadata`: {task: {job: its user metadata}}; `jobs`: {task: list for /jobs/}.
    `broken`: (status, text) that it answers instead."""

    def __init__(self):
        super().__init__()
        self.tasks = []
        self.metadata = {}
        self.jobs = {}
        self.questions = []
        self.broken = None

    @property
    def environment(self):
        return {"HPOGRID_BIGPANDA_URL": self.address, "RUCIO_ACCOUNT": "tester", "NO_PROXY": "127.0.0.1",
                "no_proxy": "127.0.0.1"}

    def add_task(self, number, name="user.tester.hpogrid.simple.out.1/", status="done", age=1, **fields):
        """A task that changed `age` days ago."""
        dsinfo = {"nfiles": 2, "nfilesfinished": 2, "nfilesfailed": 0, "pctfinished": 100, "pctfailed": 0}
        self.tasks.append({"jeditaskid": number, "taskname": name, "status": status, "superstatus": status,
                           "username": "Test Er", "site": None, "dsinfo": dsinfo, "age": age, **fields})

    def answer(self, path, query, body, headers):
        self.questions.append((path, query))
        if self.broken:
            return self.broken
        if path == "/tasks/":
            return 200, json.dumps(self.list_tasks(query))
        if path == "/jobs/":
            return 200, json.dumps({"selectionsummary": [], "jobs": self.jobs.get(int(query["jeditaskid"]), []),
                                    "errsByCount": []})
        return 404, "{}"

    def list_tasks(self, query):
        def is_wanted(task):
            numbers = query.get("jeditaskid", "").split("|")
            return ((numbers == [""] and task["age"] <= int(query["days"])) or str(task["jeditaskid"]) in numbers) and \
                task["status"] in query.get("status", task["status"]).split(",") and \
                fnmatch.fnmatchcase(task["username"], query.get("username", "*")) and \
                fnmatch.fnmatchcase(task["taskname"], query.get("taskname", "*"))
        # It knows no other wildcards.
        assert not set("?[") & set(query.get("taskname", "")), query
        found = sorted(filter(is_wanted, self.tasks), key=lambda task: -task["jeditaskid"])[:int(query["limit"])]
        if "metastruct" not in query.get("extra", "") or len(found) > MOST_WITH_METADATA:
            return found
        return [{**task, "jobs_metadata": {str(job): {"user_job_metadata": metadata, "reportVersion": "1.0.0"}
                                           for job, metadata in self.metadata.get(task["jeditaskid"], {}).items()}}
                for task in found]
