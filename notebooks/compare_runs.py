# %% [markdown]
# # Compare runs, from outside
# Everything here goes through Residual's public GraphQL API with Python's standard library. numpy, pandas and matplotlib are used
# where they are installed. Make an API key under *Settings* and set it below or as `RESIDUAL_API_KEY`.

# %%
import base64
import json
import math
import os
import struct
import time
import urllib.request
import uuid

URL = os.environ.get("RESIDUAL_URL", "http://127.0.0.1:3000") + "/graphql"
KEY = os.environ.get("RESIDUAL_API_KEY", "")
PROJECT = os.environ.get("RESIDUAL_PROJECT", "main")


def ask(query, **variables):
    """Asks one GraphQL operation; raises with the server's message when it says no."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {KEY}"}
    with urllib.request.urlopen(urllib.request.Request(URL, body, headers)) as response:
        answer = json.load(response)
    if "errors" in answer:
        raise RuntimeError("; ".join(error["message"] for error in answer["errors"]))
    return answer["data"]


# %% [markdown]
# ## Which runs are there?
# A filter picks them: finished ResNets and ViTs of one project, newest first.

# %%
runs = ask(
    """
    query Runs($project: String!, $filter: String) {
      runs(project: $project, filter: $filter, first: 100) {
        totalCount { value isExact }
        nodes {
          id name status seed architecture { id parameters }
          bestEvaluation { epoch val { accuracy { estimate low high } } }
          generalizationGap { verdict accuracy { estimate low high } onsetEpoch explanation { text } }
        }
      }
    }
    """,
    project=PROJECT,
    filter="status in (FINISHED, RUNNING)",
)["runs"]
print(f"{runs['totalCount']['value']} runs")
for run in runs["nodes"]:
    best, gap = run["bestEvaluation"], run["generalizationGap"]
    accuracy = f"{best['val']['accuracy']['estimate']:.3f} at epoch {best['epoch']:g}" if best else "no evaluation yet"
    print(f"  {run['name']:<28} {run['status']:<9} val accuracy {accuracy}  {gap['explanation']['text'] if gap else ''}")

# %% [markdown]
# ## Many series in one request
# Columns arrive as base64 of little-endian float64: one call decodes a whole series.


# %%
def column(text):
    """A column of the API as a list of floats, or as a numpy array where numpy is installed."""
    data = base64.b64decode(text)
    try:
        import numpy

        return numpy.frombuffer(data, "<f8")
    except ImportError:
        return list(struct.unpack(f"<{len(data) // 8}d", data))


KEYS = ["train/accuracy", "val/accuracy", "train/loss", "val/loss"]
ids = [run["id"] for run in runs["nodes"]]
series = ask(
    """
    query Series($runs: [ID!]!, $keys: [String!]!) {
      metricSeries(runs: $runs, keys: $keys, maxPoints: 2000) { run key count exact step value }
    }
    """,
    runs=ids,
    keys=KEYS,
)["metricSeries"] if ids else []
curves = {(one["run"], one["key"]): (column(one["step"]), column(one["value"])) for one in series}
print(f"{len(curves)} series, {sum(len(steps) for steps, _ in curves.values())} points")

# %% [markdown]
# ## The gap, drawn
# Train solid, val dashed, the area between them shaded: that is the overfitting gap.

# %%
try:
    import matplotlib

    matplotlib.use(os.environ.get("MPLBACKEND", "Agg"))
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4))
    for run in runs["nodes"]:
        train, val = curves.get((run["id"], "train/accuracy")), curves.get((run["id"], "val/accuracy"))
        if train is None or val is None:
            continue
        (line,) = axes.plot(*train, label=run["name"])
        axes.plot(*val, linestyle="--", color=line.get_color())
        if list(train[0]) == list(val[0]):
            axes.fill_between(train[0], val[1], train[1], color=line.get_color(), alpha=0.15)
    axes.set(xlabel="step", ylabel="accuracy", title="train solid, val dashed")
    if axes.lines:
        axes.legend()
    figure.savefig("gap.png")
    print("drawn: gap.png")
except ImportError:
    print("matplotlib is not installed: no drawing")

# %% [markdown]
# ## Log a run of your own
# Any training script can do this. A writer counts its requests 1, 2, 3 …; sending one again is harmless, so retry freely.

# %%
experiments = ask("query($project: String!) { project(slug: $project) { experiments(first: 1) { nodes { id } } } }", project=PROJECT)
experiment = experiments["project"]["experiments"]["nodes"][0]["id"]
mine = ask(
    "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
    input={"experiment": experiment, "name": "from my notebook", "architecture": "resnet50", "config": {"learningRate": 1e-3}},
)["createRun"]["id"]
writer = str(uuid.uuid4())
for epoch in range(1, 6):
    steps = list(range((epoch - 1) * 20 + 1, epoch * 20 + 1))
    loss = [2.3 * math.exp(-step / 60) for step in steps]
    receipt = ask(
        "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq points duplicate } }",
        input={
            "run": mine,
            "writer": writer,
            "seq": epoch,
            "frame": {"steps": steps, "times": [time.time() * 1000] * len(steps), "values": {"train/running_loss": loss}},
        },
    )["logMetrics"]
    # What makes the gap: both splits scored with the same weights, un-augmented, in evaluation mode.
    ask(
        "mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { epoch } }",
        input={
            "run": mine,
            "epoch": epoch,
            "step": steps[-1],
            "train": {"examples": 1000, "correct": 700 + 55 * epoch, "meanLoss": loss[-1]},
            "val": {"examples": 400, "correct": 270 + 9 * epoch, "meanLoss": loss[-1] + 0.04 * epoch},
        },
    )
ask("mutation($input: FinishRunInput!) { finishRun(input: $input) { id } }", input={"id": mine})
report = ask("query($id: ID!) { run(id: $id) { status integrity { pointsStored } generalizationGap { explanation { text } } } }", id=mine)["run"]
print(f"{report['status']}, {report['integrity']['pointsStored']} points stored. {report['generalizationGap']['explanation']['text']}")

# %% [markdown]
# ## Which one is better, and is that certain?
# The tests are chosen by what the data allow; the sentence is never stronger than they are. `outlook` says what it would take to tell.

# %%
if len(ids) > 1:
    answer = ask("query($runs: [ID!]!) { comparison(runs: $runs) { sentence { text } outlook { text } fairness { message { text } } } }", runs=ids[:20])
    print(answer["comparison"]["sentence"]["text"], (answer["comparison"]["outlook"] or {}).get("text", ""))
    print("\n".join("  " + finding["message"]["text"] for finding in answer["comparison"]["fairness"]))

# %% [markdown]
# ## What to try next
# Advice follows from a run's own record. `applyAdvice(run: …, advice: "<id>")` starts the run that an action proposes.

# %%
for advice in ask("query($id: ID!) { run(id: $id) { advice { finding { text } actions { id message { text } costFactor } } } }", id=mine)["run"]["advice"]:
    print(advice["finding"]["text"])
    print("\n".join(f"  {action['id']}: {action['message']['text']}" for action in advice["actions"]))

# %% [markdown]
# ## More data or a bigger model?
# `startLearningCurve(run: …)` trains on 10, 25 and 50 % of the images; the fitted curve says what twice the images would bring.

# %%
for run in runs["nodes"]:
    curve = ask("query($id: ID!) { run(id: $id) { learningCurve { moreData { text } biggerNetwork { text } } } }", id=run["id"])["run"]["learningCurve"]
    print(run["name"], "–", curve["moreData"]["text"] if curve else "trained by a script: no curve", (curve and curve["biggerNetwork"] or {}).get("text", ""))
