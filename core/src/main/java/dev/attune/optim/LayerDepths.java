package dev.attune.optim;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far below the head the parameters of a model are: 1 for the last of its layers, one more for each before it, and most for
 * what comes before the first, the embeddings. What comes after the last, such as the head and a pooler, is at 0. Layers are
 * told by their number, the first in a name; models list their parameters from the embeddings to the head.
 */
final class LayerDepths {
    private static final Pattern LAYER = Pattern.compile("^(.*?)\\.(\\d+)\\.");

    private final Map<String, Integer> depths = new HashMap<>();

    /** @param names in the order of the model */
    LayerDepths(Collection<String> names) {
        Map<String, Integer> layers = new HashMap<>();
        for (String name : names) {
            Matcher layer = LAYER.matcher(name);
            if (layer.find()) layers.merge(layer.group(1), Integer.parseInt(layer.group(2)) + 1, Math::max);
        }
        int most = layers.values().stream().mapToInt(count -> count).max().orElse(-1) + 1;
        boolean isBelow = true;
        for (String name : names) {
            Matcher layer = LAYER.matcher(name);
            if (layer.find()) {
                isBelow = false;
                depths.put(name, layers.get(layer.group(1)) - Integer.parseInt(layer.group(2)));
            } else {
                depths.put(name, isBelow ? most : 0);
            }
        }
    }

    int of(String name) {
        return depths.get(name);
    }
}
