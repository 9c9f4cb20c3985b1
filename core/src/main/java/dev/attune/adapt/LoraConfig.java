package dev.attune.adapt;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What LoRA adapts, and how: PEFT's {@code LoraConfig}, its names without their {@code lora_} and its defaults. As soon as one
 * value is given, all others have their defaults.
 *
 * <pre>{@code
 * LoraConfig.builder().r(16).alpha(32.0).targetModules(List.of("query", "key", "value")).build()
 * }</pre>
 *
 * @param text the same in one line, {@code r=8,alpha=16}, as JSON, or {@code true} for the defaults; null once it was read
 */
@RecordBuilder
public record LoraConfig(
        @Argument(group = GROUP, example = "r=8,alpha=16", doc = "The adapters in one line.") @Nullable
        String text,

        @Argument(
                group = GROUP,
                range = "[1, inf)",
                example = "16",
                doc = "Rank of the adapters: columns of one table, rows of the other. Default: 8.")
        @Nullable
        Integer r,

        @Argument(
                group = GROUP,
                range = "(0, inf)",
                example = "16",
                doc =
                        "Weight of the adapters: what they add is multiplied by alpha / r. PEFT's lora_alpha. Default: 8.")
        @Nullable
        Double alpha,

        @Argument(
                group = GROUP,
                range = "[0, 1)",
                example = "0.1",
                doc = "Share of its input that an adapter does not see in a training step. PEFT's lora_dropout."
                        + " Default: 0.")
        @Nullable
        Double dropout,

        @Argument(
                group = GROUP,
                example = "query, value",
                doc = "Linear layers that get an adapter, by the end of their names. all-linear means all but the"
                        + " head. Default: PEFT's choice for the family, for BERT query, value.")
        List<String> targetModules,

        @Argument(
                group = GROUP,
                example = "lora_only",
                doc = "Which biases are trained too. With all or lora_only the model without its adapters is not the"
                        + " base model any more. Default: none.")
        @Nullable
        LoraBias bias,

        @Argument(
                group = GROUP,
                example = "true",
                doc = "Multiply by alpha / sqrt(r) instead of alpha / r. Large ranks then learn as fast as small ones."
                        + " Default: false.")
        @Nullable
        Boolean useRslora,

        @Argument(
                group = GROUP,
                example = "pooler",
                doc = "Parts of the model that are trained and saved whole, by the end of their names. The head of the"
                        + " task, and what the pretrained files lack, is always among them.")
        List<String> modulesToSave,

        @Argument(
                group = GROUP,
                example = "10, 11",
                doc = "Numbers of the layers that get adapters, from 0 on. Default: all.")
        List<String> layersToTransform,

        @Argument(
                group = GROUP,
                example = "gaussian",
                doc = "How the first table of an adapter is filled. true is Kaiming's uniform numbers, gaussian normal"
                        + " ones; the second begins with zeros. PEFT's init_lora_weights. Default: true.")
        @Nullable
        LoraInit initWeights,

        @Argument(
                group = GROUP,
                example = "true",
                doc = "Add the adapters to the weights at the end. The run folder then holds a whole model; without it"
                        + " the adapter alone. Checkpoints hold the adapter either way. Default: false.")
        @Nullable
        Boolean merge) {

    /** What the arguments are called in a recipe. */
    public static final String KEY = "lora";

    private static final String GROUP = "LoRA";

    /** Every linear layer but the head. */
    static final String ALL_LINEAR = "all-linear";

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(LoraConfig.class);

    /** The defaults. */
    public static final LoraConfig DEFAULTS = SCHEMA.create(LoraConfig.class, Map.of("text", "true"));

    public LoraConfig {
        LoraText said = LoraText.read(text, SCHEMA);
        text = null;
        r = said.or("r", r);
        alpha = said.or("alpha", alpha);
        dropout = said.or("dropout", dropout);
        targetModules = said.list("target_modules", targetModules);
        bias = said.or("bias", bias);
        useRslora = said.or("use_rslora", useRslora);
        modulesToSave = said.list("modules_to_save", modulesToSave);
        layersToTransform = said.list("layers_to_transform", layersToTransform);
        initWeights = said.or("init_weights", initWeights);
        merge = said.or("merge", merge);
        Contradictions wrong = new Contradictions();
        wrong.range(SCHEMA, "r", r);
        wrong.range(SCHEMA, "alpha", alpha);
        wrong.range(SCHEMA, "dropout", dropout);
        for (String layer : layersToTransform) {
            if (layer.matches("\\d{1,4}")) continue;
            wrong.add(
                    "lora_layers_to_transform has \"" + layer + "\", but numbers of layers were expected, such as 10.",
                    "lora_layers_to_transform",
                    KEY);
        }
        boolean given = said.isOn()
                || Stream.of(r, alpha, dropout, bias, useRslora, initWeights, merge)
                        .anyMatch(Objects::nonNull)
                || Stream.of(targetModules, modulesToSave, layersToTransform).anyMatch(list -> !list.isEmpty());
        if (said.isOff() && given) {
            wrong.add("lora is false, but has other keys below it. Delete them, or the false.", KEY);
        }
        wrong.throwIfAny();
        if (given) {
            r = Objects.requireNonNullElse(r, 8);
            alpha = Objects.requireNonNullElse(alpha, 8.0);
            dropout = Objects.requireNonNullElse(dropout, 0.0);
            bias = Objects.requireNonNullElse(bias, LoraBias.NONE);
            useRslora = Objects.requireNonNullElse(useRslora, false);
            initWeights = Objects.requireNonNullElse(initWeights, LoraInit.TRUE);
            merge = Objects.requireNonNullElse(merge, false);
        }
    }

    /** Whether there are to be adapters at all; {@code lora: false} is none. */
    public boolean isOn() {
        return r != null;
    }

    /** What the product of an adapter's tables is multiplied by. */
    public double scale() {
        return useRslora ? alpha / Math.sqrt(r) : alpha / r;
    }

    /** A builder that has the defaults. */
    public static LoraConfigBuilder builder() {
        return LoraConfigBuilder.builder(DEFAULTS);
    }
}
