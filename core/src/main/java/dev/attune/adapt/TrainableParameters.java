package dev.attune.adapt;

import dev.attune.model.LayerStack;
import dev.attune.model.PretrainedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many values of a model are trained, part by part, from the bottom up. Layers in a row that are alike are one part.
 *
 * @param parts those that the model has
 */
public record TrainableParameters(List<Part> parts) {
    /**
     * A part of a model.
     *
     * @param name {@code embeddings}, {@code layers 0 to 9}, {@code pooler}, {@code classifier}
     * @param trained values that get a gradient
     * @param frozen values that stay as they are
     */
    public record Part(String name, long trained, long frozen) {
        private Part plus(String renamed, Part other) {
            return new Part(renamed, trained + other.trained, frozen + other.frozen);
        }
    }

    public TrainableParameters {
        parts = List.copyOf(parts);
    }

    /** What a model is now. */
    public static TrainableParameters of(PretrainedModel model) {
        Map<String, Part> parts = new LinkedHashMap<>();
        LayerStack stack = model.stack();
        // Parts of the stack first, whatever comes before them in the code.
        stack.embeddings().forEach(part -> parts.put(part, new Part(part, 0, 0)));
        stack.layers().forEach(part -> parts.put(part, new Part(part, 0, 0)));
        model.parameters().forEach((name, parameter) -> {
            String module = stack.module(name);
            String part = module == null ? first(model, name) : module;
            long values = parameter.value().elements();
            boolean trains = parameter.value().requiresGrad();
            parts.merge(
                    part, new Part(part, trains ? values : 0, trains ? 0 : values), (sum, one) -> sum.plus(part, one));
        });
        parts.values().removeIf(part -> part.trained + part.frozen == 0);
        return new TrainableParameters(joined(model, List.copyOf(parts.values())));
    }

    private static String first(PretrainedModel model, String name) {
        String base = model.basePrefix();
        String inner = name.startsWith(base) ? name.substring(base.length()) : name;
        int dot = inner.indexOf('.');
        return dot < 0 ? inner : inner.substring(0, dot);
    }

    private static List<Part> joined(PretrainedModel model, List<Part> parts) {
        List<String> layers = model.stack().layers();
        // An encoder's and a decoder's have the same numbers.
        boolean isStacked =
                layers.stream().map(TrainableParameters::list).distinct().count() > 1;
        List<Part> joined = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part first = parts.get(i);
            if (!layers.contains(first.name)) {
                joined.add(new Part(shown(model, first.name), first.trained, first.frozen));
                continue;
            }
            int last = i;
            while (last + 1 < parts.size() && isLike(first, parts.get(last + 1), layers)) last++;
            String numbers = last == i
                    ? "layer " + number(first.name)
                    : "layers " + number(first.name) + " to " + number(parts.get(last).name);
            if (isStacked) numbers += " of " + first(model, first.name);
            Part sum = new Part(numbers, 0, 0);
            for (Part part : parts.subList(i, last + 1)) sum = sum.plus(numbers, part);
            joined.add(sum);
            i = last;
        }
        return joined;
    }

    private static boolean isLike(Part one, Part other, List<String> layers) {
        return layers.contains(other.name)
                && list(one.name).equals(list(other.name))
                && one.trained == other.trained
                && one.frozen == other.frozen;
    }

    private static String list(String layer) {
        return layer.substring(0, layer.lastIndexOf('.'));
    }

    private static String number(String layer) {
        return layer.substring(layer.lastIndexOf('.') + 1);
    }

    private static String shown(PretrainedModel model, String part) {
        return part.startsWith(model.basePrefix())
                ? part.substring(model.basePrefix().length())
                : part;
    }

    /** Values that get a gradient. */
    public long trained() {
        return parts.stream().mapToLong(Part::trained).sum();
    }

    /** Values that stay as they are. */
    public long frozen() {
        return parts.stream().mapToLong(Part::frozen).sum();
    }

    /** For JSON: a map for each part. */
    public List<Map<String, Object>> toList() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Part part : parts) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("part", part.name);
            map.put("trained", part.trained);
            map.put("frozen", part.frozen);
            list.add(map);
        }
        return list;
    }

    /** Lines of a table, the last with the sums; without a line end behind it. */
    @Override
    public String toString() {
        List<Part> rows = new ArrayList<>(parts);
        rows.add(new Part("all", trained(), frozen()));
        int width = rows.stream().mapToInt(part -> part.name.length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%-" + width + "s  %13s  %13s", "", "trained", "frozen"));
        for (Part row : rows) {
            text.append(
                    String.format(Locale.ROOT, "\n%-" + width + "s  %,13d  %,13d", row.name, row.trained, row.frozen));
        }
        return text.toString();
    }
}
