"""Aim: its Run in process, which writes to its own store, and `aim up` on the same folder."""
import os
import sys
import time
from importlib.metadata import version
from urllib.parse import urlencode

os.environ["DO_NOT_TRACK"] = "1"
os.environ["__AIM_TELEMETRY__"] = "0"

import numpy
from aim import Repo, Run
from aim.storage.treeutils import decode_tree

import peer

CHART_POINTS = 500  # density of its page


class Peer:
    def start(self, folder):
        self.folder = folder
        Repo.from_path(folder, init=True)
        port = peer.free_port()
        program = os.path.join(os.path.dirname(sys.executable), "aim")
        self.server = peer.Server(
            [program, "up", "--host", "127.0.0.1", "--port", str(port), "--repo", folder, "--yes"], port, "/api/projects/"
        )
        self.hashes = {}
        return {"version": version("aim"), "startMs": self.server.start_ms, "pid": self.server.process.pid}

    def open_run(self, name):
        run = Run(repo=self.folder, experiment="bench", system_tracking_interval=None, log_system_params=False, capture_terminal_logs=False)
        run.name = name
        return run

    def log_run(self, name, file, keys, wait=True):
        data = peer.columns(file, keys)
        started = time.perf_counter()
        run = self.open_run(name)
        self.hashes[name] = run.hash
        for step, values in enumerate(data):
            for key, value in zip(keys, values):
                run.track(float(value), name=key, step=step)
        logged = time.perf_counter()
        run.close()
        last = data[-1, -1]
        if wait:
            peer.until(lambda: self.last_value(run.hash, keys[-1]) == last, every_s=0.05)
        return {"loggedMs": 1000 * (logged - started), "readableMs": 1000 * (time.perf_counter() - started)}

    def search(self, query, points):
        parameters = urlencode({"q": query, "p": points, "skip_system": "true", "report_progress": "false"})
        return self.server.timed("GET", f"/api/runs/search/metric/?{parameters}")

    def traces(self, body):
        return [trace for run in decode_tree(records(body)).values() for trace in run["traces"]]

    def last_value(self, run, key):
        _, body = self.search(f"run.hash == '{run}' and metric.name == '{key}'", 50)
        traces = self.traces(body) if body else []
        return traces[0]["last_value"]["last"] if traces and "last_value" in traces[0] else numbers(traces[0]["values"])[-1] if traces else None

    def log_cost(self, calls, keys):
        run = self.open_run("cost")
        times = peer.call_times(lambda values, step: run.track(values, step=step), min(calls, 500), keys)
        run.close()
        return times

    def log_until_killed(self, folder, calls):
        self.folder = folder
        run = self.open_run("killed")
        peer.log_and_wait_to_be_killed(lambda values, step: run.track(values, step=step), calls)

    def kill_arguments(self):
        return {}

    def stored_of_killed(self):
        # Through the API that its page asks.
        _, body = self.search("run.name == 'killed'", 100_000)
        traces = self.traces(body) if body else []
        return len(numbers(traces[0]["values"])) if traces else 0

    def chart(self, name, key):
        elapsed, body = self.search(f"run.hash == '{self.hashes[name]}' and metric.name == '{key}'", CHART_POINTS)
        return {"ms": elapsed, "values": numbers(self.traces(body)[0]["values"])}

    def compare(self, names, key):
        chosen = {self.hashes[name] for name in names}
        elapsed, body = self.search(f"run.hash in {sorted(chosen)!r} and metric.name == '{key}'", CHART_POINTS)
        found = len(self.traces(body))
        if found < len(names):
            raise RuntimeError(f"{found} of {len(names)} series came")
        return {"ms": elapsed}

    def list_runs(self):
        elapsed, _ = self.server.timed("GET", "/api/runs/search/run/?" + urlencode({"q": "", "limit": 50, "report_progress": "false"}))
        return {"ms": elapsed}

    def live(self, repeats):
        run = self.open_run("live")
        delays = []
        for step in range(repeats):
            started = time.perf_counter()
            run.track(float(step) + 0.5, name="live", step=step)
            peer.until(lambda: self.last_value(run.hash, "live") == step + 0.5, limit_s=10, every_s=0.01)
            delays.append(1000 * (time.perf_counter() - started))
        run.close()
        return delays

    def stored_bytes(self):
        return peer.folder_bytes(self.folder)

    def stop(self):
        self.server.stop()


def records(body):
    """The stream of its search: length, key, length, value."""
    at = 0
    while at < len(body):
        parts = []
        for _ in range(2):
            length = int.from_bytes(body[at : at + 4], "little")
            parts.append(body[at + 4 : at + 4 + length])
            at += 4 + length
        yield tuple(parts)


def numbers(encoded):
    return numpy.frombuffer(encoded["blob"], dtype=encoded["dtype"]).tolist()


if __name__ == "__main__":
    peer.serve(Peer())
