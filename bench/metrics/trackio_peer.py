"""trackio: its local mode, which queues and writes to SQLite, and its dashboard's server on the same folder."""
import json
import os
import sys
import time

import peer

CHART_POINTS = 3000  # what its page asks for
RUNS_A_REQUEST = 64


def load(folder):
    os.environ["TRACKIO_DIR"] = folder
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    import trackio

    return trackio


class Peer:
    def start(self, folder):
        self.folder = folder
        self.trackio = load(folder)
        port = peer.free_port()
        show = f"import trackio; trackio.show(open_browser=False, block_thread=True, host='127.0.0.1', server_port={port})"
        self.server = peer.Server([sys.executable, "-c", show], port, "/version", {"TRACKIO_DIR": folder})
        return {"version": self.trackio.__version__, "startMs": self.server.start_ms, "pid": self.server.process.pid}

    def ask(self, name, **arguments):
        elapsed, body = self.server.timed("POST", f"/api/{name}", json.dumps(arguments))
        answer = json.loads(body)
        return elapsed, answer.get("data", answer) if isinstance(answer, dict) else answer

    def open_run(self, name):
        return self.trackio.init(project="bench", name=name, embed=False, auto_log_gpu=False, auto_log_cpu=False)

    def log_run(self, name, file, keys, wait=True):
        data = peer.columns(file, keys)
        started = time.perf_counter()
        self.open_run(name)
        for step, values in enumerate(data):
            self.trackio.log(dict(zip(keys, map(float, values))), step=step)
        logged = time.perf_counter()
        self.trackio.finish()
        if wait:
            peer.until(lambda: self.last_step(name) == len(data) - 1, every_s=0.05)
        return {"loggedMs": 1000 * (logged - started), "readableMs": 1000 * (time.perf_counter() - started)}

    def last_step(self, name):
        return self.ask("get_run_summary", project="bench", run=name)[1].get("last_step")

    def log_cost(self, calls, keys):
        self.open_run("cost")
        times = peer.call_times(lambda values, step: self.trackio.log(values, step=step), calls, keys)
        self.trackio.finish()
        return times

    def log_until_killed(self, folder, calls):
        self.trackio = load(folder)
        self.open_run("killed")
        peer.log_and_wait_to_be_killed(lambda values, step: self.trackio.log(values, step=step), calls)

    def kill_arguments(self):
        return {}

    def stored_of_killed(self):
        _, values = self.ask("get_metric_values", project="bench", run="killed", metric_name="train/loss")
        return len(values)

    def logs(self, names):
        runs = [{"run": name} for name in names]
        return self.ask("get_logs_batch", project="bench", runs=runs, max_points=CHART_POINTS, scalar_only=True)

    def chart(self, name, key):
        elapsed, answers = self.logs([name])
        return {"ms": elapsed, "values": [row[key] for row in answers[0]["logs"] if key in row]}

    def compare(self, names, key):
        total, found = 0.0, 0
        for first in range(0, len(names), RUNS_A_REQUEST):
            elapsed, answers = self.logs(names[first : first + RUNS_A_REQUEST])
            total += elapsed
            found += len(answers)
        if found < len(names):
            raise RuntimeError(f"{found} of {len(names)} runs came")
        return {"ms": total}

    def list_runs(self):
        elapsed, _ = self.ask("get_runs_for_project", project="bench")
        return {"ms": elapsed}

    def live(self, repeats):
        self.open_run("live")
        delays = []
        for step in range(repeats):
            started = time.perf_counter()
            self.trackio.log({"live": float(step)}, step=step)
            peer.until(lambda: self.last_step("live") == step, limit_s=10)
            delays.append(1000 * (time.perf_counter() - started))
        self.trackio.finish()
        return delays

    def stored_bytes(self):
        return peer.folder_bytes(self.folder)

    def stop(self):
        self.server.stop()


if __name__ == "__main__":
    peer.serve(Peer())
