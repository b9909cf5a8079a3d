"""What the drivers of the peers share: a loop over JSON lines, a server process, HTTP with keep-alive, and the data files."""
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import numpy


def serve(peer):
    """Answers each line {do, with} on stdin with one line {result} or {error} on stdout; all other output goes to stderr."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": getattr(peer, request["do"])(**request.get("with", {}))}
        except Exception as error:  # noqa: BLE001
            answer = {"error": f"{type(error).__name__}: {error}"[:500]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    # The bench is gone: nothing that was started stays behind.
    peer.stop()


def columns(file, keys):
    """The data of one run, a row a step and a column a key."""
    return numpy.fromfile(file, dtype="<f8").reshape(-1, len(keys))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A peer's own server, and one connection to it that is kept alive."""

    def __init__(self, command, port, answers_at="/", environment=None):
        self.port = port
        started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            stderr=sys.stderr,
            start_new_session=True,
        )
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended with {self.process.returncode}")
            try:
                status, _ = self.get(answers_at)
                if status < 500:
                    break
            except OSError:
                self.connection.close()
            time.sleep(0.02)
            if time.perf_counter() - started > 120:
                raise RuntimeError("no answer within 120 s")
        self.start_ms = 1000 * (time.perf_counter() - started)

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body, content_type="application/json"):
        return self.request("POST", path, body, {"Content-Type": content_type})

    def request(self, method, path, body=None, headers=None):
        for is_last in (False, True):
            try:
                self.connection.request(method, path, body, headers or {})
                response = self.connection.getresponse()
                return response.status, response.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # It closes connections that were idle for some seconds.
                self.connection.close()
                if is_last:
                    raise

    def timed(self, method, path, body=None, content_type="application/json"):
        """Milliseconds until the whole answer is here, and the answer."""
        started = time.perf_counter()
        status, data = self.request(method, path, body, {"Content-Type": content_type})
        elapsed = 1000 * (time.perf_counter() - started)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {data[:200]!r}")
        return elapsed, data

    def stop(self):
        """Ends the whole group: `aim up` leaves a worker behind."""
        if self.process.returncode is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def until(ask, limit_s=120.0, every_s=0.01):
    """Seconds until `ask` answers true; None after the limit."""
    started = time.perf_counter()
    while not ask():
        if time.perf_counter() - started > limit_s:
            return None
        time.sleep(every_s)
    return time.perf_counter() - started


def call_times(log, calls, keys):
    """Microseconds of each of `calls` calls that log all keys at one step, a millisecond apart, so that a queue has time to drain."""
    times = []
    for step in range(calls):
        values = {key: 0.1 * step + index for index, key in enumerate(keys)}
        started = time.perf_counter_ns()
        log(values, step)
        times.append((time.perf_counter_ns() - started) / 1000)
        time.sleep(0.001)
    return times


def log_and_wait_to_be_killed(log, calls):
    """Logs a millisecond apart and says when the last call has returned; the parent then kills this process."""
    for step in range(calls):
        time.sleep(0.001)
        log({"train/loss": 1.0 / (step + 1)}, step)
    os.write(1, f"returned {calls}\n".encode())
    time.sleep(60)


def folder_bytes(folder):
    for base, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".db"):
                # What stands in the log of SQLite moves into its file, or it would be counted twice.
                with sqlite3.connect(os.path.join(base, name), timeout=10) as database:
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                database.close()
    return sum(
        os.path.getsize(os.path.join(base, name)) for base, _, names in os.walk(folder) for name in names
    )
