"""PyTorch's side: the same recipe, written from its description. Usage: python torch_side.py <plan> <seed>"""

import copy
import json
import math
import pathlib
import sys
import time

import numpy
import torch
import torchvision
from PIL import Image
from torchvision.transforms import v2

plan, seed = json.loads(pathlib.Path(sys.argv[1]).read_text()), int(sys.argv[2])
config, scan = plan["config"], plan["scan"]
torch.manual_seed(seed)
size, batch_size, epochs = config["imageSize"], config["batchSize"], config["epochs"]
mean, deviation = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def load(split):
    entries = [image for image in scan["images"] if image["split"] == split]
    pixels = []
    for entry in entries:
        image = Image.open(pathlib.Path(scan["path"]) / entry["path"]).convert("RGB")
        pixels.append(numpy.asarray(image.resize((size, size), Image.BICUBIC)))
    return torch.from_numpy(numpy.stack(pixels)).permute(0, 3, 1, 2), torch.tensor([e["class"] for e in entries])


def normalised(images):
    return v2.functional.normalize(images.float() / 255, mean, deviation)


def score(model, images, labels):
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(normalised(part)) for part in images.split(256)])
    loss = torch.nn.functional.cross_entropy(logits, labels).item()
    return (logits.argmax(1) == labels).float().mean().item(), loss


begin = time.time()
(train_images, train_labels), (val_images, val_labels), (test_images, test_labels) = map(load, ["train", "val", "test"])
model = torchvision.models.resnet18(num_classes=len(scan["classes"]), zero_init_residual=True)
torch.nn.init.zeros_(model.fc.bias)
model = model.to(memory_format=torch.channels_last)
decayed = [p for p in model.parameters() if p.ndim > 1]
others = [p for p in model.parameters() if p.ndim <= 1]
groups = [{"params": decayed, "weight_decay": config["weightDecay"]}, {"params": others, "weight_decay": 0.0}]
optimizer = torch.optim.AdamW(groups, lr=config["learningRate"])
augment = v2.Compose([v2.RandomResizedCrop(size, scale=(0.5, 1), antialias=True), v2.RandomHorizontalFlip()])

steps = len(train_images) // batch_size
total = steps * epochs
warmup = round(total * config["warmupFraction"])
peak, step = config["learningRate"], 0
best = (-1.0, 0.0, 0)
for epoch in range(1, epochs + 1):
    order = torch.randperm(len(train_images))
    for members in order[: steps * batch_size].split(batch_size):
        model.train()
        step += 1
        cosine = 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))
        rate = peak * step / warmup if step <= warmup else 0.01 * peak + 0.99 * peak * cosine
        for group in optimizer.param_groups:
            group["lr"] = rate
        images = torch.stack([augment(train_images[i]) for i in members])
        logits = model(normalised(images).contiguous(memory_format=torch.channels_last))
        smoothing = config["labelSmoothing"]
        loss = torch.nn.functional.cross_entropy(logits, train_labels[members], label_smoothing=smoothing)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config["clipNorm"])
        optimizer.step()
    accuracy, loss = score(model, val_images, val_labels)
    if (accuracy, -loss) > best[:2]:
        best = (accuracy, -loss, epoch)
        kept = copy.deepcopy(model.state_dict())
model.load_state_dict(kept)
test, _ = score(model, test_images, test_labels)
device = f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"
seconds = time.time() - begin
print(json.dumps({"device": device, "test": test, "val": best[0], "bestEpoch": best[2], "seconds": seconds}))
