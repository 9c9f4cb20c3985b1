package dev.attune.adapt;

import dev.attune.error.CheckpointException;
import dev.attune.model.PretrainedModel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PEFT's names of tensors: {@code base_model.model.} before the model's own, and {@code base_layer} between an adapted layer
 * and its bias.
 */
final class AdapterNames {
    static final String PREFIX = "base_model.model.";

    private static final String BASE_LAYER = ".base_layer.";

    private AdapterNames() {}

    /** @param adapted full names of the layers with an adapter */
    static String file(String own, Set<String> adapted) {
        int dot = own.lastIndexOf('.');
        String layer = own.substring(0, Math.max(dot, 0));
        return PREFIX + (adapted.contains(layer) ? layer + BASE_LAYER + own.substring(dot + 1) : own);
    }

    static String own(String file, String source) {
        if (!file.startsWith(PREFIX)) {
            throw new CheckpointException("The tensor " + file + " in " + source + " does not begin with " + PREFIX
                    + ", as those of adapters do.");
        }
        return file.substring(PREFIX.length()).replace(BASE_LAYER, ".");
    }

    /** The layer whose adapter this tensor is of; null if it is of none. */
    static @Nullable String adapted(String own) {
        for (String end : new String[] {".lora_A.weight", ".lora_B.weight"}) {
            if (own.endsWith(end)) return own.substring(0, own.length() - end.length());
        }
        return null;
    }

    /** With {@code bias: all} PEFT writes the head's bias three times. */
    static boolean isLeftOver(String file) {
        return file.contains(".original_module.") || file.contains(".modules_to_save.");
    }

    static CheckpointException stranger(String file, String source, PretrainedModel model) {
        return new CheckpointException("The tensor " + file + " in " + source + " belongs to no part of "
                + model.architecture() + ": it is an adapter of another model, or of another task.");
    }
}
