package dev.attune.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Tells the user which parameters have a learning rate or a weight decay of their own. */
public final class GroupWords {
    private GroupWords() {}

    /** A sentence for each of the two where there are several; biases and norms, which have no decay, do not count. */
    public static Optional<String> of(ParameterGroups groups, double learningRate) {
        List<String> sentences = new ArrayList<>();
        Map<String, List<String>> rates = byValue(groups.groups(), group -> learningRate * group.rateFactor());
        if (rates.size() > 1) sentences.add("Learning rates at their highest: " + words(rates) + ".");
        Map<String, List<String>> decays =
                byValue(groups.groups().stream().filter(GroupWords::isDecayed).toList(), ParameterGroup::weightDecay);
        if (decays.size() > 1) sentences.add("Weight decay: " + words(decays) + ".");
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", sentences));
    }

    private static boolean isDecayed(ParameterGroup group) {
        return group.parameters().entrySet().stream()
                .anyMatch(each -> ParameterGroups.isDecayed(each.getKey(), each.getValue()));
    }

    private static Map<String, List<String>> byValue(
            List<ParameterGroup> groups, ToDoubleFunction<ParameterGroup> value) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (ParameterGroup group : groups) {
            if (group.parameters().isEmpty()) continue;
            names.computeIfAbsent(
                            String.format(Locale.ROOT, "%.3g", value.applyAsDouble(group)), same -> new ArrayList<>())
                    .addAll(group.parameters().keySet());
        }
        return names;
    }

    private static String words(Map<String, List<String>> names) {
        List<String> words = new ArrayList<>();
        names.forEach((value, members) -> words.add(value + " for " + words(members)));
        return String.join("; ", words);
    }

    /** What the names begin with, or how many they are. */
    private static String words(List<String> names) {
        String common = names.get(0);
        for (String name : names) {
            while (!name.equals(common) && !name.startsWith(common + ".")) {
                int dot = common.lastIndexOf('.');
                if (dot < 0) return names.size() + " parameters";
                common = common.substring(0, dot);
            }
        }
        return common;
    }
}
