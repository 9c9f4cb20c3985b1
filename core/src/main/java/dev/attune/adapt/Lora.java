package dev.attune.adapt;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.TensorData;
import dev.attune.checkpoint.TensorInfo;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.model.Adapters;
import dev.attune.model.LoadedModel;
import dev.attune.model.PretrainedModel;
import dev.attune.nn.Linear;
import dev.attune.nn.LowRank;
import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * LoRA: Low-Rank Adaptation (Hu et al. 2021, arXiv 2106.09685), as PEFT does it. The weights of the model stay as they are;
 * beside chosen linear layers two small tables are trained, and the task's head. Saved is only what was trained, in PEFT's
 * layout: {@code PeftModel.from_pretrained(base, folder)} reads it, and {@link ModelFolder} what PEFT has written.
 *
 * <pre>{@code
 * LoadedModel loaded = Models.sequenceClassifier(folder, List.of("negative", "positive"));
 * Lora lora = Lora.attach(loaded, LoraConfig.builder().r(16).alpha(32.0).build(), null);
 * new Trainer(args, task, train, EvaluationSet.NONE, TrainingListener.SILENT).run();
 * loaded.model().save(adapter);   // the adapter alone
 * lora.merge();
 * loaded.model().save(whole);     // a model like any other
 * }</pre>
 */
public final class Lora implements Adapters {
    private final PretrainedModel model;
    private final LoraConfig config;
    private final @Nullable BaseReference base;
    private final AdapterConfig written;
    private final Map<String, Linear> adapted = new LinkedHashMap<>();
    /** What is trained and saved, by its name in the file. */
    private final Map<String, Parameter> stored = new LinkedHashMap<>();

    private final List<String> notes = new ArrayList<>();

    /**
     * @param layers full names of the layers that get an adapter
     * @param others full names of the parameters of the model that are trained too
     */
    private Lora(
            PretrainedModel model,
            LoraConfig config,
            AdapterConfig written,
            @Nullable BaseReference base,
            List<String> layers,
            Collection<String> others) {
        this.model = model;
        this.config = config;
        this.written = written;
        this.base = base;
        Map<String, Parameter> own = model.parameters();
        Map<String, Linear> linears = model.linears();
        own.values().forEach(parameter -> parameter.value().requiresGrad(false));
        for (String layer : layers) {
            Linear linear = linears.get(layer);
            LowRank adapter = linear.adapt(
                    config.r(),
                    config.scale(),
                    config.dropout(),
                    config.initWeights().of(config.r()));
            adapter.a().initialise();
            adapter.b().initialise();
            adapted.put(layer, linear);
            stored.put(AdapterNames.file(layer + ".lora_A.weight", adapted.keySet()), adapter.a());
            stored.put(AdapterNames.file(layer + ".lora_B.weight", adapted.keySet()), adapter.b());
        }
        for (String name : others) {
            own.get(name).value().requiresGrad(true);
            stored.put(AdapterNames.file(name, adapted.keySet()), own.get(name));
        }
        model.carry(this);
    }

    /**
     * Adds adapters to a model, which from now on trains only them. New tables come from the process's generator.
     *
     * @param loaded the model, and which of its parameters no file had: those are trained whole
     * @param base what to call the model in the adapter's folder; null if nobody will look for it
     * @throws ConfigException if a name of the config means nothing in this model
     */
    public static Lora attach(LoadedModel loaded, LoraConfig config, @Nullable BaseReference base) {
        PretrainedModel model = loaded.model();
        if (model.adapters() != null) throw new IllegalStateException("The model carries adapters already.");
        Set<String> modules = model.moduleNames();
        Set<String> whole = new LinkedHashSet<>();
        List<String> saved = new ArrayList<>();
        for (String name : LoraTargets.heads(model.config())) {
            whole.addAll(LoraTargets.parts(name, modules));
            saved.add(name);
        }
        for (String name : config.modulesToSave()) {
            List<String> parts = LoraTargets.parts(name, modules);
            if (parts.isEmpty() && !saved.contains(name))
                throw LoraTargets.nothing("lora_modules_to_save", name, "part", modules);
            whole.addAll(parts);
            if (!saved.contains(name)) saved.add(name);
        }
        List<String> fresh = fresh(loaded.untrained(), whole);
        whole.addAll(fresh);
        saved.addAll(fresh);
        List<String> layers =
                LoraTargets.layers(config, model.config(), model.linears().keySet(), whole);
        Set<String> others = new LinkedHashSet<>();
        for (String name : model.parameters().keySet()) {
            boolean isBias = name.endsWith(".bias");
            boolean trained = LoraTargets.isIn(name, whole)
                    || isBias && config.bias() == LoraBias.ALL
                    || isBias && config.bias() == LoraBias.LORA_ONLY && LoraTargets.isIn(name, layers);
            if (trained) others.add(name);
        }
        Map<String, Linear> linears = model.linears();
        boolean turned = layers.stream().anyMatch(layer -> linears.get(layer).isTurned());
        AdapterConfig written = AdapterConfig.of(
                config,
                LoraTargets.wanted(config, model.config()),
                saved,
                turned,
                AdapterConfig.task(model.config()),
                base);
        Lora lora = new Lora(model, config, written, base, layers, others);
        if (!fresh.isEmpty()) {
            lora.notes.add(
                    "Trained whole, because the pretrained files do not have it: " + String.join(", ", fresh) + ".");
        }
        return lora;
    }

