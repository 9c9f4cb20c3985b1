"""Writes the averaged weights of a training: core/src/test/resources/dev/attune/train/run-ema.json and run-ema.safetensors.

    python parity/make_average_golden.py

Twelve steps of transformers.Trainer with torch.optim.swa_utils.AveragedModel and get_ema_multi_avg_fn, updated after each step; for
each step the mean loss of all rows with the averaged weights. The model and the rows are those of make_trainer_golden.py.
"""

import json
import tempfile

import torch
import transformers
from make_trainer_golden import OUT, SETTINGS, Recorder, collate, load
from safetensors.torch import save_file
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import TrainerCallback, TrainingArguments

DECAY = 0.8
STEPS = 12


class Average(TrainerCallback):
    def __init__(self, model, rows):
        self.averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(DECAY))
        self.rows = rows
        self.losses = []

    def on_step_end(self, args, state, control, model=None, **rest):
        self.averaged.update_parameters(model)
        self.averaged.eval()
        with torch.no_grad():
            self.losses.append(self.averaged(**collate(self.rows)).loss.item())


def main():
    rows = json.loads((OUT / "data.json").read_text(encoding="utf-8"))
    model = load(OUT)
    average = Average(model, rows)
    settings = {**SETTINGS, "max_steps": STEPS}
    arguments = TrainingArguments(
        output_dir=tempfile.gettempdir(), logging_steps=1, save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
        remove_unused_columns=False, **settings,
    )  # fmt: skip
    Recorder(rows, model=model, args=arguments, callbacks=[average]).train()
    golden = dict(
        versions=dict(transformers=transformers.__version__, torch=torch.__version__),
        arguments=settings, ema_decay=DECAY, losses=average.losses,
    )  # fmt: skip
    (OUT / "run-ema.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
    state = {k: v.detach().clone().contiguous() for k, v in average.averaged.module.state_dict().items()}
    save_file(state, OUT / "run-ema.safetensors", metadata={"format": "pt"})
    print(average.losses)


if __name__ == "__main__":
    main()
