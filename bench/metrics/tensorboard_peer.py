"""TensorBoard: its own summary writer (no TensorFlow, no PyTorch) and its server, which reads the folder again and again."""
import json
import os
import sys
import time
from urllib.parse import urlencode

import peer
import tensorboard
from tensorboard.summary import Writer

DATA = "/experiment/defaultExperimentId/data/plugin/timeseries"


class Peer:
    def start(self, folder):
        self.folder = folder
        port = peer.free_port()
        program = os.path.join(os.path.dirname(sys.executable), "tensorboard")
        command = [program, "--logdir", folder, "--host", "127.0.0.1", "--port", str(port)]
        self.server = peer.Server(command, port, "/data/environment")
        return {"version": tensorboard.__version__, "startMs": self.server.start_ms, "pid": self.server.process.pid}

    def open_run(self, name):
        return Writer(os.path.join(self.folder, name))

    def log_run(self, name, file, keys, wait=True):
        data = peer.columns(file, keys)
        started = time.perf_counter()
        writer = self.open_run(name)
        for step, values in enumerate(data):
            for key, value in zip(keys, values):
                writer.add_scalar(key, value, step)
        writer.close()
        logged = time.perf_counter()
        if wait:
            peer.until(lambda: self.last_step(name, keys[-1]) == len(data) - 1, every_s=0.05)
        return {"loggedMs": 1000 * (logged - started), "readableMs": 1000 * (time.perf_counter() - started)}

    def series(self, key):
        """All runs' series of a key: its page asks for no less."""
        body = urlencode({"requests": json.dumps([{"plugin": "scalars", "tag": key}])})
        return self.server.timed("POST", f"{DATA}/timeSeries", body, "application/x-www-form-urlencoded")

    def points(self, name, key):
        _, body = self.series(key)
        return json.loads(body)[0].get("runToSeries", {}).get(name, [])

    def last_step(self, name, key):
        points = self.points(name, key)
        return points[-1]["step"] if points else None

    def log_cost(self, calls, keys):
        writer = self.open_run("cost")

        def log(values, step):
            for key, value in values.items():
                writer.add_scalar(f"cost/{key}", value, step)

        times = peer.call_times(log, calls, keys)
        writer.close()
        return times

    def log_until_killed(self, folder, calls):
        self.folder = folder
        writer = self.open_run("killed")
        peer.log_and_wait_to_be_killed(lambda values, step: writer.add_scalar("killed", values["train/loss"], step), calls)

    def kill_arguments(self):
        return {}

    def stored_of_killed(self):
        # All that is in the file: its server would show a sample.
        from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

        folder = os.path.join(self.folder, "killed")
        (file,) = os.listdir(folder)
        return sum(1 for event in LegacyEventFileLoader(os.path.join(folder, file)).Load() for _ in event.summary.value)

    def chart(self, name, key):
        elapsed, body = self.series(key)
        return {"ms": elapsed, "values": [point["value"] for point in json.loads(body)[0]["runToSeries"][name]]}

    def compare(self, names, key):
        elapsed, body = self.series(key)
        found = len(json.loads(body)[0]["runToSeries"])
        if found < len(names):
            raise RuntimeError(f"{found} of {len(names)} series came")
        return {"ms": elapsed}

    def list_runs(self):
        elapsed, _ = self.server.timed("GET", "/data/runs")
        return {"ms": elapsed}

    def live(self, repeats):
        writer = self.open_run("live")
        delays = []
        for step in range(min(repeats, 5)):
            started = time.perf_counter()
            writer.add_scalar("live", float(step), step)
            writer.flush()
            peer.until(lambda: self.last_step("live", "live") == step, limit_s=30)
            delays.append(1000 * (time.perf_counter() - started))
        writer.close()
        return delays

    def stored_bytes(self):
        return peer.folder_bytes(self.folder)

    def stop(self):
        self.server.stop()


if __name__ == "__main__":
    peer.serve(Peer())
