"""A plain PyTorch statement of DeepFM, xDeepFM, AttentionDeepFM and DCNv2, written independently of the Java code.

Parameters carry the names of model.safetensors, so `state_dict()` is the file format. Nothing here is fast.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

GROUPS = ("USER", "ITEM", "CONTEXT")


def ordered_fields(schema):
    """The schema's fields in the order of the model: user group, item group, context group."""
    return [f for g in GROUPS for f in schema["fields"] if f["group"] == g]


def pool(vectors, codes, combiner):
    """[B, L, d] embedded codes, [B, L] codes -> [B, d]; code 0 is padding, a bag of padding gives zeros."""
    present = (codes != 0).unsqueeze(-1)
    count = present.sum(1)
    if combiner == "MAX":
        largest = vectors.masked_fill(~present, -math.inf).amax(1)
        return torch.where(count > 0, largest, torch.zeros_like(largest))
    total = (vectors * present).sum(1)
    return total if combiner == "SUM" else total / count.clamp(min=1)


def activation(name):
    return {"relu": F.relu, "leaky_relu": lambda x: F.leaky_relu(x, 0.01), "gelu": F.gelu,
            "tanh": torch.tanh, "identity": lambda x: x}[name]


class Lookup(nn.Module):
    """One field's table (sparse, sequence) or Linear(1, dim) with bias (dense); `dim` is the number of heads for first order."""

    def __init__(self, field, dim):
        super().__init__()
        self.field = field
        dense = field["type"] == "DENSE"
        self.weight = nn.Parameter(torch.empty(dim, 1) if dense else torch.empty(field["vocabularySize"], dim))
        if dense:
            self.bias = nn.Parameter(torch.empty(dim))
        nn.init.normal_(self.weight, std=0.1)
        with torch.no_grad():
            self.bias.zero_() if dense else self.weight[0].zero_()

    def forward(self, x):
        """x: dense [B], sparse [B], sequence [B, L] (codes as integers) -> [B, dim]."""
        if self.field["type"] == "DENSE":
            return F.linear(x.unsqueeze(-1), self.weight, self.bias)
        vectors = F.embedding(x, self.weight, padding_idx=0)
        return pool(vectors, x, self.field["combiner"]) if self.field["type"] == "SEQUENCE" else vectors


class Projection(nn.Module):
    def __init__(self, dim, target):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(target, dim) / math.sqrt(dim))

    def forward(self, x):
        return F.linear(x, self.weight)


class Embedding(nn.Module):
    """The three views of the input: flat [B, sum of widths], fields [B, F, k] (none for k = 0), first order [B, heads]."""

    def __init__(self, fields, k, use_first_order, heads):
        super().__init__()
        self.fields = fields
        embedded = [f for f in fields if f["embeddingDim"] > 0]
        self.second_order = nn.ModuleDict({f["name"]: Lookup(f, f["embeddingDim"]) for f in embedded})
        self.first_order = nn.ModuleDict({f["name"]: Lookup(f, heads) for f in fields} if use_first_order else {})
        self.projection = nn.ModuleDict(
            {f["name"]: Projection(f["embeddingDim"], k) for f in embedded if k > 0 and f["embeddingDim"] != k})
        self.k = k
        self.num_fields = len(embedded)
        self.flat_width = sum(max(f["embeddingDim"], 1) for f in fields)

    def forward(self, values):
        flat, fields = [], []
        for f in self.fields:
            x = values[f["name"]]
            if f["embeddingDim"] == 0:  # a dense field passed through
                flat.append(x.unsqueeze(-1))
                continue
            vector = self.second_order[f["name"]](x)
            flat.append(vector)
            fields.append(self.projection[f["name"]](vector) if f["name"] in self.projection else vector)
        first = sum(self.first_order[n](values[n]) for n in self.first_order)
        return torch.cat(flat, 1), torch.stack(fields, 1) if self.k > 0 else None, first


