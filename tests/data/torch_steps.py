"""Makes torch_steps.npz: what torch learns in 100 steps, all examples at each.

    python tests/data/torch_steps.py

Made with torch 2.14.1 on a processor, in float64. Of each case NAME the file holds `NAME.start` and
`NAME.end`, the parameters before and after: of each layer a matrix (out, in + 1) row by row, whose
last column is the bias; `NAME.loss`, the loss after; and the examples, `NAME.inputs` (2, N) and
`NAME.targets` (outputs, N).
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn

STEPS, EXAMPLES = 100, 64
WIDTHS = (2, 7, 5)

# Task → outputs, loss.
TASKS = {
    "binary": (1, nn.BCEWithLogitsLoss()),
    "classes": (3, nn.CrossEntropyLoss()),
    "regression": (2, nn.MSELoss()),
}
# Name → task, hidden activation, optimizer, rate, schedule, weight decay.
CASES = {
    "adam": ("binary", nn.Tanh, torch.optim.Adam, 0.02, "cosine", 0.0),
    "adam-relu": ("classes", nn.ReLU, torch.optim.Adam, 0.01, "constant", 0.0),
    "adam-decay": ("regression", nn.Tanh, torch.optim.Adam, 0.02, "cosine", 0.01),
    "sgd": ("binary", nn.Tanh, torch.optim.SGD, 0.5, "cosine", 0.0),
    "sgd-relu-decay": ("classes", nn.ReLU, torch.optim.SGD, 0.3, "cosine", 0.02),
}


def examples(task: str, outputs: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs (N, 2) and targets (N, outputs), as netart has them."""
    inputs = torch.rand(EXAMPLES, 2) * 2 - 1
    if task == "regression":
        return inputs, torch.rand(EXAMPLES, outputs)
    number = (torch.atan2(inputs[:, 1], inputs[:, 0]) + inputs[:, 0] > 0).long()
    if task == "binary":
        return inputs, number[:, None].double()
    number += inputs[:, 1] > 0.4
    return inputs, nn.functional.one_hot(number, outputs).double()


def flat(model: nn.Sequential) -> np.ndarray:
    layers = [layer for layer in model if isinstance(layer, nn.Linear)]
    blocks = [torch.cat([layer.weight, layer.bias[:, None]], dim=1).ravel() for layer in layers]
    return torch.cat(blocks).detach().numpy().copy()


def learn(name: str) -> dict[str, np.ndarray]:
    task, activation, optimizer, rate, schedule, decay = CASES[name]
    outputs, loss = TASKS[task]
    inputs, targets = examples(task, outputs)
    first, second = (nn.Linear(a, b) for a, b in pairwise(WIDTHS))
    model = nn.Sequential(first, activation(), second, activation(), nn.Linear(WIDTHS[-1], outputs))
    for parameter in model.parameters():  # netart's networks start in float32
        parameter.data = parameter.data.float().double()
    if task == "regression":
        model.append(nn.Sigmoid())
    weights, biases = (
        [one for key, one in model.named_parameters() if key.endswith(kind)]
        for kind in ("weight", "bias")
    )
    groups = [{"params": weights, "weight_decay": decay}, {"params": biases}]
    chosen = optimizer(groups, lr=rate)
    rates = torch.optim.lr_scheduler.CosineAnnealingLR(chosen, STEPS)
    start = flat(model)
    for _ in range(STEPS):
        chosen.zero_grad()
        loss(model(inputs), targets).backward()
        chosen.step()
        if schedule == "cosine":
            rates.step()
    return {
        "start": start,
        "end": flat(model),
        "loss": np.array(loss(model(inputs), targets).item()),
        "inputs": inputs.numpy().T,
        "targets": targets.numpy().T,
    }


def main() -> None:
    """Writes the file beside this one."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(5)
    arrays = {f"{name}.{key}": one for name in CASES for key, one in learn(name).items()}
    np.savez_compressed(Path(__file__).with_suffix(".npz"), **arrays)


if __name__ == "__main__":
    main()
