"""Exchange rates: Python's standard library, rates in memory. It knows nothing of this project."""

import gzip
import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

RATES = {"CHF": 0.94, "EUR": 1.0, "JPY": 171.2, "USD": 1.16}
API_KEY = os.environ["API_KEY"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/healthz":
            return self.answer(204)
        if self.headers["x-api-key"] != API_KEY:
            return self.answer(401, {"error": "no such key"})
        if url.path == "/v1/rates":
            return self.stream(f"{name},{rate}\n" for name, rate in RATES.items())
        if url.path == "/v1/convert":
            query = parse_qs(url.query)
            rate = RATES.get(query["to"][0])
            if rate is None:
                return self.answer(404, {"error": "no such currency"})
            return self.answer(200, {"amount": round(float(query["eur"][0]) * rate, 2), "currency": query["to"][0]})
        self.answer(404, {"error": "no such page"})

    do_HEAD = do_GET

    def do_PUT(self):
        rate = json.loads(self.rfile.read(int(self.headers["content-length"])))["rate"]
        if self.headers["x-api-key"] != API_KEY:
            return self.answer(401, {"error": "no such key"})
        RATES[self.path.rpartition("/")[2]] = rate
        self.answer(204)

    def answer(self, status, value=None):
        """Answers with JSON, compressed where the client takes that; without a value, with no body."""
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if value is not None:
            self.send_header("content-type", "application/json")
            if "gzip" in self.headers.get("accept-encoding", ""):
                body = gzip.compress(body)
                self.send_header("content-encoding", "gzip")
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def stream(self, lines):
        """Answers with lines in chunks."""
        self.send_response(200)
        self.send_header("content-type", "text/csv")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        if self.command == "HEAD":
            return
        for line in lines:
            self.wfile.write(f"{len(line):x}\r\n{line}\r\n".encode())
        self.wfile.write(b"0\r\n\r\n")


server = ThreadingHTTPServer((os.environ.get("HOST", "0.0.0.0"), int(os.environ["PORT"])), Handler)
# As the first process of a container, Python ignores SIGTERM without a handler.
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
print("stopped", file=sys.stderr)
