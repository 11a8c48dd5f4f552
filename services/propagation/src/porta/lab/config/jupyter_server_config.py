"""How our JupyterLab differs from one out of the box. Read by Jupyter, which provides `get_config`."""

import hashlib
import os

from porta.lab.start import read_token

c = get_config()  # type: ignore[name-defined]  # noqa: F821

token = read_token(os.environ)
c.IdentityProvider.token = token
# Who is logged in stays so over a restart, and no longer than the token is valid.
c.ServerApp.cookie_secret = hashlib.sha256(b"porta.lab " + token.encode()).digest()

# `npm start` runs as whoever types it, and in containers that is often root.
c.ServerApp.allow_root = True
c.ServerApp.open_browser = False
# A taken port is an error to be told, not another port that nobody knows.
c.ServerApp.port_retries = 0
# Kernels speak over loopback ports, which other users of the machine can reach: encrypted, where the kernel can.
c.KernelManager.transport_encryption = "auto"

c.ServerApp.jpserver_extensions = {"porta.lab.dashboard": True, "jupyter_server_proxy": False}

# Nothing is asked of the internet, which a pod does not reach: no news, no newer versions, no catalogue of extensions.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