    /** The modules of parameters that no file had, those below {@code whole} left out. */
    private static List<String> fresh(List<String> untrained, Collection<String> whole) {
        List<String> fresh = new ArrayList<>();
        for (String name : untrained) {
            String module = name.substring(0, name.lastIndexOf('.'));
            if (LoraTargets.isIn(module, whole) || LoraTargets.isIn(module, fresh)) continue;
            fresh.removeIf(below -> below.startsWith(module + "."));
            fresh.add(module);
        }
        return fresh;
    }

    /**
     * Puts the adapter of a folder, which Attune or PEFT wrote, onto its base model; it can be trained on, merged or saved.
     *
     * @throws CheckpointException if the folder holds something else, or an adapter of another model
     */
    public static Lora read(PretrainedModel model, Path folder) {
        if (model.adapters() != null) throw new IllegalStateException("The model carries adapters already.");
        AdapterConfig written = AdapterConfig.read(folder);
        Set<String> linears = model.linears().keySet();
        Set<String> own = model.parameters().keySet();
        Set<String> layers = new LinkedHashSet<>();
        Set<String> others = new LinkedHashSet<>();
        try (Weights weights = Safetensors.open(folder.resolve(WEIGHTS))) {
            for (String stored : weights.names()) {
                if (AdapterNames.isLeftOver(stored)) continue;
                String name = AdapterNames.own(stored, weights.source());
                String layer = AdapterNames.adapted(name);
                if (layer != null && linears.contains(layer)) {
                    requireRank(weights.info(stored), written.lora().r(), weights.source());
                    layers.add(layer);
                } else if (own.contains(name)) others.add(name);
                else throw AdapterNames.stranger(stored, weights.source(), model);
            }
        }
        Lora lora =
                new Lora(model, written.lora(), written, BaseReference.written(folder), List.copyOf(layers), others);
        try {
            lora.load(folder);
            return lora;
        } catch (RuntimeException e) {
            model.carry(null);
            throw e;
        }
    }

    /** Before a table of this rank is made: a config of a few bytes may ask for all memory there is. */
    private static void requireRank(TensorInfo table, int rank, String source) {
        boolean isA = table.name().contains(".lora_A.");
        long[] shape = table.shape();
        if (shape.length == 2 && shape[isA ? 0 : 1] == rank) return;
        throw new CheckpointException("The tensor " + table.name() + " in " + source + " has the shape "
                + Arrays.toString(shape) + ", but r is " + rank + " in " + AdapterConfig.FILE + ".");
    }

    /** What the user should know, one sentence each. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** The parameters that are trained, by their names in the file. */
    public Map<String, Parameter> trained() {
        return Map.copyOf(stored);
    }

    /** Full names of the parameters that the adapter has values for: its own, and those of the model that were trained. */
    Set<String> modelParameters() {
        Set<Parameter> values = Set.copyOf(stored.values());
        Set<String> names = new LinkedHashSet<>();
        model.parameters().forEach((name, parameter) -> {
            if (values.contains(parameter)) names.add(name);
        });
        return names;
    }

    /** Adds the adapters to the weights and frees them: the model is one like any other from now on. */
    public void merge() {
        adapted.values().forEach(Linear::merge);
        model.carry(null);
    }

    @Override
    public void save(Path directory) {
        try (Scope scope = Scope.open()) {
            List<TensorData> tensors = new ArrayList<>();
            stored.forEach((name, parameter) -> tensors.add(new TensorData(
                    new TensorInfo(name, DType.FLOAT32, parameter.value().shape()),
                    parameter.value().detach().memory())));
            Safetensors.write(directory.resolve(WEIGHTS), tensors, Map.of());
        }
        written.write(directory);
        if (base != null) base.write(directory);
    }

    @Override
    public void load(Path directory) {
        Path file = directory.resolve(WEIGHTS);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException("There is no " + WEIGHTS + " in " + directory
                    + ", but the model carries adapters: the weights there are not those of this run.");
        }
        try (Weights weights = Safetensors.open(file)) {
            for (Map.Entry<String, Parameter> entry : stored.entrySet())
                load(weights, entry.getKey(), entry.getValue());
        }
    }

    private void load(Weights weights, String name, Parameter parameter) {
        if (!weights.names().contains(name)) {
            throw new CheckpointException("The adapter in " + weights.source() + " has no " + name + ".");
        }
        TensorInfo info = weights.info(name);
        long[] shape = parameter.value().shape();
        if (!Arrays.equals(info.shape(), shape)) {
            throw new CheckpointException("The tensor " + name + " in " + weights.source() + " has the shape "
                    + Arrays.toString(info.shape()) + ", but " + Arrays.toString(shape)
                    + " fits the model: it is an adapter of another one.");
        }
        if (!info.dtype().isFloating()) {
            throw new CheckpointException("The tensor " + name + " in " + weights.source()
                    + " holds whole numbers, but weights are floating-point numbers.");
        }
        parameter.value().load(weights.bytes(name), info.dtype());
        if (parameter.isFinite()) return;
        throw new CheckpointException(
                "The tensor " + name + " in " + weights.source() + " holds numbers that are not finite.");
    }
}
