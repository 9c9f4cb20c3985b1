package dev.attune.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of Google's BERT variables in TensorFlow, and what Transformers calls them:
 *
 * <pre>
 * bert/embeddings/word_embeddings                    bert.embeddings.word_embeddings.weight
 * bert/embeddings/LayerNorm/gamma                    bert.embeddings.LayerNorm.weight
 * bert/encoder/layer_0/attention/self/query/kernel   bert.encoder.layer.0.attention.self.query.weight  (transposed)
 * bert/pooler/dense/bias                             bert.pooler.dense.bias
 * cls/predictions/transform/dense/kernel             cls.predictions.transform.dense.weight            (transposed)
 * cls/predictions/output_bias                        cls.predictions.bias
 * cls/seq_relationship/output_weights                cls.seq_relationship.weight
 * cls/squad/output_weights                           qa_outputs.weight
 * output_weights                                     classifier.weight
 * </pre>
 *
 * <p>Whatever stands before {@code bert} or {@code cls}, such as the {@code module/} of TensorFlow Hub, is dropped.
 * TensorFlow keeps the kernel of a dense layer as (in, out), PyTorch as (out, in); the {@code output_weights} of heads
 * are (out, in) in both.
 */
final class TensorFlowBertNames {

    /** What a variable becomes. */
    record Target(String name, boolean transposed) {}

    private static final Set<String> ROOTS = Set.of("bert", "cls");
    private static final Pattern LAYER = Pattern.compile("layer_(\\d+)");
    private static final Map<String, String> LAST = Map.of(
            "kernel", "weight",
            "gamma", "weight",
            "beta", "bias",
            "bias", "bias",
            "output_weights", "weight",
            "output_bias", "bias");

    /** Optimizer slots and counters: the state of a training, not of a model. */
    private static final Set<String> TRAINING_STATE = Set.of(
            "adam_m",
            "adam_v",
            "Adam",
            "Adam_1",
            "AdamWeightDecayOptimizer",
            "AdamWeightDecayOptimizer_1",
            "lamb_m",
            "lamb_v",
            "LAMB",
            "LAMB_1",
            "Momentum",
            "ExponentialMovingAverage",
            "beta1_power",
            "beta2_power",
            "global_step",
            "current_loss_scale",
            "loss_scale",
            "good_steps");

    private TensorFlowBertNames() {}

    /** Whether a variable belongs to the optimizer and not to the model. */
    static boolean isTrainingState(String variable) {
        return Arrays.stream(variable.split("/")).anyMatch(TRAINING_STATE::contains);
    }

    /** The Transformers name, or empty if this is no variable of BERT. */
    static Optional<Target> target(String variable) {
        List<String> path = List.of(variable.split("/", -1));
        int root = 0;
        while (root < path.size() && !ROOTS.contains(path.get(root))) root++;
        if (root == path.size()) return head(path);
        List<String> name = new ArrayList<>();
        for (String part : path.subList(root, path.size() - 1)) {
            name.add(LAYER.matcher(part).replaceFirst("layer.$1"));
        }
        String last = path.get(path.size() - 1);
        if (last.endsWith("_embeddings")) {
            name.add(last);
            name.add("weight");
        } else if (LAST.containsKey(last)) {
            name.add(LAST.get(last));
        } else {
            return Optional.empty();
        }
        String joined = String.join(".", name).replaceFirst("^cls\\.squad\\.", "qa_outputs.");
        return Optional.of(new Target(joined, last.equals("kernel")));
    }

    /** The classification head of {@code run_classifier.py} stands at the top, without a scope. */
    private static Optional<Target> head(List<String> path) {
        String last = path.get(path.size() - 1);
        if (!last.equals("output_weights") && !last.equals("output_bias")) return Optional.empty();
        return Optional.of(new Target("classifier." + LAST.get(last), false));
    }
}
