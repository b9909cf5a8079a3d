"""PyTorch's side of a comparison: reads commands as lines of JSON, answers each with one.

Usage: python torch_side.py <case folder> <threads> <channels_last | contiguous_format>
"""

import json
import pathlib
import resource
import sys
import time

import numpy
import timm
import torch
import torchvision

folder, threads, memory_format = pathlib.Path(sys.argv[1]), int(sys.argv[2]), getattr(torch, sys.argv[3])
torch.set_num_threads(threads)
entry = json.loads((folder / "case.json").read_text())


def build():
    """torchvision's ResNet or timm's ViT, eager, with the weights of the case."""
    if entry["id"].startswith("resnet"):
        model = getattr(torchvision.models, entry["id"])(num_classes=entry["classes"])
    else:
        model = timm.create_model(entry["id"], num_classes=entry["classes"], img_size=entry["imageSize"])
    weights = numpy.fromfile(folder / "weights.bin", dtype=numpy.float32)
    state, start = model.state_dict(), 0
    for weight in entry["weights"]:
        end = start + weight["length"]
        tensor = torch.from_numpy(weights[start:end].copy())
        state[weight["name"]] = tensor.reshape(state[weight["name"]].shape)
        start = end
    model.load_state_dict(state)
    return model.to(memory_format=memory_format)


def make_optimizer(model):
    config = entry["optimizer"]
    matrices = [p for n, p in model.named_parameters() if p.ndim >= 2 and n not in ("pos_embed", "cls_token")]
    chosen = {id(p) for p in matrices}
    others = [p for p in model.parameters() if id(p) not in chosen]
    groups = [
        {"params": matrices, "weight_decay": config["weightDecay"]},
        {"params": others, "weight_decay": 0.0},
    ]
    if config["kind"] == "sgd":
        return torch.optim.SGD(groups, lr=entry["learningRate"], momentum=config["momentum"])
    return torch.optim.AdamW(groups, lr=entry["learningRate"])


size = entry["imageSize"]
pixels = numpy.fromfile(folder / "images.bin", dtype=numpy.float32)
batches = [
    (images.permute(0, 3, 1, 2).contiguous(memory_format=memory_format), torch.tensor(labels))
    for images, labels in zip(
        torch.from_numpy(pixels).reshape(len(entry["labels"]), entry["batchSize"], size, size, 3), entry["labels"]
    )
]
model = build()
optimizer = make_optimizer(model)
step = 0


def train(images, labels):
    optimizer.zero_grad(set_to_none=True)
    loss = torch.nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


@torch.inference_mode()
def infer(images, _):
    return model(images)[0, 0].item()


def run(mode, steps):
    global step
    model.train(mode != "infer")
    milliseconds, values = [], []
    for _ in range(steps):
        images, labels = batches[step % len(batches)]
        step += 1
        started = time.perf_counter()
        values.append((infer if mode == "infer" else train)(images, labels))
        milliseconds.append(1000 * (time.perf_counter() - started))
    return {"milliseconds": milliseconds, "values": values}


def sgemm(size=2048):
    """Best of a few products of square float32 matrices, in GFLOP/s."""
    a, b = torch.ones(size, size), torch.ones(size, size)
    times = []
    for _ in range(6):
        started = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - started)
    return {"gigaflops": 2 * size**3 / min(times) / 1e9}


commands = {
    "run": run,
    "sgemm": sgemm,
    "peak": lambda: {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024},
    "about": lambda: {
        "text": f"PyTorch {torch.__version__} (torchvision {torchvision.__version__}, timm {timm.__version__}), {threads} threads"
    },
    "end": sys.exit,
}
for line in sys.stdin:
    options = json.loads(line)
    print(json.dumps(commands[options.pop("command")](**options)), flush=True)
