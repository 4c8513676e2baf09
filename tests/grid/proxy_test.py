"""A grid proxy proves who asks, to a PanDA server that speaks TLS and wants to know."""
import pathlib
import ssl
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hpogrid import HpogridTestCase  # noqa: E402
from monitor_server import MonitorServer, job_metadata  # noqa: E402
from panda_server import PandaServer  # noqa: E402


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Proxy(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.authorities = self.base / "authorities"
        self.authorities.mkdir()
        self.create_authority()
        self.proxy = self.base / "proxy"
        self.proxy.write_bytes(b"".join(file.read_bytes() for file in self.certificate("client")))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*self.certificate("server"))
        tls.load_verify_locations(self.authorities / "ca.pem")
        tls.verify_mode = ssl.CERT_REQUIRED
        self.panda, self.monitor = PandaServer(tls), MonitorServer()
        self.addCleanup(self.panda.close)
        self.addCleanup(self.monitor.close)
        self.environment.update(self.monitor.environment, **self.panda.environment)
        self.environment.update(X509_USER_PROXY=str(self.proxy), X509_CERT_DIR=str(self.authorities), PANDA_AUTH="")
        self.monitor.add_task(50000001)
        self.panda.metadata[50000001] = {1: {"user_job_metadata": job_metadata(losses=(1.0, 2.0))}}
        self.create_project()

    def create_authority(self):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.base / "ca.key", "-out",
                self.authorities / "ca.pem", "-subj", "/CN=authority", "-days", 2)
        openssl("rehash", self.authorities)

    def certificate(self, name):
        certificate, key = self.base / f"{name}.pem", self.base / f"{name}.key"
        openssl("req", "-x509", "-CA", self.authorities / "ca.pem", "-CAkey", self.base / "ca.key", "-newkey", "rsa:2048",
                "-nodes", "-keyout", key, "-out", certificate, "-subj", f"/CN={name}", "-days", 2, "-addext",
                "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE")
        return certificate, key

    def test_who_has_a_proxy_gets_an_answer_of_a_server_that_the_grids_authorities_know(self):
        self.assertIn("2 successful trials of 1 job", self.hpogrid("report", "simple"))
        (self.base / "none").mkdir()
        done = self.run_hpogrid("report", "simple", X509_CERT_DIR=str(self.base / "none"))
        self.assertRegex(done.stderr, r"hpogrid: PanDA \(https://.*\) cannot be reached \(.*certificate.*\)")
        asked = len(self.panda.calls)
        self.refusal("report", "simple", X509_USER_PROXY=str(self.base / "no-proxy"))
        self.assertEqual(len(self.panda.calls), asked)


if __name__ == "__main__":
    unittest.main()
