# %% [markdown]
# # Compare runs, from outside
# Everything here goes through Residual's public GraphQL API with Python's standard library. numpy, pandas and matplotlib are used
# where they are installed. Make an API key under *Settings* and set it below or as `RESIDUAL_API_KEY`.
# The first cell is the tools; each step after it takes at most five lines.

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


def column(text):
    """A column of the API (base64 of little-endian float64) as a list of floats, or as a numpy array where numpy is installed."""
    data = base64.b64decode(text)
    try:
        import numpy

        return numpy.frombuffer(data, "<f8")
    except ImportError:
        return list(struct.unpack(f"<{len(data) // 8}d", data))


def draw_gap(runs, curves):
    """Train solid, val dashed, the area between them shaded: that is the overfitting gap. Needs matplotlib."""
    try:
        import matplotlib

        matplotlib.use(os.environ.get("MPLBACKEND", "Agg"))
        import matplotlib.pyplot as plt
    except ImportError:
        return "matplotlib is not installed: no drawing"
    figure, axes = plt.subplots(figsize=(8, 4))
    for run in runs:
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
    return "drawn: gap.png"


# %% [markdown]
# ## Which runs are there, and does one overfit?
# A filter picks them, here those that run or have finished. `filter: "verdict = OVERFITTING"` finds those that do.

# %%
gap = "generalizationGap { verdict measure onsetEpoch wastedEpochs explanation { text } accuracy { estimate low high } }"
runs = ask("query($p: String!, $f: String!) { runs(project: $p, filter: $f, first: 100) { nodes { id name status architecture { id } " + gap + " } } }",
           p=PROJECT, f="status in (FINISHED, RUNNING)")["runs"]["nodes"]
for run in runs:
    print(f"{run['name']:<28} {run['status']:<9} {(run['generalizationGap'] or {'explanation': {'text': 'no gap yet'}})['explanation']['text']}")

# %% [markdown]
# ## Many series in one request
# Columns arrive as base64 of little-endian float64: one call decodes a whole series.

# %%
ids, keys = [run["id"] for run in runs], ["train/accuracy", "val/accuracy", "train/loss", "val/loss"]
query = "query($r: [ID!]!, $k: [String!]!) { metricSeries(runs: $r, keys: $k, maxPoints: 2000) { run key step value } }"
series = ask(query, r=ids, k=keys)["metricSeries"] if ids else []
curves = {(one["run"], one["key"]): (column(one["step"]), column(one["value"])) for one in series}
print(f"{len(curves)} series, {sum(len(steps) for steps, _ in curves.values())} points.", draw_gap(runs, curves))

# %% [markdown]
# ## Log a run of your own
# Any training script can do this. A writer counts its requests 1, 2, 3 …; sending one again is harmless, so retry freely.

# %%
experiment = ask("query($p: String!) { project(slug: $p) { experiments(first: 1) { nodes { id } } } }", p=PROJECT)["project"]["experiments"]["nodes"][0]["id"]
new = {"experiment": experiment, "name": "from my notebook", "architecture": "resnet50", "config": {"learningRate": 1e-3}}
mine = ask("mutation($i: CreateRunInput!) { createRun(input: $i) { id } }", i=new)["createRun"]["id"]
frame = {"steps": list(range(1, 101)), "times": [time.time() * 1000] * 100, "values": {"train/running_loss": [2.3 * math.exp(-s / 60) for s in range(1, 101)]}}
ask("mutation($i: LogMetricsInput!) { logMetrics(input: $i) { points } }", i={"run": mine, "writer": str(uuid.uuid4()), "seq": 1, "frame": frame})

# %% [markdown]
# What makes the gap: both splits scored with the same weights, un-augmented, in evaluation mode.

# %%
for epoch in range(1, 6):
    train = {"examples": 1000, "correct": 700 + 55 * epoch, "meanLoss": 1.6 / epoch}
    val = {"examples": 400, "correct": 270 + 9 * epoch, "meanLoss": 1.6 / epoch + 0.04 * epoch}
    one = {"run": mine, "epoch": epoch, "step": 20 * epoch, "train": train, "val": val}
    ask("mutation($i: LogEvaluationInput!) { logEvaluation(input: $i) { epoch } }", i=one)

