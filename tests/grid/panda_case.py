"""A workspace whose PanDA is a server on loopback, spoken to by the real client."""
import panda_client
from hpogrid import HpogridTestCase
from panda_server import PandaServer


class PandaTestCase(HpogridTestCase):
    @classmethod
    def setUpClass(cls):
        panda_client.install()

    def setUp(self):
        super().setUp()
        self.server = PandaServer()
        self.addCleanup(self.server.close)
        self.environment.update(panda_client.environment(self.base), **self.server.environment)
        for name in ("PYTHONPATH", "PYTHONHOME", "X509_USER_PROXY"):
            self.environment.pop(name, None)
