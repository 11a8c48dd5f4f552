"""Real services for tests, as processes on loopback: Valkey, a Dask scheduler with dispatch, Dask workers."""

from services.certificates import Certificate
from services.pool import Answer, Pool
from services.prefork import PreforkPool
from services.process import Process, eventually, free_ports
from services.valkey import Valkey

__all__ = ["Answer", "Certificate", "Pool", "PreforkPool", "Process", "Valkey", "eventually", "free_ports"]
