#!/usr/bin/python3
"""A certification authority's services on loopback, answered by the openssl program: authority.py DIRECTORY.

POST /ocsp  `openssl ocsp` over DIRECTORY/index.txt, signed by responder.pem
GET  /crl   `openssl ca -gencrl` over the same
POST /tsa   `openssl ts`, signed by tsa.pem
GET  /file  the file "file" of DIRECTORY
What is named in DIRECTORY/faults, a line each "SERVICE FAULT", goes wrong: error (500), garbage, silence, redirect, old (an
answer given before). The port goes into DIRECTORY/port, each request into DIRECTORY/asked."""
import http.server
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(sys.argv[1]).resolve()
LOCK = threading.Lock()
END = threading.Event()
OLD = {}


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=HERE, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def ocsp(request, work):
    (work / "q").write_bytes(request)
    openssl("ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "responder.pem", "-rkey", "responder.key",
            "-reqin", work / "q", "-respout", work / "a", "-nmin", "5")
    return (work / "a").read_bytes(), "application/ocsp-response"


def crl(_request, work):
    openssl("ca", "-config", "authority.cnf", "-gencrl", "-out", work / "l")
    openssl("crl", "-in", work / "l", "-outform", "DER", "-out", work / "a")
    return (work / "a").read_bytes(), "application/pkix-crl"


def tsa(request, work):
    (work / "q").write_bytes(request)
    openssl("ts", "-reply", "-config", "authority.cnf", "-queryfile", work / "q", "-signer", "tsa.pem", "-inkey",
            "tsa.key", "-out", work / "a")
    return (work / "a").read_bytes(), "application/timestamp-reply"


def file(_request, _work):
    return (HERE / "file").read_bytes(), "application/octet-stream"


SERVICES = {"/ocsp": ocsp, "/crl": crl, "/tsa": tsa, "/file": file}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, kind="text/plain", location=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        request = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with LOCK, open(HERE / "asked", "a") as log:
            log.write(f"{self.command} {self.path} {self.headers.get('Content-Type', '')}\n")
        faults = (HERE / "faults").read_text() if (HERE / "faults").exists() else ""
        fault = dict(line.split() for line in faults.splitlines()).get(self.path[1:])
        if fault == "error":
            self.answer(500, b"sorry")
        elif fault == "garbage":
            self.answer(200, b"0\x03garbage")
        elif fault == "silence":
            END.wait()
        elif fault == "redirect":
            self.answer(302, b"", location=self.path)
        elif fault == "old":
            self.answer(200, *OLD[self.path])
        else:
            with LOCK, tempfile.TemporaryDirectory() as work:
                OLD[self.path] = SERVICES[self.path](request, pathlib.Path(work))
            self.answer(200, *OLD[self.path])

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
(HERE / "port.tmp").write_text(str(server.server_address[1]))
os.rename(HERE / "port.tmp", HERE / "port")
server.serve_forever()
