"""Load a model the Java program saved into PyTorch by name and compare its probabilities.

python check_weights.py MODEL_DIR --inputs FILE.safetensors [--save FILE]

MODEL_DIR holds model.safetensors, model.json and schema.json; the inputs file holds input.<group>.codes|dense and
`probabilities` [B], all float32. Exits 1 where names, shapes or probabilities (beyond 1e-5) differ.
"""
import argparse
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from models import CtrModel, read_inputs

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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model_dir", type=Path)
    parser.add_argument("--inputs", type=Path, required=True)
    parser.add_argument("--save", type=Path, help="save the PyTorch model's state again, by name")
    args = parser.parse_args()

    schema = json.loads((args.model_dir / "schema.json").read_text())
    model = CtrModel(json.loads((args.model_dir / "model.json").read_text()), schema).eval()
    found = load_file(args.model_dir / "model.safetensors")
    errors = list(problems(model.state_dict(), found, model))
    if errors:
        print("\n".join(errors))
        return 1
    model.load_state_dict(found, strict=True)
    if args.save:
        save_file({name: t.contiguous() for name, t in model.state_dict().items()}, args.save)

    tensors = load_file(args.inputs)
    with torch.no_grad():
        probabilities = torch.sigmoid(model(read_inputs(schema, tensors)))
    expected = tensors["probabilities"]
    if expected.shape != probabilities.shape:
        print(f"probabilities should be {list(probabilities.shape)}, are {list(expected.shape)}")
        return 1
    difference = (probabilities - expected).abs().max().item()
    print(f"{len(found)} tensors, {len(expected)} rows, largest difference of probabilities {difference:.3g}")
    return 0 if difference <= TOLERANCE else 1  # NaN fails too


if __name__ == "__main__":
    sys.exit(main())
