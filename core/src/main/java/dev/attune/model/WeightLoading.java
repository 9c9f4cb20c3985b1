package dev.attune.model;

import dev.attune.checkpoint.LoadReport;
import dev.attune.checkpoint.TensorInfo;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills a model from files, and writes down what became of each name. A name is looked for as the model has it, with the backbone's
 * name before it or without, as old versions of transformers wrote it, and under the names of those that share the tensor.
 */
final class WeightLoading {
    private final PretrainedModel model;
    private final Weights weights;
    private final Map<String, String> tied;
    private final Set<String> unused;
    private final List<String> loaded = new ArrayList<>();
    private final List<String> created = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<LoadReport.Mismatch> wrongShape = new ArrayList<>();

    WeightLoading(PretrainedModel model, Weights weights) {
        this.model = model;
        this.weights = weights;
        this.tied = model.tiedNames();
        this.unused = new LinkedHashSet<>(weights.names());
    }

    /** @throws CheckpointException as {@link PretrainedModel#load} */
    LoadReport run() {
        model.parameters().forEach((name, parameter) -> fill(name, parameter, model.isHead(name) ? created : missing));
        // A buffer that nobody stored begins as a new one's, and that is nothing to tell.
        model.buffers().forEach((name, buffer) -> fill(name, buffer, new ArrayList<>()));
        tied.forEach(this::forgetCopy);
        LoadReport report = new LoadReport(loaded, created, List.copyOf(unused), wrongShape);
        if (missing.isEmpty()) return report;
        throw new CheckpointException("The weights in " + weights.source() + " do not fit "
                + model.architecture() + ": "
                + missing.size() + " tensors of the body are missing or have another shape, the first is "
                + missing.get(0) + ". Check that config.json belongs to these weights.\n" + report);
    }

    /** @param absent where the name goes if no file has it */
    private void fill(String name, Parameter parameter, List<String> absent) {
        String stored = storedName(name);
        long[] shape = parameter.value().shape();
        if (stored == null) {
            parameter.initialise();
            absent.add(name);
            return;
        }
        unused.remove(stored);
        TensorInfo info = weights.info(stored);
        requireFloating(info);
        if (!Arrays.equals(info.shape(), shape)) {
            wrongShape.add(new LoadReport.Mismatch(name, info.shape(), shape));
            parameter.initialise();
            if (absent == missing) missing.add(name);
            return;
        }
        parameter.value().load(weights.bytes(stored), info.dtype());
        requireFinite(name, parameter);
        weights.forget(); // else the file would be in memory beside the model
        loaded.add(name);
    }

    /** A second copy of a shared tensor is nothing to tell; other numbers under its name are. */
    private void forgetCopy(String alias, String own) {
        String copy = prefixedName(alias);
        String stored = storedName(own);
        if (copy != null && stored != null && areSame(weights, copy, stored)) unused.remove(copy);
        weights.forget();
    }

    /** Whether two names in the files have the same numbers. */
    static boolean areSame(Weights weights, String one, String other) {
        if (one.equals(other)) return true;
        TensorInfo a = weights.info(one);
        TensorInfo b = weights.info(other);
        return a.dtype() == b.dtype()
                && Arrays.equals(a.shape(), b.shape())
                && weights.bytes(one).equals(weights.bytes(other));
    }

    /** Whole numbers are codes that only the quantizer's scales turn into weights: as weights they would be nonsense. */
    private void requireFloating(TensorInfo info) {
        if (info.dtype().isFloating()) return;
        ModelConfig config = model.config();
        throw new CheckpointException("The tensor " + info.name() + " in " + weights.source() + " holds whole numbers ("
                + info.dtype() + "), but weights are floating-point numbers: the model is quantized"
                + (config.has("quantization_config") ? ", as quantization_config in " + config.source() + " says" : "")
                + ", so it cannot be trained. Take the model as it was before.");
    }

    /** What is not a number would be all of the model after one step. */
    private void requireFinite(String name, Parameter parameter) {
        if (parameter.isFinite()) return;
        throw new CheckpointException("The tensor " + name + " in " + weights.source()
                + " holds numbers that are not finite: the model was spoiled before it was saved. Take another one.");
    }

    private @Nullable String storedName(String name) {
        String found = prefixedName(name);
        if (found != null) return found;
        // Checkpoints converted from TensorFlow by old versions of transformers, bert-base-uncased among them.
        String old = name.endsWith("LayerNorm.weight")
                ? name.replace("LayerNorm.weight", "LayerNorm.gamma")
                : name.replace("LayerNorm.bias", "LayerNorm.beta");
        found = old.equals(name) ? null : prefixedName(old);
        if (found != null) return found;
        for (Map.Entry<String, String> each : tied.entrySet()) {
            String shared = each.getValue().equals(name) ? prefixedName(each.getKey()) : null;
            if (shared != null) return shared;
        }
        return null;
    }

    private @Nullable String prefixedName(String name) {
        Set<String> stored = weights.names();
        if (stored.contains(name)) return name;
        String prefix = model.basePrefix();
        if (!name.startsWith(prefix)) return stored.contains(prefix + name) ? prefix + name : null;
        String inner = name.substring(prefix.length());
        if (stored.contains(inner)) return inner;
        String other = model.otherBasePrefix() + inner;
        return stored.contains(other) ? other : null;
    }
}
