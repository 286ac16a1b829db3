"""Load a model the Java program saved into PyTorch by name and compare the probabilities of its rankings.

python check_weights.py OUTPUT_DIR WORK_DIR [--save FILE]

OUTPUT_DIR is a finished run's, WORK_DIR that of its data; the dataset has no context features. Exits 1 where names,
shapes or the probabilities of the test candidates (beyond 1e-5) differ. --save writes PyTorch's state by name, which
`train --initial-weights FILE` takes.
"""
import argparse
import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import torch
from safetensors.torch import load_file, save_file

from models import CtrModel

TOLERANCE = 1e-5


def problems(expected, found, model):
    for name in sorted(expected.keys() - found.keys()):
        yield f"missing: {name} {list(expected[name].shape)}"
    for name in sorted(found.keys() - expected.keys()):
        yield f"extra: {name} {list(found[name].shape)}"
    for name in sorted(expected.keys() & found.keys()):
        if expected[name].shape != found[name].shape:
            yield f"shape: {name} should be {list(expected[name].shape)}, is {list(found[name].shape)}"
        elif found[name].dtype != torch.float32:
            yield f"type: {name} should be float32, is {found[name].dtype}"
        elif not torch.isfinite(found[name]).all():
            yield f"value: {name} holds NaN or infinity"
    for name in model.tables():
        if name in found and found[name].shape == expected[name].shape and found[name][0].any():
            yield f"value: {name} row 0 (padding) is not zero"


def table(folder, row, schema):
    """{field: values by row number}; codes padded with 0."""
    columns = pq.read_table(folder).sort_by(row).to_pydict()
    values = {}
    for field in schema["fields"]:
        column = columns.get(field["name"])
        if column is not None and field["type"] == "SEQUENCE":
            column = [(codes + [0] * field["maxLength"])[: field["maxLength"]] for codes in column]
        if column is not None:
            values[field["name"]] = torch.tensor(column)
    return values


def rankings(scored, candidates):
    """(user row, item rows, logits) of each list, the held-out item first."""
    negatives = {list_["user_index"]: list_["negatives"] for list_ in pq.read_table(candidates).to_pylist()}
    for ranking in pq.read_table(scored).to_pylist():
        user = ranking["user_index"]
        yield user, [ranking["item_index"]] + negatives[user], [ranking["logit"]] + ranking["negative_logits"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output_dir", type=Path)
    parser.add_argument("work_dir", type=Path)
    parser.add_argument("--save", type=Path, help="save the PyTorch model's state again, by name")
    args = parser.parse_args()

    folder = args.output_dir / "model"
    schema = json.loads((folder / "schema.json").read_text())
    model = CtrModel(json.loads((folder / "model.json").read_text()), schema).eval()
    found = load_file(folder / "model.safetensors")
    errors = list(problems(model.state_dict(), found, model))
    if errors:
        print("\n".join(errors))
        return 1
    model.load_state_dict(found, strict=True)
    if args.save:
        save_file({name: t.contiguous() for name, t in model.state_dict().items()}, args.save)

    users, items = table(folder / "users", "user_index", schema), table(folder / "items", "item_index", schema)
    largest, count = 0.0, 0
    with torch.no_grad():
        for user, rows, logits in rankings(args.output_dir / "rankings/test", args.work_dir / "candidates/test"):
            values = {name: column[[user] * len(rows)] for name, column in users.items()}
            values |= {name: column[rows] for name, column in items.items()}
            difference = torch.sigmoid(model(values)) - torch.sigmoid(torch.tensor(logits))
            largest = max(largest, difference.abs().max().item())
            count += len(rows)
    print(f"{len(found)} tensors, {count} candidates, largest difference of probabilities {largest:.3g}")
    return 0 if count and largest <= TOLERANCE else 1  # NaN fails too


if __name__ == "__main__":
    sys.exit(main())
