package dev.attune.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The modules that a token passes through from the bottom up, by name. Parameters in none of them stand above: a pooler, a last
 * norm, a head.
 *
 * @param embeddings {@code bert.embeddings}: they are one step
 * @param layers {@code bert.encoder.layer.0}, …, a step each; those of a decoder above those of its encoder
 */
public record LayerStack(List<String> embeddings, List<String> layers) {
    /** Which step a parameter is in: 0 for embeddings, then the layers from 1 on, {@link #top} for what stands above them. */
    public int place(String parameter) {
        if (embeddings.stream().anyMatch(module -> isIn(parameter, module))) return 0;
        int layer = 0;
        while (layer < layers.size() && !isIn(parameter, layers.get(layer))) layer++;
        return layer + 1;
    }

    /** The place of what stands above all layers. */
    public int top() {
        return layers.size() + 1;
    }

    /** The module that a parameter is in; null for what stands above. */
    public @Nullable String module(String parameter) {
        for (List<String> modules : List.of(embeddings, layers)) {
            for (String module : modules) if (isIn(parameter, module)) return module;
        }
        return null;
    }

    private static boolean isIn(String parameter, String module) {
        return parameter.startsWith(module + ".");
    }
}