class BatchNorm(nn.Module):
    """nn.BatchNorm1d (eps 1e-5, momentum 0.1) without its counter of batches, which the file does not hold."""

    def __init__(self, width):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))
        self.register_buffer("running_mean", torch.zeros(width))
        self.register_buffer("running_var", torch.ones(width))

    def forward(self, x):
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, self.training, 0.1, 1e-5)


class CrossLayer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(width, width) / math.sqrt(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x0, x):
        return x0 * (x @ self.weight.T + self.bias) + x


class Cross(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.depth = depth
        for i in range(depth):
            self.add_module(str(i), CrossLayer(width))

    def forward(self, x0):
        x = x0
        for i in range(self.depth):
            x = getattr(self, str(i))(x0, x)
        return x


class DnnLayer(nn.Module):
    def __init__(self, width, units, s):
        super().__init__()
        self.linear = nn.Linear(width, units)
        if s["use_batch_norm"]:
            self.batch_norm = BatchNorm(units)
        self.act, self.dropout = activation(s["activation"]), s["dropout"]

    def forward(self, x):
        x = self.linear(x)
        if hasattr(self, "batch_norm"):
            x = self.batch_norm(x)
        return F.dropout(self.act(x), self.dropout, self.training)


class Dnn(nn.Module):
    """dnn.<i>..., then dnn.output: Linear(-> outputs) unless the hidden layers are all."""

    def __init__(self, width, s, outputs):
        super().__init__()
        self.depth = len(s["hidden_units"])
        for i, units in enumerate(s["hidden_units"]):
            self.add_module(str(i), DnnLayer(width, units, s))
            width = units
        if outputs:
            self.output = nn.Linear(width, outputs)

    def forward(self, x):
        for i in range(self.depth):
            x = getattr(self, str(i))(x)
        return self.output(x) if hasattr(self, "output") else x


class CinLayer(nn.Module):
    def __init__(self, size, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(size, channels) / math.sqrt(channels))
        self.bias = nn.Parameter(torch.zeros(size))

    def forward(self, hidden, fields):
        """[B, H, d], [B, F, d] -> [B, N, d]; channel h * F + f is the pair (hidden map h, field f)."""
        z = (hidden.unsqueeze(2) * fields.unsqueeze(1)).flatten(1, 2)
        return self.weight @ z + self.bias.unsqueeze(-1)


class Cin(nn.Module):
    def __init__(self, num_fields, s, heads):
        super().__init__()
        self.sizes, self.split_half, self.act = s["layer_sizes"], s["split_half"], activation(s["activation"])
        hidden, outputs = num_fields, 0
        for i, size in enumerate(self.sizes):
            self.add_module(str(i), CinLayer(size, hidden * num_fields))
            split = self.split_half and i < len(self.sizes) - 1
            hidden = size // 2 if split else size
            outputs += size - size // 2 if split else size
        self.output = nn.Linear(outputs, heads)

    def forward(self, fields):
        hidden, outputs = fields, []
        for i, size in enumerate(self.sizes):
            maps = self.act(getattr(self, str(i))(hidden, fields))
            if self.split_half and i < len(self.sizes) - 1:
                hidden, out = maps[:, :size // 2], maps[:, size // 2:]
            else:
                hidden, out = maps, maps
            outputs.append(out.sum(-1))
        return self.output(torch.cat(outputs, 1))


class AttentionLayer(nn.Module):
    def __init__(self, d, s):
        super().__init__()
        width = s["attention_dim"]
        self.heads, self.residual = s["num_heads"], s["use_residual"]
        self.query, self.key, self.value = nn.Linear(d, width), nn.Linear(d, width), nn.Linear(d, width)
        self.output = nn.Linear(width, d)
        self.layer_norm = nn.LayerNorm(d, eps=1e-5)

    def forward(self, x):
        def split(t):  # [B, F, heads * size] -> [B, heads, F, size]
            return t.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        share = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), -1)
        out = self.output((share @ v).transpose(1, 2).flatten(2))
        return self.layer_norm(out + x if self.residual else out)


