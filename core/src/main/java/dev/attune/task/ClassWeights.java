package dev.attune.task;

import dev.attune.config.Contradictions;
import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code class_weights} asks for: a rule that makes weights from the rows of each class, or the weights themselves. With
 * n rows of k classes, n_c of one of them:
 *
 * <ul>
 *   <li>{@code balanced}: n / (k n_c), scikit-learn's rule;
 *   <li>{@code inverse_sqrt}: the square root of that;
 *   <li>{@code effective_number}: proportional to (1 - β) / (1 - β^n_c), with the mean 1 (Cui et al. 2019, arXiv:1901.05555);
 *       β is 0.999, or as in {@code effective_number=0.99}.
 * </ul>
 *
 * @param text as a flag has it: the name of a rule, weights in the order of the labels ({@code 0.7, 1.3}), or weights of some
 *     labels ({@code spam=3.0}; or as a JSON object), all others being 1
 */
public record ClassWeights(String text) {
    /** The key in recipes. */
    public static final String KEY = "class_weights";

    /** The heading of the keys about imbalance. */
    public static final String GROUP = "Imbalanced data";

    /** What the key does. */
    public static final String DOC =
            "How much each class counts in the loss: balanced, inverse_sqrt, effective_number, or numbers. Numbers stand in the"
                    + " order of the labels, as in [0.7, 1.3], or below the names of labels, all others being 1; as a flag"
                    + " 0.7, 1.3 or spam=3.0. With several labels a row they are for the rows that have a label; for questions"
                    + " the labels are answerable and unanswerable. effective_number=0.99 sets its beta, 0.999 without.";

    private static final String EFFECTIVE = "effective_number";
    private static final double BETA = 0.999;
    private static final List<String> RULES = List.of("balanced", "inverse_sqrt", EFFECTIVE);
    private static final Pattern PLAIN_NAME = Pattern.compile("[^,={}\\[\\]\"]+");

    /** n / (k n_c): the rows of each class together weigh the same. */
    public static final ClassWeights BALANCED = new ClassWeights("balanced");

    /** @throws dev.attune.config.ContradictionException if the text is none of these, or a weight is not above 0 */
    public ClassWeights {
        Contradictions wrong = new Contradictions();
        try {
            text = Said.of(text.strip()).toString();
        } catch (ConfigException e) {
            wrong.add(e.getMessage(), KEY);
        }
        wrong.throwIfAny();
    }

    /** Weights in the order of the labels. */
    public static ClassWeights of(double... weights) {
        return new ClassWeights(
                Arrays.stream(weights).mapToObj(Double::toString).collect(Collectors.joining(", ")));
    }

    /** Weights of some labels; all others weigh 1. */
    public static ClassWeights of(Map<String, Double> weights) {
        return new ClassWeights(JsonMapper.shared().writeValueAsString(weights));
    }

    /** The rule of this name. */
    public static ClassWeights rule(String name) {
        return new ClassWeights(name);
    }

    @Override
    public String toString() {
        return text;
    }

    /**
     * Checks that there is a weight for each label, or that each name is a label.
     *
     * @throws ConfigException if not
     */
    public void check(List<String> labels) {
        Said said = Said.of(text);
        if (said.list != null && said.list.size() != labels.size()) {
            throw new ConfigException(KEY + " has " + said.list.size() + " weights, but there are " + labels.size()
                    + " labels: " + shortList(labels) + ". Give one weight for each, in this order.");
        }
        for (String name : said.named.keySet()) {
            if (labels.contains(name)) continue;
            throw new ConfigException(KEY + " names \"" + name + "\", which is no label."
                    + Suggestion.didYouMean(name, labels) + " The labels are " + shortList(labels) + ".");
        }
    }

    private static String shortList(List<String> labels) {
        int most = 10;
        return String.join(", ", labels.subList(0, Math.min(most, labels.size())))
                + (labels.size() > most ? " and " + (labels.size() - most) + " more" : "");
    }

    /**
     * The weights of all labels.
     *
     * @param counts training rows of each label; one that has none weighs 1 by any rule
     * @throws ConfigException as {@link #check}
     */
    public double[] of(List<String> labels, long[] counts) {
        check(labels);
        Said said = Said.of(text);
        double[] weights = new double[labels.size()];
        if (said.rule == null) return said.weights(labels);
        double rows = Arrays.stream(counts).sum();
        double classes = Arrays.stream(counts).filter(count -> count > 0).count();
        double sum = 0;
        for (int c = 0; c < weights.length; c++) {
            weights[c] = counts[c] == 0 ? 0 : said.ruled(rows / (classes * counts[c]), counts[c]);
            sum += weights[c];
        }
        for (int c = 0; c < weights.length; c++) {
            if (counts[c] == 0) weights[c] = 1;
            else if (said.rule.equals(EFFECTIVE)) weights[c] *= classes / sum;
        }
        return weights;
    }

    /**
     * Of each label, how much a row that has it counts against one that has not: torch's {@code pos_weight}. {@code balanced}
     * is the number of rows without the label over the number with it, {@code inverse_sqrt} its square root.
     *
     * @param counts training rows that have each label
     * @param rows all training rows
     */
    public double[] positive(List<String> labels, long[] counts, long rows) {
        check(labels);
        Said said = Said.of(text);
        if (said.rule == null) return said.weights(labels);
        double[] weights = new double[labels.size()];
        for (int c = 0; c < weights.length; c++) {
            double with = counts[c];
            double without = rows - with;
            if (with == 0 || without == 0) weights[c] = 1;
            else if (said.rule.equals(EFFECTIVE)) weights[c] = said.effective(with) / said.effective(without);
            else weights[c] = said.ruled(without / with, 0);
        }
        return weights;
    }