# %%
ask("mutation($i: FinishRunInput!) { finishRun(input: $i) { id } }", i={"id": mine})
report = ask("query($id: ID!) { run(id: $id) { status integrity { pointsStored } " + gap + " } }", id=mine)["run"]
print(f"{report['status']}, {report['integrity']['pointsStored']} points stored. {report['generalizationGap']['explanation']['text']}")

# %% [markdown]
# ## Which one is better, and is that certain?
# The tests are chosen by what the data allow; the sentence is never stronger than they are. `outlook` says what it would take to tell.

# %%
compared = "sentence { text } outlook { text } pareto fairness { severity message { text } } rows { name price { amount currency } difference { estimate low high } }"
answer = ask("query($r: [ID!]!) { comparison(runs: $r) { " + compared + " } }", r=[mine, *ids][:20])["comparison"]
print(answer["sentence"]["text"], (answer["outlook"] or {}).get("text", ""))
print("\n".join("  " + finding["message"]["text"] for finding in answer["fairness"]))

# %% [markdown]
# ## What is it wrong about?
# The images of val that a run took for another class, the surest first, for runs that logged what they said of each image.

# %%
wrong = "bestEvaluation { confusion val { macroF1 mistakes(first: 3) { total nodes { file truth predictions { class confidence } } } } }"
for run in ask("query($r: String!, $p: String!) { runs(project: $p, filter: $r, first: 5) { nodes { name " + wrong + " } } }", p=PROJECT, r="status = FINISHED")["runs"]["nodes"]:
    found = run["bestEvaluation"] and run["bestEvaluation"]["val"]["mistakes"]
    print(run["name"], "–", f"{found['total']} mistakes" if found else "said nothing of single images")

# %% [markdown]
# ## What to try next
# Advice follows from a run's own record. `applyAdvice(run: …, advice: "<id>")` starts the run that an action proposes.

# %%
advised = "advice { rule finding { text } actions { id message { text } costFactor } }"
for advice in ask("query($id: ID!) { run(id: $id) { " + advised + " } }", id=mine)["run"]["advice"]:
    print(advice["finding"]["text"])
    print("\n".join(f"  {action['id']}: {action['message']['text']}" for action in advice["actions"]))

# %% [markdown]
# ## More data or a bigger model?
# `startLearningCurve(run: …)` trains on 10, 25 and 50 % of the images; the fitted curve says what twice the images would bring.

# %%
for run in runs:
    curve = ask("query($id: ID!) { run(id: $id) { learningCurve { moreData { text } biggerNetwork { text } } } }", id=run["id"])["run"]["learningCurve"]
    print(run["name"], "–", curve["moreData"]["text"] if curve else "trained by a script: no curve", (curve and curve["biggerNetwork"] or {}).get("text", ""))

# %% [markdown]
# ## What the guide says, and what was measured here
# A claim of the guide stands beside what the evidence says of it, and what this project's own runs measured.

# %%
query = "query($p: String!) { trainingGuide(architecture: resnet101) { notes { claim standing source message { text } } measured(project: $p) { claim message { text } } } }"
guide = ask(query, p=PROJECT)["trainingGuide"]
refuted = [note for note in guide["notes"] if note["standing"] == "REFUTED"]
print("\n".join(f"refuted: {note['message']['text']}" for note in refuted))
print("\n".join(f"measured here: {note['message']['text']}" for note in guide["measured"]))

# %% [markdown]
# ## What would it cost to train?
# `startSweep(input: …)` trains architectures × seeds × settings in one call; before that, `preflight` says what each of them takes here.

# %%
datasets = ask("query($p: String!) { project(slug: $p) { datasets { id name status } } }", p=PROJECT)["project"]["datasets"]
config = {"architecture": "resnet18", "batchSize": 16, "epochs": 3, "learningRate": 1e-4}
for dataset in (one for one in datasets if one["status"] == "READY"):
    plan = ask("query($d: ID!, $i: TrainingConfigInput!) { preflight(dataset: $d, input: $i) { fits seconds memoryBytes cost { amount currency } } }", d=dataset["id"], i=config)
    print(dataset["name"], plan["preflight"])
