"""Logs the trials of a report as runs of MLflow, where $MLFLOW_TRACKING_URI says or MLflow's own default is.

usage: mlflow_runs.py    with the report as JSON on standard input (launchers/report/script_data.hpp)

A run carries a digest of its trial, so that a report that is exported again adds what is new. The metric is the trial's
score, as the original logged it, and <metric>_history has its reports by iteration.
"""
import hashlib
import json
import sys

try:
    import mlflow
    from mlflow.entities import Metric, Param, RunTag
    from mlflow.exceptions import MlflowException
except ImportError as error:
    sys.exit(f"--to_mlflow needs MLflow, which {sys.executable} cannot import ({error}), allowed: pip install mlflow, "
             "or name an interpreter that has it in HPOGRID_PYTHON")

DIGEST = "hpogrid.trial"
# At most so many at once, by MLflow's own rules.
PARAMS, METRICS, RUNS = 100, 1000, 1000


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value)


def parts(values, size):
    return [values[begin:begin + size] for begin in range(0, len(values), size)]


def digest_of(trial):
    identity = json.dumps([trial["hyperparameters"], trial["ended"], trial["score"]], sort_keys=True)
    return hashlib.sha256(identity.encode()).hexdigest()


def milliseconds(seconds):
    return int(1000 * (seconds or 0.0))


def known_digests(client, experiment):
    digests, token = set(), None
    while True:
        runs = client.search_runs([experiment], max_results=RUNS, page_token=token)
        digests |= {run.data.tags.get(DIGEST) for run in runs}
        token = runs.token
        if not token:
            return digests


def log(client, experiment, report, trial):
    job = report["jobs"][trial["job"]]
    ended = trial["ended"] or 0.0
    tags = {DIGEST: digest_of(trial), "mlflow.runName": f"job {trial['job']} trial {trial['trial']}",
            "hpogrid.site": job["site"], "hpogrid.task": job["task"], "hpogrid.source": job["source"],
            "hpogrid.seed": text_of(job["seed"])}
    run = client.create_run(experiment, start_time=milliseconds(ended - (trial["duration"] or 0.0))).info.run_id
    params = [Param(name, text_of(value)) for name, value in trial["hyperparameters"].items() if value is not None]
    metrics = [Metric(name, value, milliseconds(ended), 0) for name, value in trial["metrics"].items()
               if value is not None]
    if len(trial["curve"]) > 1:
        metrics += [Metric(report["metric"] + "_history", value, milliseconds(ended), int(iteration))
                    for iteration, value in trial["curve"]]
    for part in parts(params, PARAMS):
        client.log_batch(run, params=part)
    for part in parts(metrics, METRICS):
        client.log_batch(run, metrics=part)
    # Last, so that a run that was left half-way is no trial that is there already.
    client.log_batch(run, tags=[RunTag(name, value) for name, value in tags.items()])
    client.set_terminated(run, end_time=milliseconds(ended))


def main():
    report = json.load(sys.stdin)
    client = mlflow.MlflowClient()
    name = report["project"] or "hpogrid"
    found = client.get_experiment_by_name(name)
    experiment = found.experiment_id if found else client.create_experiment(name)
    known = known_digests(client, experiment)
    new = [trial for trial in report["trials"] if digest_of(trial) not in known]
    for trial in new:
        log(client, experiment, report, trial)
    shown = "".join(c if c.isprintable() else "?" for c in name)
    print(f"MLflow experiment '{shown}' in {mlflow.get_tracking_uri()} has got {len(new)} runs, "
          f"{len(report['trials']) - len(new)} were there already", flush=True)


try:
    main()
except MlflowException as error:
    sys.exit("MLflow: " + " ".join(str(error).split()))
