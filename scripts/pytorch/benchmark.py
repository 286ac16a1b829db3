"""Samples per second of the plain models in eager PyTorch, over random rows in memory with the fields of
MovieLens-100K: python benchmark.py train|predict SECONDS [model_name] [cin_activation]
"""
import os
import sys
import time

import torch
from torch.nn import functional as F

from models import CtrModel

THREADS, BATCHES = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())), 8


def field(name, group, size, dim, length=1):
    return {"name": name, "group": group, "type": "SEQUENCE" if length > 1 else "SPARSE", "vocabularySize": size,
            "embeddingDim": dim, "maxLength": length, "combiner": "MEAN" if length > 1 else None}


SCHEMA = {"fields": [
    field("user_id", "USER", 944, 16), field("gender", "USER", 3, 4), field("age", "USER", 8, 4),
    field("occupation", "USER", 22, 8), field("zip_prefix", "USER", 383, 8),
    field("movie_id", "ITEM", 1679, 16), field("genres", "ITEM", 20, 8, 6)], "labelField": "label"}


def settings(name, cin_activation):
    return {"model_name": name, "feature": {"embedding_l2_reg": 1e-5, "fm_embed_dim": 16},
            "fm": {"use_first_order": True, "use_second_order": True},
            "dnn": {"hidden_units": [256, 128, 64], "activation": "relu", "dropout": 0.1, "use_batch_norm": True},
            "cin": {"layer_sizes": [128, 128], "split_half": True, "activation": cin_activation},
            "attention": {"num_heads": 4, "attention_dim": 64, "num_layers": 1, "use_residual": True}}


def batch(size):
    values = {}
    for f in SCHEMA["fields"]:
        codes = torch.randint(1, f["vocabularySize"], (size, f["maxLength"]))
        if f["maxLength"] > 1:
            codes *= torch.arange(f["maxLength"]) < torch.randint(1, f["maxLength"] + 1, (size, 1))
        values[f["name"]] = codes if f["maxLength"] > 1 else codes.squeeze(1)
    return values


def repeat(work, seconds):
    """Rounds over all batches until the time is over; gives batches per second."""
    start, done = time.perf_counter(), 0
    while True:
        for i in range(BATCHES):
            work(i)
        done += BATCHES
        took = time.perf_counter() - start
        if took >= seconds:
            return done / took


def main(what, seconds, name="deepfm", cin_activation="identity"):
    torch.manual_seed(1)
    torch.set_num_threads(THREADS)
    size = 4096 if what == "train" else 8192
    model = CtrModel(settings(name, cin_activation), SCHEMA)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    batches = [batch(size) for _ in range(BATCHES)]
    labels = (torch.rand(size) < 0.2).float()

    def train(i):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(batches[i]), labels)
        (loss + 1e-5 * model.embedding_l2()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        loss.item()

    def predict(i):
        with torch.no_grad():
            model(batches[i])

    model.train(what == "train")
    work = train if what == "train" else predict
    repeat(work, min(3.0, seconds))
    print(f"{size * repeat(work, seconds):.0f}")


main(sys.argv[1], float(sys.argv[2]), *sys.argv[3:])
