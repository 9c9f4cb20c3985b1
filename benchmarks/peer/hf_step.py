"""Times one full training step on a fixed synthetic batch: forward, backward, clip, fused AdamW, as Trainer does them.

    python hf_step.py --model DIR --bf16 --steps 10

DIR is a Hugging Face folder, or the word `random` for a BERT-base with random weights. Dropout is on. With --serve it
runs steps on request, see protocol.py; otherwise it prints one JSON line.
"""

import argparse
import contextlib
import json
import time

import torch
import transformers
from transformers import AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification, set_seed
from transformers.trainer_pt_utils import get_parameter_names

import protocol

# Trainer's own list: parameters whose names match are not decayed.
NO_DECAY = [r"bias", r"layernorm", r"rmsnorm", r"(?:^|\.)norm(?:$|\.)", r"_norm(?:$|\.)"]


class Step:
    def __init__(self, args):
        if args.lora:
            from peft import LoraConfig, get_peft_model
        set_seed(args.seed)
        if args.model == "random":
            self.model = BertForSequenceClassification(BertConfig(num_labels=args.labels))
        else:
            self.model = AutoModelForSequenceClassification.from_pretrained(args.model, num_labels=args.labels)
        if args.lora:
            self.model = get_peft_model(self.model, LoraConfig(task_type="SEQ_CLS"))
        self.model.train()
        decayed = set(get_parameter_names(self.model, [torch.nn.LayerNorm], NO_DECAY))
        named = [(n, p) for n, p in self.model.named_parameters() if p.requires_grad]
        groups = [
            dict(params=[p for n, p in named if n in decayed], weight_decay=0.01),
            dict(params=[p for n, p in named if n not in decayed], weight_decay=0.0),
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=args.lr, fused=True)
        shape = (args.batch_size, args.length)
        self.inputs = dict(
            input_ids=torch.randint(1000, self.model.config.vocab_size, shape),
            token_type_ids=torch.zeros(shape, dtype=torch.long),
            attention_mask=torch.ones(shape, dtype=torch.long),
            labels=torch.randint(0, args.labels, shape[:1]),
        )
        self.bf16 = args.bf16

    def run(self):
        """Seconds of one step."""
        begin = time.perf_counter()
        with torch.autocast("cpu", dtype=torch.bfloat16) if self.bf16 else contextlib.nullcontext():
            loss = self.model(**self.inputs).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.model.zero_grad()
        loss.item()
        return time.perf_counter() - begin


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="random")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--labels", type=int, default=77)
    parser.add_argument("--lr", type=float, default=5e-5)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--lora", action="store_true", help="PEFT's adapters with their defaults")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--serve", action="store_true")
    return parser.parse_args()


def main():
    args = arguments()
    stream = protocol.claim_stdout()
    transformers.logging.disable_progress_bar()
    step = Step(args)
    if args.serve:
        while (count := protocol.next_chunk()) is not None:
            seconds = [step.run() for _ in range(count)]
            protocol.answer(stream, seconds, [args.batch_size] * count, [args.batch_size * args.length] * count)
        return
    seconds = [round(step.run(), 4) for _ in range(args.steps)]
    report = dict(
        step_seconds=seconds,
        peak_rss_bytes=protocol.peak_rss_bytes(),
        versions=dict(transformers=transformers.__version__, torch=torch.__version__),
    )
    stream.write(json.dumps(report) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
