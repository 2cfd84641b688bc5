"""A chat-completions server on loopback that answers by rule; every word here is synthetic."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class FakeEndpoint:
    """Remembers what it was asked; `answer` gives a status, headers and a body for a request."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []
        self.paths = []
        self.port = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def take(self, path, asked):
        self.paths.append(path)
        self.asked.append(asked)
        return self.answer(asked)

    @property
    def excerpts(self):
        return [excerpt_of(asked) for asked in self.asked]


@contextmanager
def serve(answer):
    """Serve until the block ends."""
    endpoint = FakeEndpoint(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers, body = endpoint.take(self.path, asked)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def write(text):
    """Answer with what a model wrote."""
    return 200, {}, json.dumps({"choices": [{"message": {"content": text}}]}).encode()


def give(**scores):
    """Answer with scores by key."""
    codes = [{"key": key, "score": score, "because": "so"} for key, score in scores.items()]
    return write(json.dumps({"codes": codes}))


def excerpt_of(asked):
    """Give the excerpt that a request asks about, without its context."""
    return asked["messages"][1]["content"].split("# EXCERPT\n")[1].split("\n\n# ")[0]
