"""Write the fixtures the Java implementation is tested against: python make_fixtures.py [DIR]. See README.md.

Everything is computed in float32 and again in float64; the two must agree, so that a fixture holds the models'
values and not the noise of rounding.
"""
import copy
import json
import math
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

from models import GROUPS, CtrModel, read_inputs

DEFAULT_DIR = Path(__file__).resolve().parents[2] / "src/test/resources/pytorch"
MODELS = ("deepfm", "xdeepfm", "attention_deepfm", "dcnv2")
STEPS, DISTINCT_BATCHES = 50, 5


# ---- descriptions ----

def sparse(name, size, dim):
    return {"name": name, "type": "SPARSE", "vocabularySize": size, "embeddingDim": dim, "maxLength": 1,
            "combiner": None}


def sequence(name, size, dim, length, combiner):
    return {"name": name, "type": "SEQUENCE", "vocabularySize": size, "embeddingDim": dim, "maxLength": length,
            "combiner": combiner}


def dense(name, dim):
    return {"name": name, "type": "DENSE", "vocabularySize": 0, "embeddingDim": dim, "maxLength": 1, "combiner": None}


def schema(user=(), item=(), context=()):
    return {"fields": [{**f, "group": g} for g, fields in zip(GROUPS, (user, item, context)) for f in fields],
            "labelField": "label"}


def description(name, k=4, hidden=(8,), act="relu", batch_norm=True, first=True, second=True, cin=(6, 4), split=True,
                cin_act="identity", heads=2, attention_dim=4, layers=1, residual=True, cross=2, l2=0.0,
                two=False):
    dnn = {"hidden_units": list(hidden), "activation": act, "dropout": 0.0, "use_batch_norm": batch_norm}
    head = {"model": {"heads": "two"}} if two else {}
    if name == "dcnv2":
        return {"model_name": name, **head, "dnn": dnn, "dcnv2": {"num_cross_layers": cross}}
    return {"model_name": name,
            **head,
            "feature": {"embedding_l2_reg": l2, "fm_embed_dim": k},
            "fm": {"use_first_order": first, "use_second_order": second},
            "dnn": dnn,
            "cin": {"layer_sizes": list(cin), "split_half": split, "activation": cin_act},
            "attention": {"num_heads": heads, "attention_dim": attention_dim, "num_layers": layers,
                          "use_residual": residual}}


# Every field kind and combiner, three groups, dims unlike fm_embed_dim; sequences before and after sparse fields.
FULL = schema(
    user=[sparse("user_id", 9, 4), dense("age", 3), sequence("history", 8, 6, 3, "SUM"), sparse("gender", 5, 2)],
    item=[sequence("genres", 7, 4, 4, "MEAN"), sparse("item_id", 12, 6), dense("year", 0)],
    context=[dense("price", 4), sparse("hour", 6, 5), sequence("tags", 6, 3, 3, "MAX"), dense("rank", 0)])
# Every dim is 4: no projections where fm_embed_dim is 4.
EVEN = schema(
    user=[sparse("user_id", 10, 4), sequence("history", 6, 4, 4, "MAX")],
    item=[sparse("item_id", 11, 4), dense("year", 4), sequence("genres", 5, 4, 3, "SUM")])
CONTEXT_ONLY = schema(
    context=[dense("c0", 0), sparse("c1", 8, 8), sparse("c2", 5, 8), dense("c3", 8), sequence("c4", 6, 8, 5, "MEAN"),
             sparse("c5", 7, 3)])
NO_DENSE = schema(
    user=[sparse("user_id", 8, 6)],
    item=[sequence("genres", 9, 6, 4, "MEAN"), sparse("item_id", 12, 5)],
    context=[sparse("hour", 5, 6)])
SMALL = schema(
    user=[sparse("user_id", 8, 4)],
    item=[sparse("item_id", 9, 5), sequence("genres", 6, 4, 3, "MEAN")],
    context=[dense("price", 4)])

