"""Runs code in a new kernel of a JupyterLab and prints what the kernel prints.

python kernel.py <address> <token> <code>
"""

import asyncio
import json
import sys
from urllib.request import ProxyHandler, Request, build_opener
from uuid import uuid4

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

address, token, code = sys.argv[1:]
headers = {"Authorization": f"token {token}"}


async def main() -> None:
    """Start a kernel, run the code, print its output; an error in the kernel is one here."""
    request = Request(f"{address}/api/kernels", b"{}", headers, method="POST")  # noqa: S310 - a server on loopback
    kernel = json.load(build_opener(ProxyHandler({})).open(request))["id"]
    url = f"ws{address.removeprefix('http')}/api/kernels/{kernel}/channels"
    channels = await websocket_connect(HTTPRequest(url, headers=headers))
    header = {"msg_id": uuid4().hex, "msg_type": "execute_request", "username": "", "session": uuid4().hex, "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await channels.write_message(json.dumps(message))
    while (text := await channels.read_message()) is not None:
        answer = json.loads(text)
        if answer["parent_header"].get("msg_id") != header["msg_id"]:
            continue
        if answer["msg_type"] == "stream":
            print(answer["content"]["text"], end="", flush=True)
        elif answer["msg_type"] == "error":
            sys.exit("\n".join(answer["content"]["traceback"]))
        elif answer["msg_type"] == "execute_reply":
            return


asyncio.run(main())
