"""Times the step of an optimizer alone, over all parameters of a classifier; see protocol.py for --serve.

    python hf_optimizer.py --model DIR --optim sgd --optim-args momentum=0.9 [--fused]

The optimizer is the one that Hugging Face's Trainer makes of optim and optim_args; adam is torch.optim.Adam, and Lion is
written down after the paper with foreach operations, because the reference's needs a GPU. --fused asks torch for its fused kernel.
"""

import argparse
import json
import tempfile
import time

import torch
import transformers
from transformers import AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification, set_seed
from transformers import Trainer, TrainingArguments

import protocol


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, dict(lr=lr))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            params = group["params"]
            grads = [p.grad for p in params]
            means = [self.state[p].setdefault("exp_avg", torch.zeros_like(p)) for p in params]
            update = torch._foreach_lerp(means, grads, 0.1)
            torch._foreach_sign_(update)
            torch._foreach_add_(params, update, alpha=-group["lr"])
            torch._foreach_lerp_(means, grads, 0.001)


class Steps:
    def __init__(self, args):
        set_seed(args.seed)
        if args.model == "random":
            model = BertForSequenceClassification(BertConfig())
        else:
            model = AutoModelForSequenceClassification.from_pretrained(args.model, num_labels=2)
        parameters = list(model.parameters())
        for parameter in parameters:
            parameter.grad = torch.randn_like(parameter) * 1e-3
        more = dict(fused=True) if args.fused else {}
        if args.optim == "adam":
            self.optimizer = torch.optim.Adam(parameters, lr=1e-6, **more)
        elif args.optim == "lion_32bit":
            self.optimizer = Lion(parameters, 1e-6)
        else:
            with tempfile.TemporaryDirectory() as folder:
                asked = TrainingArguments(folder, optim=args.optim, optim_args=args.optim_args, use_cpu=True, report_to=[])
                kind, kwargs = Trainer.get_optimizer_cls_and_kwargs(asked)
            self.optimizer = kind(parameters, **{**kwargs, "lr": 1e-6, **more})

    def run(self):
        """Seconds of one step."""
        begin = time.perf_counter()
        self.optimizer.step()
        return time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="random")
    parser.add_argument("--optim", required=True)
    parser.add_argument("--optim-args")
    parser.add_argument("--fused", action="store_true")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--serve", action="store_true")
    args = parser.parse_args()
    stream = protocol.claim_stdout()
    transformers.logging.disable_progress_bar()
    steps = Steps(args)
    if args.serve:
        while (count := protocol.next_chunk()) is not None:
            protocol.answer(stream, [steps.run() for _ in range(count)], [1] * count, [1] * count)
        return
    stream.write(json.dumps(dict(step_seconds=[round(steps.run(), 4) for _ in range(args.steps)])) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