    /** What is in force, for people: {@code ham 0.58, spam 3.73}. */
    public String describe(List<String> labels, double[] weights) {
        int most = 8;
        List<Integer> order = new ArrayList<>();
        for (int c = 0; c < weights.length; c++) order.add(c);
        if (weights.length > most) {
            order.sort((a, b) -> Double.compare(weights[a], weights[b]));
            order = List.of(order.get(0), order.get(weights.length - 1));
        }
        String shown = order.stream()
                .map(c -> String.format(Locale.ROOT, "%s %.4g", labels.get(c), weights[c]))
                .collect(Collectors.joining(weights.length > most ? " to " : ", "));
        return "Class weights (" + (Said.of(text).rule == null ? "as given" : text) + "): " + shown + ".";
    }

    /** The text, read. */
    private record Said(
            @Nullable String rule, double beta, @Nullable List<Double> list, Map<String, Double> named) {

        static Said of(String text) {
            if (text.isEmpty()) throw wrong(text, "is empty");
            if (text.startsWith("{")) return ofNames(json(text));
            String inner = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
            if (RULES.contains(inner.strip())) return new Said(inner.strip(), BETA, null, Map.of());
            List<Double> list = new ArrayList<>();
            Map<String, String> names = new LinkedHashMap<>();
            for (String part : inner.split(",")) {
                int at = part.lastIndexOf('=');
                String name = at < 0 ? "" : part.substring(0, at).strip();
                if (at < 0) list.add(weight(text, "", part.strip()));
                else if (names.put(name, part.substring(at + 1).strip()) != null) {
                    throw new ConfigException(KEY + " names \"" + name + "\" twice.");
                }
            }
            if (list.isEmpty()) return ofNames(names);
            if (!names.isEmpty()) throw wrong(text, "has weights with and without the name of a label");
            return new Said(null, BETA, list, Map.of());
        }

        private static Said ofNames(Map<String, String> names) {
            Map<String, Double> named = new LinkedHashMap<>();
            names.forEach((name, weight) -> named.put(name, weight(names.toString(), " of \"" + name + "\"", weight)));
            Double beta = named.size() == 1 ? named.get(EFFECTIVE) : null;
            if (beta == null) return new Said(null, BETA, null, named);
            if (beta < 1) return new Said(EFFECTIVE, beta, null, Map.of());
            throw new ConfigException(
                    KEY + " has " + EFFECTIVE + "=" + beta + ", but its beta must be above 0 and below 1.");
        }

        private static Map<String, String> json(String text) {
            try {
                Map<String, String> names = new LinkedHashMap<>();
                JsonMapper.shared()
                        .readTree(text)
                        .properties()
                        .forEach(entry ->
                                names.put(entry.getKey(), entry.getValue().asString()));
                if (names.isEmpty()) throw wrong(text, "is empty");
                return names;
            } catch (JacksonException e) {
                throw wrong(text, "is \"" + text + "\"");
            }
        }

        private static double weight(String text, String of, String written) {
            double weight;
            try {
                weight = Double.parseDouble(written);
            } catch (NumberFormatException e) {
                if (of.isEmpty()) throw wrong(text, "is \"" + text + "\"");
                throw new ConfigException(
                        KEY + ": the weight" + of + " is \"" + written + "\", expected a number above 0.");
            }
            if (weight > 0 && (float) weight < Float.POSITIVE_INFINITY && (float) weight > 0) return weight;
            throw new ConfigException(KEY + ": a weight" + of + " is " + written + ", but must be a number above 0.");
        }

        private static ConfigException wrong(String text, String is) {
            return new ConfigException(KEY + " " + is + ", but must be one of " + String.join(", ", RULES)
                    + ", a number for each label, or numbers by label, for instance spam=3.0."
                    + Suggestion.didYouMean(text, RULES));
        }

        /** @param balanced the weight by the rule {@code balanced} */
        double ruled(double balanced, double count) {
            return switch (String.valueOf(rule)) {
                case "balanced" -> balanced;
                case "inverse_sqrt" -> Math.sqrt(balanced);
                default -> effective(count);
            };
        }

        /** One over the effective number of rows. */
        double effective(double count) {
            return (1 - beta) / -Math.expm1(count * Math.log(beta));
        }

        double[] weights(List<String> labels) {
            if (list != null) return list.stream().mapToDouble(weight -> weight).toArray();
            return labels.stream()
                    .mapToDouble(label -> named.getOrDefault(label, 1.0))
                    .toArray();
        }

        /** In one form, so that the same said in two ways is the same. */
        @Override
        public String toString() {
            if (rule != null) return beta == BETA ? rule : rule + "=" + beta;
            if (list != null) return list.stream().map(String::valueOf).collect(Collectors.joining(", "));
            boolean isPlain = named.keySet().stream()
                    .allMatch(name -> PLAIN_NAME.matcher(name).matches() && name.equals(name.strip()));
            return isPlain
                    ? named.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .collect(Collectors.joining(", "))
                    : JsonMapper.shared().writeValueAsString(named);
        }
    }
}