COMMON = [  # (schema, batch size, settings of FM and DNN): one row for each k, for all models
    (FULL, 16, dict(k=4, hidden=(8, 6), act="relu")),
    (EVEN, 12, dict(k=4, hidden=(7,), act="gelu", batch_norm=False)),
    (CONTEXT_ONLY, 16, dict(k=8, hidden=(8, 6, 5), act="tanh", first=False)),
    (NO_DENSE, 10, dict(k=6, hidden=(8, 4), act="leaky_relu", second=False)),
    (FULL, 8, dict(k=7, hidden=(6, 5, 4), act="tanh", batch_norm=False)),
    (EVEN, 14, dict(k=5, hidden=(9,), act="leaky_relu", first=False, second=False)),
]
OWN = {
    "deepfm": [{}] * 6,
    "xdeepfm": [
        dict(cin=(6, 4), split=True, cin_act="identity"),
        dict(cin=(5, 3, 4), split=False, cin_act="relu"),
        dict(cin=(8, 6, 4), split=True, cin_act="relu"),
        dict(cin=(6,), split=True, cin_act="identity"),
        dict(cin=(4, 6), split=False, cin_act="identity"),
        dict(cin=(4, 4, 4), split=True, cin_act="relu"),
    ],
    "attention_deepfm": [
        dict(heads=2, attention_dim=6, layers=1),
        dict(heads=1, attention_dim=4, layers=2),
        dict(heads=4, attention_dim=8, layers=3),
        dict(heads=3, attention_dim=6, layers=1, residual=False),
        dict(heads=2, attention_dim=10, layers=2, residual=False),
        dict(heads=5, attention_dim=5, layers=3),
    ],
    "dcnv2": [dict(cross=n) for n in (1, 2, 3, 4, 2, 3)],
}


# ---- data and weights ----

def make_inputs(data_schema, batch):
    """Random `input.*` tensors. Rows 0 and 1 are all zero codes; padding also stands inside the sequences."""
    tensors = {}
    for group in GROUPS:
        codes, numbers = [], []
        for f in [f for f in data_schema["fields"] if f["group"] == group]:
            if f["type"] == "DENSE":
                numbers.append(torch.randn(batch, 1))
                continue
            c = torch.randint(1, f["vocabularySize"], (batch, f["maxLength"]))
            c[torch.rand(c.shape) < (0.35 if f["type"] == "SEQUENCE" else 0.1)] = 0
            c[:2] = 0
            if f["type"] == "SEQUENCE":
                c[2] = 1 + torch.arange(f["maxLength"]) % (f["vocabularySize"] - 1)  # a full bag
                c[3] = 2  # one code, repeated
            codes.append(c.float())
        if codes:
            tensors[f"input.{group.lower()}.codes"] = torch.cat(codes, 1)
        if numbers:
            tensors[f"input.{group.lower()}.dense"] = torch.cat(numbers, 1)
    tensors["label"] = (torch.rand(batch) < 0.4).float()
    tensors["label"][:2] = torch.tensor([0.0, 1.0])
    return tensors


def make_model(settings, data_schema):
    """Random weights, none at a trivial value; row 0 of the tables stays zero."""
    model = CtrModel(settings, data_schema)
    with torch.no_grad():
        for name, t in model.state_dict().items():
            if name.endswith("running_var"):
                t.uniform_(0.5, 2)
            elif name.endswith("running_mean"):
                t.normal_(std=0.3)
            elif name.endswith(("batch_norm.weight", "layer_norm.weight")):
                t.uniform_(0.7, 1.4)
            elif name.endswith("bias"):
                t.normal_(std=0.1)
            elif "embedding." in name and "projection" not in name:
                t.normal_(std=0.4)
            else:
                t.normal_(std=0.8 / math.sqrt(t.shape[1]))
        for table in model.tables().values():
            table[0] = 0
    return model


def snapshot(tensors, prefix=""):
    return {prefix + name: t.detach().clone() for name, t in tensors.items()}


def close(a, b, tolerance, what):
    difference = (a.double() - b.double()).abs().max().item()
    assert difference <= tolerance, f"{what}: float32 and float64 differ by {difference:.3g}"


