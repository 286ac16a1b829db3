"""How fast the plain models are in eager PyTorch, over random rows in memory: the other side of `scripts/deepfm benchmark`.

    python benchmark.py --versions       prints {"python": ..., "torch": ...}
    python benchmark.py SETTINGS.json    one run; prints {"rows": ..., "seconds": ..., "cpu_seconds": ..., "per_second": ...}

SETTINGS.json holds "what" (train or score), "warm_up", "seconds", "threads" and, as this program's own files have them,
"model", "schema", "feature", "training" and "evaluation".
"""
import json
import platform
import sys
import time

import torch
from torch.nn import functional as F

from models import CtrModel

BATCHES = 8


def random_batch(schema, size):
    """{field: values} of `size` rows; ids are uniform, sequences of any length from 1 on."""
    values = {}
    for field in schema["fields"]:
        if field["type"] == "DENSE":
            values[field["name"]] = torch.randn(size)
            continue
        length = field["maxLength"]
        ids = torch.randint(min(1, field["vocabularySize"] - 1), field["vocabularySize"], (size, length))
        if field["type"] == "SEQUENCE":
            values[field["name"]] = ids * (torch.arange(length) < torch.randint(1, length + 1, (size, 1)))
        else:
            values[field["name"]] = ids.squeeze(1)
    return values


def optimizer(parameters, training):
    name, rate, decay = training["optimizer"].lower(), training["lr"], training["weight_decay"]
    if name == "adam":
        return torch.optim.Adam(parameters, lr=rate, weight_decay=decay)
    if name == "adamw":
        return torch.optim.AdamW(parameters, lr=rate, weight_decay=decay)
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=rate, momentum=training["momentum"], weight_decay=decay)
    raise SystemExit(f"training.optimizer = {name}: there is no such optimizer here")


def training_step(model, settings, batches, size):
    training, penalty = settings["training"], settings["feature"]["embedding_l2_reg"]
    if training["loss"].lower() != "binary_cross_entropy":
        raise SystemExit(f"training.loss = {training['loss']}: there is no such loss here")
    update, labels = optimizer(model.parameters(), training), (torch.rand(size) < 0.2).float()

    def step(i):
        update.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(batches[i]), labels)
        (loss + penalty * model.embedding_l2() if penalty > 0 else loss).backward()
        if training["gradient_clip_norm"] > 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), training["gradient_clip_norm"])
        update.step()
        loss.item()

    return step


def scoring_step(model, batches):
    def step(i):
        with torch.no_grad():
            model(batches[i])

    return step


def repeat(step, size, seconds):
    """Whole batches, at least one, until the time is over."""
    start, cpu, done = time.perf_counter(), time.process_time(), 0
    while True:
        step(done % BATCHES)
        done += 1
        took = time.perf_counter() - start
        if took >= seconds:
            return {"rows": done * size, "seconds": took, "cpu_seconds": time.process_time() - cpu,
                    "per_second": done * size / took}


def main(settings):
    torch.manual_seed(1)
    torch.set_num_threads(settings["threads"])
    train = settings["what"] == "train"
    size = settings["training" if train else "evaluation"]["batch_size"]
    model = CtrModel(settings["model"], settings["schema"])
    model.train(train)
    batches = [random_batch(settings["schema"], size) for _ in range(BATCHES)]
    step = training_step(model, settings, batches, size) if train else scoring_step(model, batches)
    if settings["warm_up"] > 0:
        repeat(step, size, settings["warm_up"])
    print(json.dumps(repeat(step, size, settings["seconds"])))


if sys.argv[1] == "--versions":
    print(json.dumps({"python": platform.python_version(), "torch": torch.__version__}))
else:
    with open(sys.argv[1], encoding="utf-8") as file:
        main(json.load(file))
