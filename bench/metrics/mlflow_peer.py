"""MLflow: its server on SQLite or Postgres, its MlflowClient with the largest batches that it takes."""
import json
import os
import sys
import time
from urllib.parse import urlencode

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"
os.environ["MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"] = "false"
import mlflow
from mlflow.entities import Metric
from mlflow.tracking import MlflowClient

import peer

BATCH = 1000  # the most that log_batch takes
CHART_POINTS = 320  # what its page asks for
RUNS_A_REQUEST = 100


class Peer:
    def start(self, folder, database=None):
        self.folder = folder
        self.database = database
        port = peer.free_port()
        # SQLAlchemy takes another driver than the installed one where none is named.
        named = database and database.replace("postgresql://", "postgresql+psycopg2://")
        store = named or f"sqlite:///{folder}/mlflow.db"
        command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", store, "--artifacts-destination", f"{folder}/artifacts"]
        self.server = peer.Server([*command, "--host", "127.0.0.1", "--port", str(port)], port, "/health")
        self.address = f"http://127.0.0.1:{port}"
        self.client = MlflowClient(self.address)
        self.experiment = self.client.create_experiment("bench")
        self.runs = {}
        return {"version": mlflow.__version__, "startMs": self.server.start_ms, "pid": self.server.process.pid}

    def log_run(self, name, file, keys, wait=True):
        data = peer.columns(file, keys)
        started = time.perf_counter()
        run = self.client.create_run(self.experiment, run_name=name).info.run_id
        self.runs[name] = run
        rows = max(1, BATCH // len(keys))
        for first in range(0, len(data), rows):
            batch = [
                Metric(key, float(value), 1_700_000_000_000 + first + row, first + row)
                for row, values in enumerate(data[first : first + rows])
                for key, value in zip(keys, values)
            ]
            self.client.log_batch(run, metrics=batch)
        logged = time.perf_counter()
        if wait:
            peer.until(lambda: self.last_step(run, keys[-1]) == len(data) - 1)
        return {"loggedMs": 1000 * (logged - started), "readableMs": 1000 * (time.perf_counter() - started)}

    def last_step(self, run, key):
        status, body = self.server.get("/api/2.0/mlflow/runs/get?" + urlencode({"run_id": run}))
        metrics = json.loads(body)["run"]["data"].get("metrics", [])
        return next((int(metric["step"]) for metric in metrics if metric["key"] == key), -1)

    def log_cost(self, calls, keys):
        mlflow.set_tracking_uri(self.address)
        with mlflow.start_run(experiment_id=self.experiment):
            return peer.call_times(lambda values, step: mlflow.log_metrics(values, step=step), min(calls, 100), keys)

    def log_until_killed(self, folder, calls, address, experiment):
        mlflow.set_tracking_uri(address)
        mlflow.start_run(experiment_id=experiment, run_name="killed")
        peer.log_and_wait_to_be_killed(lambda values, step: mlflow.log_metrics(values, step=step), min(calls, 300))

    def kill_arguments(self):
        return {"address": self.address, "experiment": self.experiment}

    def stored_of_killed(self):
        run = self.client.search_runs([self.experiment], "attributes.run_name = 'killed'")[0].info.run_id
        return len(self.client.get_metric_history(run, "train/loss"))

    def chart(self, name, key):
        elapsed, body = self.history([self.runs[name]], key)
        return {"ms": elapsed, "values": [point["value"] for point in json.loads(body)["metrics"]]}

    def history(self, runs, key):
        query = urlencode([*(("run_ids", run) for run in runs), ("metric_key", key), ("max_results", CHART_POINTS)])
        return self.server.timed("GET", f"/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?{query}")

    def compare(self, names, key):
        total = 0.0
        for first in range(0, len(names), RUNS_A_REQUEST):
            elapsed, _ = self.history([self.runs[name] for name in names[first : first + RUNS_A_REQUEST]], key)
            total += elapsed
        return {"ms": total}

    def list_runs(self):
        body = json.dumps({"experiment_ids": [self.experiment], "max_results": 100})
        elapsed, _ = self.server.timed("POST", "/ajax-api/2.0/mlflow/runs/search", body)
        return {"ms": elapsed}

    def live(self, repeats):
        run = self.client.create_run(self.experiment).info.run_id
        delays = []
        for step in range(repeats):
            started = time.perf_counter()
            self.client.log_metric(run, "train/loss", 1.0, step=step)
            peer.until(lambda: self.last_step(run, "train/loss") == step, every_s=0.002)
            delays.append(1000 * (time.perf_counter() - started))
        return delays

    def stored_bytes(self):
        if self.database:
            import psycopg2

            with psycopg2.connect(self.database) as connection, connection.cursor() as cursor:
                cursor.execute("SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
                return int(cursor.fetchone()[0])
        return peer.folder_bytes(self.folder)

    def stop(self):
        self.server.stop()


if __name__ == "__main__":
    peer.serve(Peer())
