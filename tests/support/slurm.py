"""A real Slurm on loopback: munged, slurmctld and a slurmd for each node, with their own configuration and folders."""
import atexit
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000
KillWait=10
ReturnToService=2
{nodes}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE OverSubscribe=NO
PartitionName=short Nodes=ALL MaxTime=30 DefaultTime=30 OverSubscribe=NO
"""
NEEDED = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "srun")


def find(program):
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


_sharing = threading.Lock()


def shared_cluster():
    """One of two nodes that all tests of a process use, until it ends. Raises SkipTest where it cannot start."""
    global _shared
    with _sharing:
        if _shared is None:
            folder = tempfile.mkdtemp(prefix="slurm-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            try:
                _shared = SlurmCluster(folder, nodes=2)
                atexit.register(_shared.close)
            except unittest.SkipTest as reason:
                _shared = reason
        if isinstance(_shared, unittest.SkipTest):
            raise _shared
        return _shared


_shared = None


class SlurmCluster:
    """Raises SkipTest where it cannot start. `folder` is to be short: a socket's path has 107 bytes at most."""

    def __init__(self, folder, nodes=1, cpus=2):
        missing = [program for program in NEEDED if find(program) is None]
        if missing:
            raise unittest.SkipTest(f"no Slurm to test with: {', '.join(missing)} is not installed")
        if os.geteuid() != 0:
            raise unittest.SkipTest("Slurm's daemons are started as root here")
        self.folder = pathlib.Path(folder)
        self.nodes = [f"node{number}" for number in range(1, nodes + 1)]
        self._processes = []
        self._configure(cpus)
        self.environment = {"SLURM_CONF": str(self.folder / "slurm.conf")}
        try:
            self._start()
        except (OSError, TimeoutError) as error:
            log = self.folder / "slurmctld.log"
            self.close()
            raise unittest.SkipTest(f"Slurm does not start here: {error}; {log.read_text()[-500:] if log.exists() else ''}")

    def _configure(self, cpus):
        controller, *ports = free_ports(1 + len(self.nodes))
        # Threads of one core, so that a node may have more of them than this machine.
        lines = [f"NodeName={name} NodeHostname={socket.gethostname()} NodeAddr=127.0.0.1 Port={port} CPUs={cpus} State=UNKNOWN"
                 for name, port in zip(self.nodes, ports)]
        for name in ("state", "spool", "munge"):
            (self.folder / name).mkdir(mode=0o700)
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, host=socket.gethostname(), controller=controller, nodes="\n".join(lines)))
        (self.folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        key = self.folder / "munge/key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)

    def _start(self):
        munge = self.folder / "munge"
        self._launch("munged", "--foreground", "--force", f"--socket={self.folder}/munge.socket", f"--key-file={munge}/key",
                     f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        self._wait(lambda: (self.folder / "munge.socket").exists(), "munged made no socket")
        self._launch("slurmctld", "-D")
        for node in self.nodes:
            self._launch("slurmd", "-D", "-N", node)
        self._wait(lambda: self.run("sinfo", "--noheader", "--format", "%T", "--partition", "main").stdout.split() ==
                   ["idle"], "its nodes are not idle")

    def _launch(self, program, *arguments):
        log = open(self.folder / f"{program}.out", "a")
        with log:
            self._processes.append(subprocess.Popen(
                [find(program), *arguments], env=dict(os.environ, **self.environment), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log))

    def _wait(self, condition, complaint, timeout=30):
        deadline = time.monotonic() + timeout
        while not condition():
            if any(process.poll() is not None for process in self._processes) or time.monotonic() > deadline:
                raise TimeoutError(complaint)
            time.sleep(0.2)

    def run(self, *words):
        """A command of Slurm."""
        return subprocess.run(words, env=dict(os.environ, **self.environment), capture_output=True, text=True, timeout=60)

    def close(self):
        self.run("scancel", "--full", "--user", "root")
        deadline = time.monotonic() + 20
        while self.run("squeue", "--noheader").stdout.strip() and time.monotonic() < deadline:
            time.sleep(0.2)
        for process in reversed(self._processes):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self._processes):
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