def write(folder, name, content, tensors):
    assert all(torch.isfinite(t).all() for t in tensors.values()), name
    (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    save_file({n: t.detach().to(torch.float32).contiguous() for n, t in tensors.items()},
              folder / f"{name}.safetensors")


def objective(logits, batch):
    """One head learns the label; of two the first learns what was observed, the second the label of what was."""
    if logits.dim() == 1:
        return F.binary_cross_entropy_with_logits(logits, batch["label"])
    like = F.binary_cross_entropy_with_logits(logits[:, 1], batch["label"], reduction="none")
    observed = batch["observed"]
    return F.binary_cross_entropy_with_logits(logits[:, 0], observed) + (like * observed).mean()


def with_observed(settings, tensors):
    """For two heads, which rows were observed: the first of each three."""
    if "model" in settings:
        tensors["observed"] = (torch.arange(len(tensors["label"])) % 3 == 0).float()
    return tensors


# ---- forward fixtures ----

def forward(model, data_schema, inputs):
    """One evaluation, then one training forward and backward (which moves the batch norm's running statistics)."""
    values = read_inputs(data_schema, inputs)
    out = {}
    with torch.no_grad():
        out["logits.eval"] = model.eval()(values)
    logits = model.train()(values)
    out["logits.train"] = logits.detach()
    objective(logits, inputs).backward()
    for name, p in model.named_parameters():
        out["grad." + name] = torch.zeros_like(p) if p.grad is None else p.grad
    return out | snapshot(dict(model.named_buffers()), "after.")


def forward_fixture(folder, name, settings, data_schema, batch, seed):
    torch.manual_seed(seed)
    inputs = with_observed(settings, make_inputs(data_schema, batch))
    model = make_model(settings, data_schema)
    weights = snapshot(model.state_dict())
    exact = forward(copy.deepcopy(model).double(), data_schema, {n: t.double() for n, t in inputs.items()})
    out = forward(model, data_schema, inputs)
    for key in out:
        close(out[key], exact[key], 1e-5, f"{name} {key}")
    for table in model.tables():
        assert not out["grad." + table][0].any() and not weights[table][0].any(), table
    assert out["logits.eval"].std() > 0.05, name
    write(folder, name, {"model": settings, "schema": data_schema}, inputs | weights | out)


# ---- training fixtures ----

def make_optimizer(model, t):
    if t["optimizer"] == "sgd":
        return torch.optim.SGD(model.parameters(), t["lr"], momentum=t["momentum"], weight_decay=t["weight_decay"])
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[t["optimizer"]]
    return kind(model.parameters(), t["lr"], weight_decay=t["weight_decay"])


def train(model, data_schema, batches, t):
    """-> losses, gradient norms before clipping, largest gradient of the bare loss for each parameter."""
    optimizer = make_optimizer(model.train(), t)
    losses, norms, largest = [], [], dict.fromkeys(dict(model.named_parameters()), 0.0)
    for step in range(t["steps"]):
        batch = {n: x[step % DISTINCT_BATCHES] for n, x in batches.items()}
        loss = objective(model(read_inputs(data_schema, batch)), batch)
        for (name, _), g in zip(model.named_parameters(),
                                torch.autograd.grad(loss, list(model.parameters()), retain_graph=True)):
            largest[name] = max(largest[name], g.abs().max().item())
        optimizer.zero_grad()
        (loss + t["embedding_l2_reg"] * model.embedding_l2()).backward()
        if t["gradient_clip_norm"] > 0:
            norms.append(nn.utils.clip_grad_norm_(model.parameters(), t["gradient_clip_norm"]).item())
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), norms, largest


def undetermined(largest, model, optimizer):
    """Names whose final values are rounding noise: batch norm, softmax or the like cancels the parameter, so its
    gradient is zero but for rounding, which Adam scales up to full steps; and the running means it shifts."""
    if optimizer == "sgd":
        return []
    names = [n for n, g in largest.items() if g < 1e-10]
    means = [n for n in dict(model.named_buffers()) if n.endswith("running_mean")]
    return sorted(names + [m for m in means if m.replace("batch_norm.running_mean", "linear.bias") in names])