class Attention(nn.Module):
    def __init__(self, d, s):
        super().__init__()
        self.depth = s["num_layers"]
        for i in range(self.depth):
            self.add_module(str(i), AttentionLayer(d, s))

    def forward(self, x):
        for i in range(self.depth):
            x = getattr(self, str(i))(x)
        return x


class Fm(nn.Module):
    """Sum of the inner products of all pairs of fields, each dimension weighted for each of several heads."""

    def __init__(self, k, heads):
        super().__init__()
        if heads > 1:
            self.weight = nn.Parameter(torch.ones(heads, k))

    def forward(self, fields):
        """[B, F, k] -> [B, heads]."""
        terms = 0.5 * (fields.sum(1) ** 2 - (fields ** 2).sum(1))
        return terms @ self.weight.T if hasattr(self, "weight") else terms.sum(1, keepdim=True)


class CtrModel(nn.Module):
    """`model` and `schema` are the objects of model.json and schema.json. Logits: [B], or [B, 2] of two heads."""

    def __init__(self, model, schema):
        super().__init__()
        self.kind = model["model_name"]
        heads = 2 if model.get("model", {}).get("heads") == "two" else 1
        self.bias = nn.Parameter(torch.zeros(heads))
        if self.kind == "dcnv2":
            self.embedding = Embedding(ordered_fields(schema), 0, False, heads)
            width = self.embedding.flat_width
            self.cross = Cross(width, model["dcnv2"]["num_cross_layers"])
            self.dnn = Dnn(width, model["dnn"], 0)
            self.output = nn.Linear(width + model["dnn"]["hidden_units"][-1], heads)
            return
        k = model["feature"]["fm_embed_dim"]
        if model["fm"]["use_second_order"] and self.kind != "xdeepfm":
            self.fm = Fm(k, heads)
        self.embedding = Embedding(ordered_fields(schema), k, model["fm"]["use_first_order"], heads)
        width = self.embedding.flat_width
        if self.kind == "xdeepfm":
            self.cin = Cin(self.embedding.num_fields, model["cin"], heads)
        elif self.kind == "attention_deepfm":
            self.attention = Attention(k, model["attention"])
            width = self.embedding.num_fields * k
        elif self.kind != "deepfm":
            raise ValueError(f"unknown model_name {self.kind!r}")
        self.dnn = Dnn(width, model["dnn"], heads)

    def forward(self, values):
        logits = self.logits(values)
        return logits.squeeze(-1) if logits.shape[-1] == 1 else logits

    def logits(self, values):
        """[B, heads]."""
        flat, fields, first = self.embedding(values)
        logit = self.bias + first
        if self.kind == "dcnv2":
            return logit + self.output(torch.cat([self.cross(flat), self.dnn(flat)], 1))
        if self.kind == "xdeepfm":
            return logit + self.cin(fields) + self.dnn(flat)
        if hasattr(self, "fm"):
            logit = logit + self.fm(fields)
        if self.kind == "attention_deepfm":
            flat = self.attention(fields).flatten(1)
        return logit + self.dnn(flat)

    def tables(self):
        """{name: weight} of all first- and second-order tables of sparse and sequence fields."""
        return {f"embedding.{order}.{name}.weight": lookup.weight
                for order in ("second_order", "first_order")
                for name, lookup in getattr(self.embedding, order).items() if lookup.field["type"] != "DENSE"}

    def embedding_l2(self):
        return sum((weight ** 2).sum() for weight in self.tables().values())


def read_inputs(schema, tensors):
    """`input.<group>.codes|dense` (float32, last axis columns) -> {field: values}; codes become integers."""
    values = {}
    for group in GROUPS:
        code = dense = 0
        for f in [f for f in schema["fields"] if f["group"] == group]:
            prefix = f"input.{group.lower()}."
            if f["type"] == "DENSE":
                values[f["name"]] = tensors[prefix + "dense"][:, dense]
                dense += 1
            elif f["type"] == "SPARSE":
                values[f["name"]] = tensors[prefix + "codes"][:, code].long()
                code += 1
            else:
                values[f["name"]] = tensors[prefix + "codes"][:, code:code + f["maxLength"]].long()
                code += f["maxLength"]
    return values