def training_fixture(folder, name, settings, data_schema, batch, t, seed):
    torch.manual_seed(seed)
    parts = [with_observed(settings, make_inputs(data_schema, batch)) for _ in range(DISTINCT_BATCHES)]
    batches = {n: torch.stack([p[n] for p in parts]) for n in parts[0]}
    model = make_model(settings, data_schema)
    start = snapshot(model.state_dict())
    exact = copy.deepcopy(model).double()
    exact_losses, _, largest = train(exact, data_schema, {n: x.double() for n, x in batches.items()}, t)
    losses, norms, _ = train(model, data_schema, batches, t)
    noise = undetermined(largest, model, t["optimizer"])
    close(losses, exact_losses, 2e-5, f"{name} losses")
    worst = 0.0
    for key, value in model.state_dict().items():
        if key not in noise:
            worst = max(worst, (value.double() - exact.state_dict()[key]).abs().max().item())
    assert worst <= 1e-5, f"{name}: final weights differ by {worst:.3g}"
    assert all(not table[0].any() for table in model.tables().values()), name
    assert losses[-5:].mean() < losses[:5].mean(), f"{name} does not learn"
    if norms:
        assert sum(n > 2 * t["gradient_clip_norm"] for n in norms) >= 25, f"{name}: clipping does not bite"
    write(folder, name, {"model": settings, "schema": data_schema, "training": t, "undetermined": noise},
          batches | start | {"losses": losses} | snapshot(model.state_dict(), "final."))
    drift = (losses - exact_losses).abs().max().item()
    print(f"{name}: loss {losses[:5].mean():.3f} -> {losses[-5:].mean():.3f}, float32 off by {drift:.1e} (losses), "
          f"{worst:.1e} (weights)" + (f", norms {min(norms):.2f}-{max(norms):.2f}" if norms else "")
          + (f", undetermined {', '.join(noise)}" if noise else ""))


# ---- schedules ----

def plateau(metric, values):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.001)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode="max" if metric == "auc" else "min", factor=0.5, patience=2)
    rates = []
    for value in values:
        rates.append(optimizer.param_groups[0]["lr"])
        schedule.step(value)
    return {"metric": metric, "values": values, "learning_rates": rates}


def cosine(lr, epochs):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs, eta_min=0)
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return {"lr": lr, "epochs": epochs, "learning_rates": rates}


def schedules(folder):
    noise = torch.randn(30, generator=torch.Generator().manual_seed(7)).tolist()
    rises = {  # as AUC; log loss is 1 minus it
        "improving": [0.6 + 0.01 * e for e in range(30)],
        "plateau": [0.7 + 0.02 * min(e, 8) for e in range(30)],
        "creeping": [0.5 + 0.000012 * e for e in range(30)],  # five gains make one beyond the threshold, 1e-4 relative
        "noisy": [round(0.9 - 0.3 * math.exp(-e / 5) + 0.01 * noise[e], 6) for e in range(30)],
        "falling": [0.9 - 0.005 * e for e in range(30)],
        "met": [0.7 + 0.01 * (e // 3) - (0.02 if e % 3 else 0) for e in range(30)],  # 2 bad epochs: within patience
        "exceeded": [0.7 + 0.01 * (e // 4) - (0.02 if e % 4 else 0) for e in range(30)],  # 3 bad epochs
    }
    cases = [plateau(metric, [round(v if metric == "auc" else 1 - v, 8) for v in values])
             for metric in ("auc", "logloss") for values in rises.values()]
    (folder / "schedules.json").write_text(json.dumps({"plateau": cases, "cosine": cosine(0.001, 30)}, indent=1) + "\n")


def sparse_adam(folder):
    """Rows that come and go, one of them twice in a step."""
    torch.manual_seed(3)
    table = torch.nn.Embedding(6, 3, sparse=True)
    initial = table.weight.detach().flatten().tolist()
    optimizer = torch.optim.SparseAdam(table.parameters(), lr=0.1)
    steps = []
    for ids in ([1, 2, 2], [2], [5, 1], [3, 4, 5, 1], [2, 5]):
        optimizer.zero_grad()
        (table(torch.tensor(ids)) * torch.randn(len(ids), 3)).sum().backward()
        gradient = table.weight.grad.coalesce()
        steps.append({"ids": gradient.indices()[0].tolist(), "gradients": gradient.values().flatten().tolist()})
        optimizer.step()
    content = {"lr": 0.1, "initial": initial, "steps": steps, "final": table.weight.detach().flatten().tolist()}
    (folder / "sparse_adam.json").write_text(json.dumps(content, indent=1) + "\n")


def group_losses(folder):
    """Losses over groups of an observed item with label 1 and its three negatives, and their gradients."""
    torch.manual_seed(4)
    groups = torch.randn(5, 4)
    positives = torch.zeros_like(groups)
    positives[:, 0] = 1
    beta = 0.4  # of the positives' log probability
    formulas = {
        "sampled_softmax": lambda x: F.cross_entropy(x, torch.zeros(5, dtype=torch.long)),
        "bpr": lambda x: -F.logsigmoid(x[:, :1] - x[:, 1:]).mean(),
        "gbce": lambda x: -(beta * positives * F.logsigmoid(x) + (1 - positives) * F.logsigmoid(-x)).mean(),
    }
    content = {"logits": groups.flatten().tolist(), "negatives": 3, "beta": beta}
    for name, formula in formulas.items():
        x = groups.clone().requires_grad_()
        loss = formula(x)
        loss.backward()
        content[name] = {"loss": loss.item(), "gradient": x.grad.flatten().tolist()}
    (folder / "group_losses.json").write_text(json.dumps(content, indent=1) + "\n")


def embedding_bag(folder):
    """An operator without an MPS kernel, for the test that looks for such."""
    torch.manual_seed(0)
    torch.jit.save(torch.jit.script(torch.nn.EmbeddingBag(3, 2, mode="sum")), str(folder / "embedding_bag.pt"))


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_DIR
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for m, name in enumerate(MODELS):
        for k, ((data_schema, batch, common), own) in enumerate(zip(COMMON, OWN[name]), 1):
            settings = description(name, **common, **own)
            forward_fixture(folder, f"forward_{name}_{k}", settings, data_schema, batch, seed=1000 + 10 * m + k)
        for k, ((data_schema, batch, common), own) in enumerate(zip(COMMON[:3], OWN[name]), 1):
            settings = description(name, **common, **own, two=True)
            forward_fixture(folder, f"forward_{name}_two_{k}", settings, data_schema, batch, seed=2000 + 10 * m + k)
    for m, name in enumerate(MODELS):
        for o, (optimizer, lr) in enumerate((("adam", 0.005), ("adamw", 0.005), ("sgd", 0.02))):
            for r, regularized in enumerate((False, True)):
                l2 = 1e-3 if regularized else 0.0
                t = {"optimizer": optimizer, "lr": lr, "weight_decay": 0.01 if regularized else 0.0,
                     "momentum": 0.9 if optimizer == "sgd" else 0.0, "embedding_l2_reg": l2,
                     "gradient_clip_norm": 0.05 if regularized else 0.0, "steps": STEPS}
                settings = description(name, k=4, hidden=(8,), act="tanh" if o == 1 else "relu",
                                       batch_norm=optimizer != "adamw", l2=l2)
                training_fixture(folder, f"training_{name}_{optimizer}_{'regularized' if regularized else 'plain'}",
                                 settings, SMALL, 16, t, seed=3000 + 100 * m + 10 * o + r)
    for m, name in enumerate(MODELS):
        t = {"optimizer": "adam", "lr": 0.005, "weight_decay": 0.0, "momentum": 0.0, "embedding_l2_reg": 0.0,
             "gradient_clip_norm": 0.0, "steps": STEPS}
        training_fixture(folder, f"training_{name}_two_heads", description(name, k=4, hidden=(8,), act="tanh", two=True),
                         SMALL, 16, t, seed=4000 + m)
    schedules(folder)
    sparse_adam(folder)
    group_losses(folder)
    embedding_bag(folder)
    sizes = {p.name: p.stat().st_size for p in folder.iterdir()}
    assert max(sizes.values()) < 60_000 and sum(sizes.values()) < 1_500_000
    print(f"{len(sizes)} files, {sum(sizes.values())} bytes, largest {max(sizes.values())}")


if __name__ == "__main__":
    main()
